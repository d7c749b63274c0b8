"""Objectives that make the dimensions of the aggregate posterior independent without a critic: beta-TCVAE and DIP-VAE."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from vae_core.objectives.base import StepContext, Terms
from vae_core.objectives.kl_warmup_free_bits import KlWarmup
from vae_core.utils.lazy import Lazy

if TYPE_CHECKING:
    import torch
    from torch import Tensor
    from torch.distributions import Distribution

    from vae_core.devices import choice
    from vae_core.models.vae import VAE
else:
    torch, choice = Lazy("torch"), Lazy("vae_core.devices.choice")

Sampling = Literal["weighted", "stratified"]


class BetaTcVae(KlWarmup):
    """beta-TCVAE: the rate is split into three terms with a weight each (Chen et al. 2018, arXiv:1802.04942, eq. 4).

    distortion + alpha * I(z; n) + beta * KL(q(z) to prod q(z_j)) + gamma * sum KL(q(z_j) to p(z_j)); weights of 1 give -ELBO.
    """

    couples_images: ClassVar = True
    codes: ClassVar = "normal"
    needs_standard_normal: ClassVar = True
    dial: ClassVar = "beta"
    name: Literal["tc"] = "tc"
    alpha: float = Field(1.0, ge=0, le=1e4, title="Alpha", description="Weight of the mutual information of x and z.")
    beta: float = Field(
        6.0,
        ge=0,
        le=1e4,
        title="Beta",
        description="Weight of the total correlation: a higher beta gives more independent dimensions.",
    )
    gamma: float = Field(1.0, ge=0, le=1e4, title="Gamma", description="Weight of the dimension-wise KL.")
    sampling: Sampling = Field(
        "stratified", title="Sampling", description="How q(z) is estimated from a batch (Chen et al. 2018, app. C)."
    )

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        q, z, p = vae.forward(x, y, context.noise)
        distortion, kl = -p.log_prob(x).mean(), vae.kl(q, z).mean(0)
        log_qz, log_each = aggregate(q, z, context.images, self.sampling)
        information = (q.log_prob(z) - log_qz).mean()
        correlation = (log_qz - log_each.sum(1)).mean()
        each = (log_each.sum(1) - vae.prior().log_prob(z)).mean()
        penalty = self.alpha * information + self.beta * correlation + self.gamma * each
        return Terms(distortion + self.weight(context.progress) * penalty, distortion, kl.sum(), kl)


def aggregate(q: Distribution, z: Tensor, images: int, sampling: Sampling) -> tuple[Tensor, Tensor]:
    """Estimates of ln q(z), (B,), and ln q(z_j), (B, L), at samples z (B, L) of q, for `images` training images."""
    logs = q.base_dist.log_prob(z.unsqueeze(1))  # type: ignore[attr-defined]  # (B, B, L): of sample i under image j
    weights = log_weights(len(z), images, sampling).to(z.device)
    return (logs.sum(2) + weights).logsumexp(1), (logs + weights.unsqueeze(2)).logsumexp(1)


def log_weights(batch: int, images: int, sampling: Sampling) -> Tensor:
    """ln of the weight of q(z_i|x_j) in the estimate of q(z_i), (B, B).

    Weighted: 1/(N B) for all (Chen et al. 2018, app. C). Stratified: 1/N for a sample's own image, 1/M for others and
    (N - M)/(N M) for one of them, with M = B - 1, so that each row sums to one.
    """
    if sampling == "weighted" or batch == 1:
        return torch.full((batch, batch), -math.log(images * batch))
    others, images = batch - 1, max(images, batch)
    weights = torch.full((batch, batch), 1 / others)
    row = torch.arange(batch)
    weights[row, (row + 1) % batch] = (images - others) / (images * others)
    weights[row, row] = 1 / images
    return weights.log()


class DipVae(KlWarmup):
    """DIP-VAE: -ELBO plus the squared distance of a covariance to the identity (Kumar et al. 2018, arXiv:1711.00848, eq. 6, 7).

    Kind I takes the covariance of the posterior means, kind II that of the aggregate posterior, which adds the mean posterior variance.
    """

    couples_images: ClassVar = True
    codes: ClassVar = "normal"
    needs_standard_normal: ClassVar = True
    dial: ClassVar = "gamma"
    name: Literal["dip"] = "dip"
    kind: Literal["I", "II"] = Field(
        "II",
        title="Kind",
        description="The covariance that is regularised: of the posterior means (I) or of the aggregate posterior (II).",
    )
    gamma: float = Field(
        10.0,
        ge=0,
        le=1e6,
        title="Gamma",
        description="Weight of the squared covariances between two dimensions (lambda_od).",
    )
    diagonal: float = Field(
        10.0,
        ge=0,
        le=1e6,
        title="Diagonal",
        description="Weight of the squared differences of the variances from one (lambda_d).",
    )

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        q, z, p = vae.forward(x, y, context.noise)
        distortion, kl = -p.log_prob(x).mean(), vae.kl(q, z).mean(0)
        covariance = covariance_of(q.mean)
        if self.kind == "II":
            covariance = covariance + q.variance.mean(0).diag()
        variances = covariance.diagonal()
        off = covariance.square().sum() - variances.square().sum()
        penalty = self.gamma * off + self.diagonal * (variances - 1).square().sum()
        return Terms(distortion + self.weight(context.progress) * kl.sum() + penalty, distortion, kl.sum(), kl)


def covariance_of(codes: Tensor) -> Tensor:
    """The covariance (L, L) of codes (B, L), divided by B."""
    with choice.in_full_precision(codes):
        centred = codes - codes.mean(0)
        return centred.t() @ centred / len(codes)
