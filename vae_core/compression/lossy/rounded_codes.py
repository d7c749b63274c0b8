"""A model as a format with loss: the mean of q(z|x), rounded and written in the bits of the prior, decoded to the mean of p(x|z)."""

import math

import numpy as np
import torch
from numpy.typing import NDArray

from vae_core.compression.integer_vae import check
from vae_core.compression.lossy.coded import Coded, Settings
from vae_core.data import to_input
from vae_core.models.vae import VAE, evaluation
from vae_core.utils.arrays import UInt8

STEPS = (2.0, 1.0, 0.5, 0.25, 0.125)  # of z, coarsest first


def of_model(vae: VAE, x: UInt8, step: float) -> Coded:
    """Pictures x (N, C, H, W) by codes in multiples of `step`; raises UserError for a model without a normal prior and posterior."""
    check(vae.config)
    with evaluation(vae):
        whole = (vae.encode(to_input(torch.from_numpy(x), "grey", None)).mean / step).round()
        made = vae.decode(whole * step).mean.clamp(0, 1).numpy()
    errors = (np.rint(255 * made) - x.astype(np.float64)) ** 2
    return Coded(np.ceil(_bits(whole.double().numpy(), step) / 8), errors.mean((1, 2, 3)))


def in_steps(vae: VAE, x: UInt8) -> Settings:
    """The pictures with each of STEPS."""
    found = [of_model(vae, x, step) for step in STEPS]
    return Settings(np.stack([one.bytes for one in found]), np.stack([one.errors for one in found]))


def _bits(whole: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    """-log2 of the prior's mass of the interval around each code (N, L), added up over a picture, (N,)."""
    low, high = (torch.from_numpy((np.abs(whole) + side) * step) for side in (-0.5, 0.5))
    # The mass above |z| - step / 2 less that above |z| + step / 2: both are small, so their difference is exact far out too.
    mass = torch.special.erfc(low / math.sqrt(2)) / 2 - torch.special.erfc(high / math.sqrt(2)) / 2
    found: NDArray[np.float64] = -np.log2(mass.clamp(min=1e-30).numpy()).sum(1)
    return found
