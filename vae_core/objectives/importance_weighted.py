"""Bounds from K samples of each posterior: IWAE, MIWAE, CIWAE, PIWAE and DReG; K = 1 gives the ELBO.

The log-weight is ln w = ln p(x|z) + ln p(z) - ln q(z|x), in nats. `distortion` and `rate` are those of the ELBO for every objective,
so that models are comparable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from vae_core.objectives.base import BaseObjective, StepContext, Terms
from vae_core.utils.lazy import Lazy

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from vae_core.distributions import reparameterised_sampling
    from vae_core.models.vae import VAE
    from vae_core.objectives import importance_weights
else:
    torch, reparameterised_sampling, importance_weights = (
        Lazy("torch"),
        Lazy("vae_core.distributions.reparameterised_sampling"),
        Lazy("vae_core.objectives.importance_weights"),
    )


class MultiSample(BaseObjective):
    """The number K of samples of each posterior."""

    needs_densities: ClassVar = True
    samples: int = Field(5, ge=1, le=5000, title="Samples", description="Samples of the posterior for each image, K.")


class Iwae(MultiSample):
    """IWAE: -ln 1/K sum w, a bound that gets tighter as K grows (Burda et al. 2016, arXiv:1509.00519, eq. 8)."""

    name: Literal["iwae"] = "iwae"

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        weights = importance_weights.draw(vae, x, y, vae.encode(x, y), self.samples, context.noise)
        return weights.terms(-importance_weights.log_mean(weights.log_w))


class GroupedSamples(MultiSample):
    """M groups of K samples each."""

    groups: int = Field(4, ge=1, le=1000, title="Groups", description="Groups of samples, M, with K samples in each.")


class Miwae(GroupedSamples):
    """MIWAE: the mean of M IWAE bounds of K samples; the encoder's gradient is less noisy (Rainforth et al. 2018, arXiv:1802.04537)."""

    name: Literal["miwae"] = "miwae"

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        weights = importance_weights.draw(vae, x, y, vae.encode(x, y), self.groups * self.samples, context.noise)
        return weights.terms(-importance_weights.log_mean(weights.log_w, self.groups))


class Ciwae(MultiSample):
    """CIWAE: beta * ELBO + (1 - beta) * IWAE bound, from the same samples (Rainforth et al. 2018, arXiv:1802.04537)."""

    dial: ClassVar = "beta"
    name: Literal["ciwae"] = "ciwae"
    beta: float = Field(0.5, ge=0, le=1, title="Beta", description="Weight of the ELBO; 0 gives IWAE, 1 the ELBO.")

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        weights = importance_weights.draw(vae, x, y, vae.encode(x, y), self.samples, context.noise)
        bound = self.beta * weights.log_w.mean() + (1 - self.beta) * importance_weights.log_mean(weights.log_w)
        return weights.terms(-bound)


class Piwae(GroupedSamples):
    """PIWAE: the IWAE bound of M * K samples trains the decoder, MIWAE the encoder (Rainforth et al. 2018, arXiv:1802.04537).

    The codes are leaf tensors, so that encoder and decoder get different gradients from one pass through the decoder.
    """

    codes: ClassVar = "normal"
    name: Literal["piwae"] = "piwae"

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        q = vae.encode(x, y)
        z = reparameterised_sampling.sample(q, context.noise, (self.groups * self.samples,))
        leaf = z.detach().requires_grad_()
        weights = importance_weights.ImportanceWeights(vae, x, y, q, importance_weights.detached(q), leaf)
        log_w = weights.log_w
        (slope,) = torch.autograd.grad(log_w.sum(), leaf, retain_graph=True)
        group = log_w.detach().unflatten(0, (self.groups, -1)).softmax(1).flatten(0, 1) / self.groups
        encoder = group * ((slope * z).sum(-1) - q.log_prob(leaf.detach()))
        decoder = log_w.detach().softmax(0) * log_w
        return weights.terms(
            importance_weights.as_gradient_of(-(encoder + decoder).sum(0).mean(), -importance_weights.log_mean(log_w))
        )


class Dreg(MultiSample):
    """DReG: IWAE with the doubly reparameterised gradient for the encoder (Tucker et al. 2019, arXiv:1810.04152).

    The encoder's gradient is the sum of (normalised w)^2 d ln w/dz dz/dphi, with none through the density q; the decoder's is that of
    IWAE. K = 1 gives the ELBO with the path derivative only (Roeder et al. 2017, arXiv:1703.09194).
    """

    codes: ClassVar = "normal"
    name: Literal["dreg"] = "dreg"

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,)."""
        q = vae.encode(x, y)
        z = reparameterised_sampling.sample(q, context.noise, (self.samples,))
        weights = importance_weights.ImportanceWeights(vae, x, y, q, importance_weights.detached(q), z)
        share = weights.log_w.detach().softmax(0)
        if z.requires_grad:  # the gradient at z holds the weight once; the encoder needs it squared
            z.register_hook(lambda gradient: gradient * share.unsqueeze(-1))
        return weights.terms(
            importance_weights.as_gradient_of(
                -(share * weights.log_w).sum(0).mean(), -importance_weights.log_mean(weights.log_w)
            )
        )
