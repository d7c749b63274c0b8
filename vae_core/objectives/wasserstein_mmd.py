"""Objectives that hold all codes together to the prior, not each image's own: InfoVAE, WAE-MMD and sliced Wasserstein."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from vae_core.objectives.base import Base, StepContext, Terms, make_terms
from vae_core.utils.lazy import Lazy

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from vae_core.models.vae import VAE
    from vae_core.objectives import sample_divergences
else:
    torch, sample_divergences = Lazy("torch"), Lazy("vae_core.objectives.sample_divergences")

Kernel = Literal["rbf", "imq"]
KERNELS = (
    "A sum of kernels of seven widths, from a tenth to ten times that of the prior; rbf: Gaussians; imq: inverse multiquadrics, "
    "with long tails."
)


class Info(Base):
    """InfoVAE: distortion + (1 - alpha) * rate + (alpha + lambda - 1) * MMD(q(z), p(z)) (Zhao et al. 2019, arXiv:1706.02262).

    The discrepancy is of a sum of kernels of seven widths (`divergences.kernel`); a weight of it below zero counts as zero.
    """

    dial: ClassVar = "gamma"
    name: Literal["info"] = "info"
    alpha: float = Field(
        0.0, le=1, ge=-10, title="Alpha", description="What each image is let off its own rate; 1: MMD-VAE, no rate."
    )
    gamma: float = Field(
        5.0, ge=0, le=1e6, title="Lambda", description="How hard all codes together are held to the prior."
    )
    kernel: Kernel = Field("rbf", title="Kernels", description=KERNELS)

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, now: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        q, z, p = vae.forward(x, y, now.noise)
        distortion, kl = -p.log_prob(x).mean(), vae.kl(q, z).mean(0)
        distance = sample_divergences.mmd(z, vae.codes(len(z), now.noise), self.kernel)
        loss = distortion + (1 - self.alpha) * kl.sum() + max(0.0, self.alpha + self.gamma - 1) * distance
        return Terms(loss, distortion, kl.sum(), kl)


class Matching(Base):
    """What holds any codes to the standard normal prior, and how hard."""

    codes: ClassVar = "any"
    factorised: ClassVar = True
    dial: ClassVar = "gamma"
    gamma: float = Field(
        100.0, ge=0, le=1e6, title="Lambda", description="How hard all codes together are held to the prior."
    )


class Wae(Matching):
    """Wasserstein autoencoder: distortion + lambda * MMD(q(z), p(z)) (Tolstikhin et al. 2018, arXiv:1711.01558, eq. 4).

    The discrepancy is of a sum of kernels of seven widths (`divergences.kernel`).
    """

    name: Literal["wae"] = "wae"
    kernel: Kernel = Field("imq", title="Kernels", description=KERNELS)

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, now: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        q, z, p = vae.forward(x, y, now.noise)
        distortion = -p.log_prob(x).mean()
        distance = sample_divergences.mmd(z, vae.codes(len(z), now.noise), self.kernel)
        return make_terms(vae, distortion + self.gamma * distance, distortion, vae.kl(q, z).mean(0))


class Sliced(Matching):
    """Sliced Wasserstein autoencoder: codes and prior sorted along random lines (Kolouri et al. 2019, arXiv:1804.01947)."""

    name: Literal["sliced"] = "sliced"
    lines: int = Field(50, ge=1, le=10_000, title="Lines", description="How many random lines the codes are cast on.")

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, now: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        q, z, p = vae.forward(x, y, now.noise)
        distortion = -p.log_prob(x).mean()
        directions = torch.randn(self.lines, z.shape[1], generator=now.noise).to(z.device)
        distance = sample_divergences.sliced(z, vae.codes(len(z), now.noise), directions)
        return make_terms(vae, distortion + self.gamma * distance, distortion, vae.kl(q, z).mean(0))
