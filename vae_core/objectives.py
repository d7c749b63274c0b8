"""OBJECTIVES: what the optimiser minimises, as frozen callables whose fields are hyper-parameters and form at once.

All terms are in nats per image: summed over pixels and dimensions, averaged over the batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from vae_core.frozen import Frozen

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from vae_core.vae import VAE


@dataclass(frozen=True)
class Terms:
    """One batch's terms, scalars in nats per image; `rate` and `kl` (L,) are None where a code has no distribution."""

    loss: Tensor
    distortion: Tensor
    rate: Tensor | None
    kl: Tensor | None

    @property
    def elbo(self) -> Tensor | None:
        """-(distortion + rate); higher is better."""
        return None if self.rate is None else -(self.distortion + self.rate)


class Autoencoder(Frozen):
    """Distortion alone, of one code per image: no bound, no prior (Hinton and Salakhutdinov 2006)."""

    name: Literal["autoencoder"] = "autoencoder"

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, progress: float, generator: Generator) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,), at `progress` of training in [0, 1]."""
        distortion, _ = vae.terms(x, y, generator)
        return Terms(distortion, distortion, None, None)


class Annealed(Frozen):
    """What the bounds share: how the weight of the rate rises, and a floor under each dimension's share."""

    kl_schedule: Literal["constant", "linear", "cyclical"] = Field(
        "constant",
        title="KL warm-up",
        description="How the weight of the rate rises: at once, once (Bowman et al. 2016), or in cycles (Fu et al. 2019).",
    )
    kl_warmup: float = Field(
        0.25,
        gt=0,
        le=1,
        title="Warm-up share",
        description="Share of the training, or of each cycle, in which it rises.",
    )
    kl_cycles: int = Field(4, ge=1, le=100, title="Cycles", description="Number of rises for the cyclical warm-up.")
    free_bits: float = Field(
        0.0, ge=0, le=10, title="Free bits", description="Nats per dimension that cost nothing (Kingma et al. 2016)."
    )

    def weight(self, progress: float) -> float:
        """The warm-up's factor in [0, 1] at `progress` in [0, 1]."""
        if self.kl_schedule == "constant":
            return 1.0
        phase = progress if self.kl_schedule == "linear" else (progress * self.kl_cycles) % 1.0
        return min(1.0, phase / self.kl_warmup)

    def charged(self, kl: Tensor) -> Tensor:
        """The rate that the loss pays for: each dimension's mean KL (L,), but at least `free_bits`."""
        return kl.clamp(min=self.free_bits).sum() if self.free_bits else kl.sum()


class Elbo(Annealed):
    """The negative evidence lower bound, distortion + rate (Kingma and Welling 2014, arXiv:1312.6114, eq. 10)."""

    name: Literal["elbo"] = "elbo"

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, progress: float, generator: Generator) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,), at `progress` of training in [0, 1]."""
        distortion, kl = vae.terms(x, y, generator)
        return Terms(distortion + self.weight(progress) * self.charged(kl), distortion, kl.sum(), kl)


class Beta(Annealed):
    """Distortion + beta * rate (Higgins et al. 2017, ICLR, eq. 4); beta = 1 is the ELBO."""

    name: Literal["beta"] = "beta"
    beta: float = Field(
        4.0, ge=0, le=1e6, title="Beta", description="Weight of the rate: higher is tidier and blurrier."
    )

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, progress: float, generator: Generator) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,), at `progress` of training in [0, 1]."""
        distortion, kl = vae.terms(x, y, generator)
        weight = self.beta * self.weight(progress)
        return Terms(distortion + weight * self.charged(kl), distortion, kl.sum(), kl)


class Capacity(Annealed):
    """Distortion + gamma * |rate - C|, with C rising during training (Burgess et al. 2018, arXiv:1804.03599, eq. 8)."""

    name: Literal["capacity"] = "capacity"
    gamma: float = Field(30.0, ge=0, le=1e6, title="Gamma", description="How hard the rate is held to the capacity.")
    capacity: float = Field(25.0, ge=0, le=1e4, title="Capacity", description="The rate allowed at the end, in nats.")
    rise: float = Field(0.8, gt=0, le=1, title="Rise", description="Share of the training in which the capacity rises.")

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, progress: float, generator: Generator) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,), at `progress` of training in [0, 1]."""
        distortion, kl = vae.terms(x, y, generator)
        allowed = self.capacity * min(1.0, progress / self.rise)
        penalty = self.gamma * self.weight(progress) * (self.charged(kl) - allowed).abs()
        return Terms(distortion + penalty, distortion, kl.sum(), kl)


Objective = Autoencoder | Elbo | Beta | Capacity
OBJECTIVES: dict[str, type[Objective]] = {"autoencoder": Autoencoder, "elbo": Elbo, "beta": Beta, "capacity": Capacity}


def with_beta(objective: Objective, beta: float) -> Objective:
    """The same objective with another weight of the rate; an ELBO becomes a beta-VAE's, a plain autoencoder has none."""
    match objective:
        case Autoencoder():
            return objective
        case Capacity():
            return objective.but(gamma=beta)
        case _:
            shared = objective.model_dump(include=set(Annealed.model_fields))
            return Beta(beta=beta, **shared)
