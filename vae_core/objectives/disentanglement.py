"""Objectives that want the aggregate posterior's dimensions independent: beta-TCVAE and DIP-VAE, without a second network."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from vae_core.objectives.base import KlWarmup, StepContext, Terms
from vae_core.utils.lazy import Lazy

if TYPE_CHECKING:
    from torch import Tensor

    from vae_core.models.vae import VAE
    from vae_core.objectives import sample_divergences
else:
    sample_divergences = Lazy("vae_core.objectives.sample_divergences")

Sampling = Literal["weighted", "stratified"]


class TotalCorrelation(KlWarmup):
    """beta-TCVAE: the rate split in three, each with its weight (Chen et al. 2018, arXiv:1802.04942, eq. 4).

    distortion + alpha * I(z; n) + beta * KL(q(z) to prod q(z_j)) + gamma * sum KL(q(z_j) to p(z_j)); all ones: the ELBO.
    """

    codes: ClassVar = "normal"
    factorised: ClassVar = True
    dial: ClassVar = "beta"
    name: Literal["tc"] = "tc"
    alpha: float = Field(1.0, ge=0, le=1e4, title="Alpha", description="Weight of the mutual information of x and z.")
    beta: float = Field(
        6.0, ge=0, le=1e4, title="Beta", description="Weight of the total correlation: higher parts the dimensions."
    )
    gamma: float = Field(1.0, ge=0, le=1e4, title="Gamma", description="Weight of each dimension's own KL.")
    sampling: Sampling = Field(
        "stratified", title="Sampling", description="How q(z) is estimated from a batch (Chen et al. 2018, app. C)."
    )

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, now: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        q, z, p = vae.forward(x, y, now.noise)
        distortion, kl = -p.log_prob(x).mean(), vae.kl(q, z).mean(0)
        log_qz, log_each = sample_divergences.aggregate(q, z, now.images, self.sampling)
        information = (q.log_prob(z) - log_qz).mean()
        correlation = (log_qz - log_each.sum(1)).mean()
        each = (log_each.sum(1) - vae.prior().log_prob(z)).mean()
        penalty = self.alpha * information + self.beta * correlation + self.gamma * each
        return Terms(distortion + self.weight(now.progress) * penalty, distortion, kl.sum(), kl)


class Dip(KlWarmup):
    """DIP-VAE: the bound, and a covariance of codes held to the identity (Kumar et al. 2018, arXiv:1711.00848, eq. 6 and 7).

    I: the covariance of the posterior means; II: of the aggregate posterior, which adds the mean posterior variance.
    """

    codes: ClassVar = "normal"
    factorised: ClassVar = True
    dial: ClassVar = "gamma"
    name: Literal["dip"] = "dip"
    kind: Literal["I", "II"] = Field(
        "II", title="Kind", description="Covariance of the means (I) or of all codes (II)."
    )
    gamma: float = Field(
        10.0, ge=0, le=1e6, title="Gamma", description="Weight of covariances between two dimensions (lambda_od)."
    )
    diagonal: float = Field(
        10.0, ge=0, le=1e6, title="Diagonal", description="Weight of variances that are not one (lambda_d)."
    )

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, now: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        q, z, p = vae.forward(x, y, now.noise)
        distortion, kl = -p.log_prob(x).mean(), vae.kl(q, z).mean(0)
        covariance = sample_divergences.covariance_of(q.mean)
        if self.kind == "II":
            covariance = covariance + q.variance.mean(0).diag()
        variances = covariance.diagonal()
        off = covariance.square().sum() - variances.square().sum()
        penalty = self.gamma * off + self.diagonal * (variances - 1).square().sum()
        return Terms(distortion + self.weight(now.progress) * kl.sum() + penalty, distortion, kl.sum(), kl)
