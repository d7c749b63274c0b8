"""KL warm-up and free bits: what an objective's form and training step share about the weight of the rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from vae_core.objectives.base import Base

if TYPE_CHECKING:
    from torch import Tensor

    from vae_core.models.vae import VAE


class KlWarmup(Base):
    """How the weight of the rate rises during a training."""

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

    def weight(self, progress: float) -> float:
        """The warm-up's factor in [0, 1] at `progress` in [0, 1]."""
        if self.kl_schedule == "constant":
            return 1.0
        phase = progress if self.kl_schedule == "linear" else (progress * self.kl_cycles) % 1.0
        return min(1.0, phase / self.kl_warmup)


class AnnealedBound(KlWarmup):
    """What the bounds share: how the weight of the rate rises, and a floor under each part of it."""

    dial: ClassVar = "beta"
    free_bits: float = Field(
        0.0,
        ge=0,
        le=10,
        title="Free bits",
        description="Nats that each number of the code, or each choice, has for nothing (Kingma et al. 2016). Where posterior or prior "
        "tie the numbers together there is one floor for the whole code: this times how many they are.",
    )

    def charged(self, vae: VAE, kl: Tensor) -> Tensor:
        """The rate that the loss pays for: each part's mean KL, but at least `free_bits` for each dimension that it ties together."""
        floor = self.free_bits * vae.posterior.dimensions / len(kl)
        return kl.clamp(min=floor).sum() if floor else kl.sum()
