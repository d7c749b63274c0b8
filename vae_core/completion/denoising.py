"""Noisy pictures restored: CORRUPTIONS of a known kind and strength, a model's ways to restore them, and FILTERS of scipy beside.

Pictures are (N, C, H, W) in [0, 1]. A model restores by the mean of p(x|z) over a q(z): the encoder's of the corrupted picture, or one
that is fitted to a likelihood of the corruption. Total variation is left out: scipy does not have it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor
from torch.distributions import Distribution, Normal
from torch.nn.functional import conv2d, pad

from vae_core.completion.code_posterior import MANY, repeated
from vae_core.completion.methods import drawn, encoded
from vae_core.completion.weighted_codes import fitted_mixture, weighted_codes
from vae_core.data import to_input
from vae_core.errors import entry
from vae_core.messages import Message
from vae_core.models.vae import VAE, evaluation

DRAWS = 64  # codes whose means are averaged
AT_ONCE = 250  # pictures that are restored together
FINEST = 0.1  # standard deviation, in full pixels, by which the model's own picture is taken to be off, at least
Corruption = Callable[[Tensor, float, int], Tensor]


def salt(x: Tensor, strength: float, seed: int = 0) -> Tensor:
    """Each pixel black or white at random with the probability `strength`."""
    generator = Generator().manual_seed(seed)
    struck = torch.rand(x.shape, generator=generator) < strength
    return torch.where(struck, (torch.rand(x.shape, generator=generator) < 0.5).float(), x)


def gaussian(x: Tensor, strength: float, seed: int = 0) -> Tensor:
    """Normal noise of the standard deviation `strength`, in full pixels, cut off at 0 and 1."""
    noise = torch.randn(x.shape, generator=Generator().manual_seed(seed))
    return (x + strength * noise).clamp(0, 1)


def blur(x: Tensor, strength: float, seed: int = 0) -> Tensor:
    """A normal blur of 5 times `strength` pixels, without chance; pixels beyond the edge count as the nearest."""
    if strength <= 0:
        return x
    width = 5 * strength
    reach = min(int(np.ceil(3 * width)), min(x.shape[-2:]) - 1)
    weights = torch.exp(-0.5 * (torch.arange(-reach, reach + 1) / width).square())
    row = (weights / weights.sum()).to(x)
    flat = pad(x.flatten(0, 1)[:, None], (reach, reach, reach, reach), mode="replicate")
    return conv2d(conv2d(flat, row.view(1, 1, 1, -1)), row.view(1, 1, -1, 1)).reshape(x.shape)


CORRUPTIONS: dict[str, Corruption] = {"salt": salt, "gaussian": gaussian, "blur": blur}


def restored_by_encoder(vae: VAE, noisy: Tensor, y: Tensor | None = None, seed: int = 0) -> Tensor:
    """The mean of p(x|z) over the encoder's q(z|x) of the corrupted pictures."""
    with evaluation(vae):
        codes = drawn(encoded(vae, noisy, y), DRAWS, seed)
        return torch.stack([vae.decode(z, y).mean for z in codes]).mean(0).clamp(0, 1)


def restored(
    vae: VAE, noisy: Tensor, kind: str, strength: float, y: Tensor | None = None, *, steps: int = MANY, seed: int = 0
) -> Tensor:
    """The expected clean pictures under the model, given corrupted ones, by a corruption of CORRUPTIONS whose strength is known."""
    likelihoods = {"salt": _log_salt, "gaussian": _log_gaussian, "blur": _log_blur}
    known = partial(likelihoods[kind], vae, noisy, strength)
    mixture = fitted_mixture(vae, encoded(vae, noisy, y), known, y, steps=steps, seed=seed)
    codes = weighted_codes(vae, mixture, known, y, seed=seed)
    return codes.mean(lambda z: vae.decode(z, y).mean).clamp(0, 1)


def _log_salt(vae: VAE, noisy: Tensor, strength: float, p: Distribution) -> Tensor:
    """A mixture in each pixel: as p(x|z) has it, or with the probability `strength` black or white, each with 1/2."""
    seen = repeated(noisy, p)
    own = vae.log_prob_by_pixel(p, seen)
    share = torch.tensor(min(max(strength, 1e-4), 1 - 1e-4))
    struck = torch.where((seen == 0) | (seen == 1), share.log() - np.log(2), torch.tensor(-torch.inf))
    return torch.logaddexp(own + (-share).log1p(), struck).flatten(1).sum(1)


def _log_gaussian(vae: VAE, noisy: Tensor, strength: float, p: Distribution) -> Tensor:
    """Each pixel normal around the mean of p(x|z), by the noise and by FINEST."""
    scale = (strength**2 + FINEST**2) ** 0.5
    return Normal(p.mean, scale, validate_args=False).log_prob(repeated(noisy, p)).flatten(1).sum(1)


def _log_blur(vae: VAE, noisy: Tensor, strength: float, p: Distribution) -> Tensor:
    """Each pixel normal around the blurred mean of p(x|z), by FINEST."""
    blurred = blur(p.mean, strength)
    return Normal(blurred, FINEST, validate_args=False).log_prob(repeated(noisy, p)).flatten(1).sum(1)


def median_filter(noisy: Tensor, size: int = 3) -> Tensor:
    """scipy's median filter over squares of `size` pixels, each channel by itself."""
    from scipy.ndimage import median_filter as filtered

    return torch.from_numpy(filtered(noisy.numpy(), size=(1, 1, size, size)))


def gaussian_filter(noisy: Tensor, sigma: float = 1.0) -> Tensor:
    """scipy's normal filter of `sigma` pixels."""
    from scipy.ndimage import gaussian_filter as filtered

    return torch.from_numpy(filtered(noisy.numpy(), sigma=(0, 0, sigma, sigma)))


FILTERS: dict[str, Callable[[Tensor], Tensor]] = {"median filter": median_filter, "Gaussian filter": gaussian_filter}


def error(found: Tensor, clean: Tensor) -> Tensor:
    """The root of the mean squared error of each picture, (N,), in full pixels; lower is better."""
    return (found - clean).flatten(1).square().mean(1).sqrt()


@dataclass(frozen=True)
class Denoised:
    """One picture (C, H, W) in [0, 1]: `clean`, `noisy`, and what each method makes of it; the `error` of each and of the noisy one."""

    clean: NDArray[np.float32]
    noisy: NDArray[np.float32]
    restored: dict[str, NDArray[np.float32]]
    errors: dict[str, float]


FITTED, ENCODER, NOISY = "fitted", "encoder", "noisy"


def restore(
    vae: VAE,
    noisy: NDArray[np.generic],
    kind: str,
    strength: float,
    label: int = 0,
    *,
    steps: int = MANY,
    seed: int = 0,
) -> NDArray[np.float32]:
    """Noisy pictures (N, C, H, W) as FITTED restores them, in [0, 1]; raises UserError for a kind that CORRUPTIONS does not have."""
    entry(CORRUPTIONS, kind, Message("noise"))
    parts = []
    for x in to_input(torch.from_numpy(np.array(noisy))).split(AT_ONCE):
        y = torch.full((len(x),), label) if vae.config.classes else None
        parts.append(restored(vae, x, kind, strength, y, steps=steps, seed=seed))
    return torch.cat(parts).numpy()


def denoise(
    vae: VAE, picture: NDArray[np.generic], kind: str, strength: float, label: int = 0, seed: int = 0
) -> Denoised:
    """A picture (C, H, W) corrupted and restored by FITTED, by ENCODER and by each of FILTERS."""
    clean = to_input(torch.from_numpy(np.array(picture)))[None]
    y = torch.tensor([label]) if vae.config.classes else None
    noisy = CORRUPTIONS[kind](clean, strength, seed)
    found = {
        FITTED: restored(vae, noisy, kind, strength, y, seed=seed),
        ENCODER: restored_by_encoder(vae, noisy, y, seed),
    }
    found |= {name: filtered(noisy) for name, filtered in FILTERS.items()}
    errors = {name: error(one, clean).item() for name, one in {NOISY: noisy, **found}.items()}
    return Denoised(clean[0].numpy(), noisy[0].numpy(), {name: one[0].numpy() for name, one in found.items()}, errors)
