"""KL warm-up (annealing) and free bits: how the weight of the rate changes during training, and a floor under the rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from vae_core.objectives.base import BaseObjective

if TYPE_CHECKING:
    from torch import Tensor

    from vae_core.models.vae import VAE


class KlWarmup(BaseObjective):
    """KL warm-up: the weight of the rate rises from 0 to its full value during training."""

    kl_schedule: Literal["constant", "linear", "cyclical"] = Field(
        "constant",
        title="KL warm-up",
        description="How the weight of the rate (KL) changes: constant; linear, from 0 to its full value once (Bowman et al. 2016); "
        "cyclical, from 0 in each of several cycles (Fu et al. 2019).",
    )
    kl_warmup: float = Field(
        0.25,
        gt=0,
        le=1,
        title="Warm-up share",
        description="Share of the training, or of each cycle, during which the weight rises.",
    )
    kl_cycles: int = Field(4, ge=1, le=100, title="Cycles", description="Number of cycles of the cyclical warm-up.")

    def weight(self, progress: float) -> float:
        """The warm-up's factor in [0, 1] at `progress` in [0, 1]."""
        if self.kl_schedule == "constant":
            return 1.0
        phase = progress if self.kl_schedule == "linear" else (progress * self.kl_cycles) % 1.0
        return min(1.0, phase / self.kl_warmup)


class AnnealedBound(KlWarmup):
    """KL warm-up and free bits, which the ELBO, beta-VAE and capacity objectives share."""

    dial: ClassVar = "beta"
    free_bits: float = Field(
        0.0,
        ge=0,
        le=10,
        title="Free bits",
        description="Nats of rate per dimension, or per choice, that the loss does not charge (Kingma et al. 2016). Where the "
        "posterior or the prior makes dimensions depend on each other, there is one floor for the whole code: this times the number "
        "of dimensions.",
    )

    def charged(self, vae: VAE, kl: Tensor) -> Tensor:
        """The rate in the loss, nats per image: each number of `kl`, but at least `free_bits` for each dimension in it."""
        floor = self.free_bits * vae.posterior.dimensions / len(kl)
        return kl.clamp(min=floor).sum() if floor else kl.sum()
