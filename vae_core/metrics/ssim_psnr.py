"""Similarity of pairs of images: SSIM and PSNR, from torchmetrics."""

import torch
from torch import Tensor

from vae_core.data.torchvision_import import torchvision_datasets
from vae_core.errors import UserError


def ssim(made: Tensor, real: Tensor) -> Tensor:
    """Structural similarity of pictures (N, C, H, W) in [0, 1], (N,), 1 for equal ones (Wang et al. 2004, eq. 13)."""
    torchvision_datasets()  # torchmetrics imports torchvision, which some versions can only import through this function
    from torchmetrics.functional.image import structural_similarity_index_measure

    if min(real.shape[2:]) < 6:
        raise UserError(
            "SSIM needs images of at least 6 x 6 pixels, since its window of 11 pixels is mirrored at the border."
        )
    parts = [
        structural_similarity_index_measure(a, b, data_range=1.0, reduction="none").reshape(-1)  # type: ignore[union-attr]
        for a, b in zip(made.split(500), real.split(500), strict=True)
    ]
    return torch.cat(parts)


def psnr(made: Tensor, real: Tensor) -> Tensor:
    """Peak signal-to-noise ratio of pictures (N, C, H, W) in [0, 1], (N,) dB: -10 log10 of the mean squared error, at most 100."""
    torchvision_datasets()
    from torchmetrics.functional.image import peak_signal_noise_ratio

    return peak_signal_noise_ratio(made, real, data_range=1.0, reduction="none", dim=(1, 2, 3)).clamp(max=100.0)
