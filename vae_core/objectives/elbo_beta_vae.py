"""The ELBO, the plain autoencoder, and two other weightings of distortion and rate: beta-VAE and a target for the rate (capacity)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from vae_core.objectives.base import BaseObjective, StepContext, Terms
from vae_core.objectives.kl_warmup_free_bits import AnnealedBound

if TYPE_CHECKING:
    from torch import Tensor

    from vae_core.models.vae import VAE


class Autoencoder(BaseObjective):
    """Plain autoencoder: the distortion alone, with one code per image, no bound and no prior (Hinton and Salakhutdinov 2006)."""

    codes: ClassVar = "point"
    name: Literal["autoencoder"] = "autoencoder"

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        distortion, _ = vae.terms(x, y, context.noise)
        return Terms(distortion, distortion, None, None)


class Elbo(AnnealedBound):
    """The negative evidence lower bound, -ELBO = distortion + rate (Kingma and Welling 2014, arXiv:1312.6114, eq. 10)."""

    name: Literal["elbo"] = "elbo"

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        distortion, kl = vae.terms(x, y, context.noise)
        return Terms(distortion + self.weight(context.progress) * self.charged(vae, kl), distortion, kl.sum(), kl)


class BetaVae(AnnealedBound):
    """beta-VAE: distortion + beta * rate (Higgins et al. 2017, ICLR, eq. 4); beta = 1 gives the ELBO."""

    name: Literal["beta"] = "beta"
    beta: float = Field(
        4.0,
        ge=0,
        le=1e6,
        title="Beta",
        description="Weight of the rate: a higher beta gives more independent dimensions and blurrier images.",
    )

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        distortion, kl = vae.terms(x, y, context.noise)
        weight = self.beta * self.weight(context.progress)
        return Terms(distortion + weight * self.charged(vae, kl), distortion, kl.sum(), kl)


class CapacityVae(AnnealedBound):
    """Distortion + gamma * |rate - C| with a capacity C that rises during training (Burgess et al. 2018, arXiv:1804.03599, eq. 8)."""

    couples_images: ClassVar = True
    dial: ClassVar = "gamma"
    name: Literal["capacity"] = "capacity"
    gamma: float = Field(
        30.0, ge=0, le=1e6, title="Gamma", description="Weight of the distance between the rate and the capacity."
    )
    capacity: float = Field(
        25.0,
        ge=0,
        le=1e4,
        title="Capacity",
        description="The target of the rate at the end of training, in nats per image.",
    )
    rise: float = Field(0.8, gt=0, le=1, title="Rise", description="Share of the training in which the capacity rises.")

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        distortion, kl = vae.terms(x, y, context.noise)
        allowed = self.capacity * min(1.0, context.progress / self.rise)
        penalty = self.gamma * self.weight(context.progress) * (self.charged(vae, kl) - allowed).abs()
        return Terms(distortion + penalty, distortion, kl.sum(), kl)
