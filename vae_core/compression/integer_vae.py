"""A VAE as the two distributions that bits-back coding needs, q(z|x) and p(x|z), with frequencies that are whole numbers."""

import math
from collections.abc import Sequence

import numpy as np
import torch

from vae_core.compression.ans_stack import Rows
from vae_core.compression.code_frequencies import GRID, LARGEST, OUTPUT_STEPS, CodeDistribution, posterior
from vae_core.compression.integer_network import IntegerNetwork, activations, measured_ranges
from vae_core.compression.pixel_frequencies import PIXEL_CODES
from vae_core.config import ModelConfig
from vae_core.errors import UserError
from vae_core.models.vae import VAE
from vae_core.utils.arrays import Int64, UInt8

SAMPLE = 200  # pictures from which the ranges of the activations are measured


def check(config: ModelConfig) -> None:
    """Raise UserError for a model that cannot compress pictures."""
    if config.kind != "picture":
        raise UserError("Compression needs a model of pictures: choose another model.")
    if config.classes:
        raise UserError(
            "Compression needs a model without labels, and this one needs the label of each picture: choose another model."
        )
    if config.posterior != "normal" or config.prior != "normal":
        raise UserError(
            "Compression needs a model with the posterior 'normal' and the prior 'normal', and this one has '{posterior}' and "
            "'{prior}': choose another model.",
            posterior=config.posterior,
            prior=config.prior,
        )
    if config.network not in ("mlp", "conv"):
        raise UserError(
            "Compression needs a model with the network 'mlp' or 'conv', and this one has '{network}': choose another model.",
            network=config.network,
        )
    if config.likelihood not in PIXEL_CODES:
        raise UserError(
            "Compression needs a likelihood that gives each level of a pixel a probability ({known}), and this model has "
            "'{likelihood}': choose another model, or train one with such a likelihood.",
            known=", ".join(PIXEL_CODES),
            likelihood=config.likelihood,
        )


def measure(vae: VAE, pictures: UInt8) -> tuple[int, ...]:
    """The ranges of the activations of encoder and decoder on some pictures (N, C, H, W), whose values are levels."""
    x = torch.from_numpy(pictures[:: max(1, len(pictures) // SAMPLE)]).float() / (levels_in(vae) - 1)
    with torch.inference_mode():
        z = vae.encode(x).mean
    return measured_ranges(vae.encoder, x) + measured_ranges(vae.decoder, z)


def levels_in(vae: VAE) -> int:
    """The number of levels of a pixel, of a model that passes `check`."""
    assert vae.likelihood.levels is not None
    return vae.likelihood.levels


def range_count(vae: VAE) -> int:
    """How many ranges `measure` gives."""
    return activations(vae.encoder) + activations(vae.decoder)


class IntegerVae:
    """q(z|x) and p(x|z) of pictures whose values are levels; `ranges` are those of `measure`. Raises UserError as `check` does."""

    def __init__(self, vae: VAE, ranges: Sequence[int]) -> None:
        check(vae.config)
        self.shape, self.latent_dim = vae.config.shape, vae.config.latent_dim
        self._pixels = PIXEL_CODES[vae.config.likelihood](vae.likelihood)
        self.levels = levels_in(vae)
        split = activations(vae.encoder)
        self._encoder = IntegerNetwork(
            vae.encoder, 1 / (self.levels - 1), self.levels - 1, ranges[:split], OUTPUT_STEPS
        )
        self._decoder = IntegerNetwork(vae.decoder, 1 / GRID, LARGEST, ranges[split:], self._pixels.steps)

    @property
    def pixels(self) -> int:
        return math.prod(self.shape)

    def q(self, x: UInt8) -> CodeDistribution:
        """q(z|x) of pictures x (N, C, H, W)."""
        return posterior(self._encoder(x.astype(np.int64)))

    def p(self, grid: Int64) -> Rows:
        """p(x|z) at codes (N, L) in steps of 1/32: the frequencies (N * pixels, levels) of the levels."""
        return self._pixels(self._decoder(grid))
