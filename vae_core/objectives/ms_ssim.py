"""MS-SSIM, the multi-scale structural similarity of two images: differentiable, for images of 2 x 2 pixels and more."""

from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

from vae_core.devices.choice import in_full_precision

WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
WINDOW, DEVIATION = 11, 1.5


def ms_ssim(a: Tensor, b: Tensor) -> Tensor:
    """Multi-scale structural similarity of pictures (B, C, H, W) in [0, 1], one number in [0, 1] each, (B,).

    prod cs_i^w_i, with the luminance at the coarsest scale only (Wang et al. 2003, eq. 7). Scales at which half of the 11-pixel window
    no longer fits are left out, and the remaining weights are scaled to sum to one.
    """
    with in_full_precision(a):
        parts = _parts(a.float(), b.float())
        weights = torch.tensor(WEIGHTS[: len(parts)]).to(a.device)
        # The structure term may be negative, and the gradient of a power below 1 is infinite at zero.
        return (torch.stack(parts).clamp(min=1e-4) ** (weights / weights.sum())[:, None]).prod(0)


def _parts(a: Tensor, b: Tensor) -> list[Tensor]:
    """The similarity of structure at each scale, at the coarsest one times that of luminance, (B,) each."""
    parts = []
    while True:
        luminance, structure = _similarity(a, b)
        parts.append(structure.mean((0, 2, 3)))
        if len(parts) == len(WEIGHTS) or min(a.shape[-2:]) // 2 <= WINDOW // 2:
            parts[-1] = (luminance * structure).mean((0, 2, 3))
            return parts
        a, b = _halved(a), _halved(b)


def _similarity(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Luminance, and contrast times structure, at each position of the window (Wang et al. 2004, eq. 6, 9, 10): (h, B, C, w).

    Rows are the first axis, so that the weighting over rows is one large matrix product and not a small one for each image.
    """
    rows, columns = (_band(side, min(WINDOW, *a.shape[-2:])).to(a) for side in a.shape[-2:])

    def around(*maps: Tensor) -> tuple[Tensor, ...]:
        x = torch.stack(maps, 1)  # (H, K, B, C, W)
        return ((rows @ x.flatten(1)).unflatten(1, x.shape[1:]) @ columns.t()).unbind(1)

    a, b = (each.permute(2, 0, 1, 3) for each in (a, b))
    mean_a, aa, ab = around(a, a * a, a * b)
    mean_b, bb = around(b, b * b)  # a separate product: where b is data, it needs no gradient
    c1, c2 = 0.01**2, 0.03**2
    luminance = (2 * mean_a * mean_b + c1) / (mean_a**2 + mean_b**2 + c1)
    structure = (2 * (ab - mean_a * mean_b) + c2) / ((aa - mean_a**2) + (bb - mean_b**2) + c2)
    return luminance, structure


def _halved(x: Tensor) -> Tensor:
    """The mean of each 2 x 2 block of pixels; a sum of slices takes half the time of avg_pool2d on a CPU."""
    height, width = (side // 2 * 2 for side in x.shape[-2:])
    rows = x[..., :height:2, :width] + x[..., 1:height:2, :width]
    return 0.25 * (rows[..., ::2] + rows[..., 1::2])


@cache
def _band(side: int, window: int) -> Tensor:
    """A band matrix (side - window + 1, side) whose rows hold the Gaussian window at each position.

    Two products with such matrices are much faster on a CPU than a convolution of each channel.
    """
    with torch.inference_mode(False):  # the cached tensor is used in training too
        offsets = torch.arange(window) - (window - 1) / 2
        line = torch.softmax(-0.5 * (offsets / DEVIATION) ** 2, 0)
        return torch.stack([F.pad(line, (start, side - window - start)) for start in range(side - window + 1)])
