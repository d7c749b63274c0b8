"""Objectives that match the aggregate posterior q(z) to the prior: InfoVAE, MMD-VAE, WAE-MMD, sliced Wasserstein; MMD itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from vae_core.objectives.base import BaseObjective, StepContext, Terms, make_terms
from vae_core.utils.lazy import Lazy

if TYPE_CHECKING:
    import torch
    from torch import Tensor
    from torch.nn import functional

    from vae_core.devices import choice, noise
    from vae_core.models.vae import VAE
else:
    torch, functional = Lazy("torch"), Lazy("torch.nn.functional")
    choice, noise = Lazy("vae_core.devices.choice"), Lazy("vae_core.devices.noise")

Kernel = Literal["rbf", "imq"]
SCALES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
KERNELS = (
    "A sum of kernels of seven widths, from a tenth to ten times that of the prior; rbf: Gaussians; imq: inverse multiquadrics, "
    "with long tails."
)


class InfoVae(BaseObjective):
    """InfoVAE: distortion + (1 - alpha) * rate + (alpha + lambda - 1) * MMD(q(z), p(z)) (Zhao et al. 2019, arXiv:1706.02262).

    The MMD is that of `kernel`, a sum of kernels of seven widths; a negative weight of it is set to zero.
    """

    couples_images: ClassVar = True
    dial: ClassVar = "gamma"
    name: Literal["info"] = "info"
    alpha: float = Field(
        0.0,
        le=1,
        ge=-10,
        title="Alpha",
        description="The rate has weight 1 - alpha; alpha = 1 gives MMD-VAE, without a rate.",
    )
    gamma: float = Field(
        5.0,
        ge=0,
        le=1e6,
        title="Lambda",
        description="Weight of the distance between the aggregate posterior and the prior.",
    )
    kernel: Kernel = Field("rbf", title="Kernels", description=KERNELS)

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        q, z, p = vae.forward(x, y, context.noise)
        distortion, kl = -p.log_prob(x).mean(), vae.kl(q, z).mean(0)
        distance = mmd(z, vae.sample_prior(len(z), context.noise), self.kernel)
        loss = distortion + (1 - self.alpha) * kl.sum() + max(0.0, self.alpha + self.gamma - 1) * distance
        return Terms(loss, distortion, kl.sum(), kl)


class PriorMatching(BaseObjective):
    """A weight lambda (field `gamma`) of a distance between the aggregate posterior and the standard normal prior."""

    couples_images: ClassVar = True
    codes: ClassVar = "any"
    needs_standard_normal: ClassVar = True
    dial: ClassVar = "gamma"
    gamma: float = Field(
        100.0,
        ge=0,
        le=1e6,
        title="Lambda",
        description="Weight of the distance between the aggregate posterior and the prior.",
    )


class Wae(PriorMatching):
    """Wasserstein autoencoder: distortion + lambda * MMD(q(z), p(z)) (Tolstikhin et al. 2018, arXiv:1711.01558, eq. 4).

    The MMD is that of `kernel`, a sum of kernels of seven widths.
    """

    name: Literal["wae"] = "wae"
    kernel: Kernel = Field("imq", title="Kernels", description=KERNELS)

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        q, z, p = vae.forward(x, y, context.noise)
        distortion = -p.log_prob(x).mean()
        distance = mmd(z, vae.sample_prior(len(z), context.noise), self.kernel)
        return make_terms(vae, distortion + self.gamma * distance, distortion, vae.kl(q, z).mean(0))


class SlicedWae(PriorMatching):
    """Sliced Wasserstein autoencoder: distortion + lambda * SW(q(z), p(z))^2 (Kolouri et al. 2019, arXiv:1804.01947)."""

    name: Literal["sliced"] = "sliced"
    lines: int = Field(
        50, ge=1, le=10_000, title="Lines", description="Number of random directions onto which codes are projected."
    )

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        q, z, p = vae.forward(x, y, context.noise)
        distortion = -p.log_prob(x).mean()
        directions = noise.normal((self.lines, z.shape[1]), z, context.noise)
        distance = sliced_wasserstein(z, vae.sample_prior(len(z), context.noise), directions)
        return make_terms(vae, distortion + self.gamma * distance, distortion, vae.kl(q, z).mean(0))


def mmd(a: Tensor, b: Tensor, name: Kernel) -> Tensor:
    """The unbiased estimate of the squared maximum mean discrepancy (MMD) of samples a (N, L) and b (M, L); it may be negative.

    Gretton et al. 2012, JMLR 13, eq. 3; as in Tolstikhin et al. 2018, algorithm 2.
    """
    with choice.in_full_precision(a):
        within = torch.zeros((), device=a.device)
        for part in (a, b):
            k = kernel(squared_distances(part, part), name, part.shape[1])
            within = within + (k.sum() - k.diagonal().sum()) / max(1, len(part) * (len(part) - 1))
        return within - 2 * kernel(squared_distances(a, b), name, a.shape[1]).mean()


def squared_distances(a: Tensor, b: Tensor) -> Tensor:
    """|a_i - b_j|^2 for rows of a (N, L) and b (M, L): (N, M), never below zero."""
    products = a @ b.t()
    return (a.square().sum(1, keepdim=True) - 2 * products + b.square().sum(1)).relu()


def kernel(distances: Tensor, name: Kernel, dimensions: int) -> Tensor:
    """A sum of kernels at squared distances d, with widths C = 2 L s for the seven s of SCALES: "rbf" exp(-d / C), "imq" C / (C + d).

    2 L is the mean squared distance of two samples of N(0, I) (Tolstikhin et al. 2018, arXiv:1711.01558, sec. 4). Their paper, like
    Zhao et al. 2019, has one kernel of one width; the sum over seven widths is that of their code for "imq".
    """
    total = torch.zeros_like(distances)
    for width in (2.0 * dimensions * scale for scale in SCALES):
        total = total + (torch.exp(distances / -width) if name == "rbf" else width / (width + distances))
    return total


def sliced_wasserstein(a: Tensor, b: Tensor, directions: Tensor) -> Tensor:
    """The squared 2-Wasserstein distance of a and b (N, L) projected onto each of `directions` (P, L), averaged over directions."""
    with choice.in_full_precision(a):
        lines = functional.normalize(directions, dim=1).t()
        return ((a @ lines).sort(0).values - (b @ lines).sort(0).values).square().mean()
