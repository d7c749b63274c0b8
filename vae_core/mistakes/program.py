"""The program that the lines make: one training step, and the pictures that the trained networks draw."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Generator, Tensor, nn

from vae_core.mistakes.right_lines import Lines
from vae_core.models.vae import VAE
from vae_core.utils.optimisers import Adam

BETAS = (0.9, 0.999)  # of Adam, torch's defaults
UNROLLED = 64  # pixels of an image, which an autoregressive decoder draws one after the other


class Forward(NamedTuple):
    """What the lines computed of one batch up to the loss."""

    x: Tensor
    mean: Tensor
    log_variance: Tensor
    distortion: Tensor
    rate: Tensor
    loss: Tensor


@dataclass(frozen=True)
class Program:
    """The lines with the networks of `vae` and its optimiser; `generator` draws eps."""

    lines: Lines
    vae: VAE
    generator: Generator
    optimiser: Adam

    @classmethod
    def of(cls, lines: Lines, vae: VAE, seed: int) -> "Program":
        return cls(lines, vae, Generator().manual_seed(seed), Adam(vae.parameters(), BETAS))

    @property
    def pixel_cnn(self) -> nn.Module | None:
        """The network that reads the earlier pixels of the image, of a model whose likelihood has one."""
        found: nn.Module | None = getattr(self.vae.likelihood, "network", None)
        return found

    def forward(self, images: Tensor) -> Forward:
        """The lines up to the loss, for images (B, 1, 8, 8) in 0..255."""
        lines = self.lines
        x = lines.input_of(images)
        mean, log_variance = lines.encoded(self.vae.encoder, x)
        std = lines.deviation(log_variance)
        eps = lines.noise(mean, self.generator)
        z = lines.code(mean, std, eps)
        logits = lines.decoded(self.vae.decoder, self.pixel_cnn, z, x)
        distortion = lines.distortion_term(logits, x)
        rate = lines.rate_term(mean, log_variance)
        elbo = lines.bound(distortion, rate)
        return Forward(x, mean, log_variance, distortion, rate, lines.objective(elbo))

    def step(self, images: Tensor) -> Forward:
        """One training step; where the loss is NaN or infinite, no weight changes."""
        found = self.forward(images)
        if math.isfinite(found.loss.item()):
            self.lines.gradient(found.loss)
            self.lines.update(self.optimiser, self.lines.learning_rate())
        return found

    @torch.no_grad()
    def reconstructed(self, images: Tensor) -> Tensor:
        """Pictures (B, 1, 8, 8) in [0, 1] of images in 0..255, from the codes of the line for test images."""
        mean, log_variance = self.lines.encoded(self.vae.encoder, self.lines.input_of(images))
        return self.drawn(self.lines.test_code(mean, self.lines.deviation(log_variance), self.generator))

    @torch.no_grad()
    def drawn(self, z: Tensor) -> Tensor:
        """Pictures (B, 1, 8, 8) in [0, 1] of codes z (B, L) alone: a decoder that reads pixels reads those drawn so far."""
        picture = torch.zeros(len(z), *self.vae.config.shape)
        for _ in range(UNROLLED):
            again = self.lines.decoded(self.vae.decoder, self.pixel_cnn, z, picture).sigmoid()
            if torch.allclose(again, picture, atol=1e-4):
                break
            picture = again
        return again
