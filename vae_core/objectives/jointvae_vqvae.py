"""Objectives for codes made of choices: JointVAE's two capacities, VQ-VAE's commitment."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from vae_core.objectives.base import BaseObjective, StepContext, Terms
from vae_core.utils.lazy import Lazy

if TYPE_CHECKING:
    from torch import Tensor

    from vae_core.distributions import vector_quantisation
    from vae_core.models.vae import VAE
else:
    vector_quantisation = Lazy("vae_core.distributions.vector_quantisation")


class JointVae(BaseObjective):
    """JointVAE: distortion + gamma * (|continuous rate - C| + |discrete rate - C'|) (Dupont 2018, arXiv:1804.00104).

    Both capacities rise during training. C' ends at no more than the largest possible rate of the choices, G ln K for G choices of
    K values.
    """

    couples_images: ClassVar = True
    dial: ClassVar = "gamma"
    name: Literal["joint"] = "joint"
    gamma: float = Field(
        30.0, ge=0, le=1e6, title="Gamma", description="Weight of the distance between both rates and their capacities."
    )
    capacity: float = Field(
        5.0,
        ge=0,
        le=1e4,
        title="Capacity",
        description="Target of the rate of the continuous dimensions at the end, in nats per image.",
    )
    choices: float = Field(
        5.0,
        ge=0,
        le=1e4,
        title="Choices",
        description="Target of the rate of the discrete choices at the end, in nats per image.",
    )
    rise: float = Field(
        0.6, gt=0, le=1, title="Rise", description="Share of the training in which the capacities rise."
    )

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        distortion, kl = vae.terms(x, y, context.noise)
        groups, share = vae.config.discrete, min(1.0, context.progress / self.rise)
        numbers, choices = kl[:-groups].sum(), kl[-groups:].sum()
        most = min(self.choices, groups * math.log(vae.config.categories))
        penalty = (numbers - share * self.capacity).abs() + (choices - share * most).abs()
        return Terms(distortion + self.gamma * penalty, distortion, kl.sum(), kl)


class VqVae(BaseObjective):
    """VQ-VAE: distortion + beta * |encoder output - codebook entries|^2 (van den Oord et al. 2017, arXiv:1711.00937, eq. 3).

    The entries are moving averages and get no gradient. The rate is ln K nats for each choice among K entries, under a uniform prior.
    """

    couples_images: ClassVar = True
    dial: ClassVar = "beta"
    name: Literal["quantised"] = "quantised"
    beta: float = Field(0.25, ge=0, le=1e4, title="Beta", description="Weight of the commitment loss.")

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        q, z, p = vae.forward(x, y, context.noise)
        assert isinstance(q, vector_quantisation.Quantized)
        distortion, kl = -p.log_prob(x).mean(), vae.kl(q, z).mean(0)
        return Terms(distortion + self.beta * q.commitment.mean(), distortion, kl.sum(), kl)
