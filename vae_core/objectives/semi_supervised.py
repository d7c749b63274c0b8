"""Semi-supervised objectives, for data with few labels: M2, which trains a classifier and a conditional VAE, and M1+M2."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from vae_core.objectives.base import BaseObjective, StepContext, Terms
from vae_core.utils.lazy import Lazy

if TYPE_CHECKING:
    import torch
    from torch import Tensor
    from torch.nn import functional

    from vae_core.distributions import reparameterised_sampling
    from vae_core.models import m1m2
    from vae_core.models.vae import VAE
else:
    torch, functional = Lazy("torch"), Lazy("torch.nn.functional")
    reparameterised_sampling, m1m2 = (
        Lazy("vae_core.distributions.reparameterised_sampling"),
        Lazy("vae_core.models.m1m2"),
    )


MIN_SHARE = 0.01  # a label whose probability is below this share of 1 / K is left out of the sum over labels


class SemiSupervised(BaseObjective):
    """The loss of M2, which both objectives use (Kingma et al. 2014, arXiv:1406.5298, eq. 6 to 9).

    An image with a label has the loss L(x, y) = distortion + rate + ln K; one without has sum_y q(y|x) (L(x, y) + ln q(y|x)).
    alpha times the classifier's cross-entropy on labelled images is added.
    """

    couples_images: ClassVar = True
    dial: ClassVar = "alpha"
    trains_classifier: ClassVar = True
    alpha: float = Field(10.0, ge=0, le=1e6, title="Alpha", description="Weight of the classifier's cross-entropy.")
    head_start: float = Field(
        0.3,
        ge=0,
        le=1,
        title="Head start",
        description="Share of the training in which the classifier learns from labelled images only; the VAE uses its predictions.",
    )

    def m2_terms(self, vae: VAE, x: Tensor, y: Tensor, context: StepContext) -> Terms:
        """Terms of x (B, ...) with labels y (B,), where -1 means no label.

        `distortion` and `rate` are expectations over q(y|x).
        """
        log_q = vae.classify(x)
        # An untrained VAE would make the classifier split the images into clusters that are not the classes.
        probabilities = self._label_probabilities(log_q.detach() if context.progress < self.head_start else log_q, y)
        rows, labels = probabilities.nonzero(as_tuple=True)
        share, images = probabilities[rows, labels], x[rows]
        q, z, p = vae.forward(images, labels, context.noise)
        distortion = -(share * p.log_prob(images)).sum() / len(x)
        kl = (share.unsqueeze(1) * vae.kl(q, z)).sum(0) / len(x)
        negative_entropy = (share * share.log()).sum() / len(x)
        cross_entropy = self._cross_entropy(vae, x, y, log_q, context)
        loss = distortion + kl.sum() + math.log(vae.config.classes) + negative_entropy + self.alpha * cross_entropy
        return Terms(loss, distortion, kl.sum(), kl)

    def _label_probabilities(self, log_q: Tensor, y: Tensor) -> Tensor:
        """q(y|x) (B, K); one-hot where the label is known, and without labels of negligible probability.

        q is renormalised after these are removed, so that the loss is still a bound. This saves most of the K decoder passes.
        """
        q = log_q.exp()
        q = q * (q > MIN_SHARE / q.shape[1])
        return torch.where(
            y.unsqueeze(1) >= 0, functional.one_hot(y.clamp(min=0), q.shape[1]), q / q.sum(1, keepdim=True)
        )

    def _cross_entropy(self, vae: VAE, x: Tensor, y: Tensor, log_q: Tensor, context: StepContext) -> Tensor:
        """The classifier's cross-entropy on all labelled images where they are few, else on those of the batch."""
        if context.labelled is None:
            return functional.nll_loss(log_q, y, ignore_index=-1)
        pictures, labels = context.labelled
        return functional.nll_loss(vae.classify(pictures), labels)


class M2Objective(SemiSupervised):
    """M2: a conditional VAE and a classifier, for data of which some have labels (Kingma et al. 2014, arXiv:1406.5298)."""

    name: Literal["semi"] = "semi"

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,), where -1 means no label."""
        assert y is not None
        return self.m2_terms(vae, x, y, context)


class M1M2Objective(SemiSupervised):
    """M1+M2: a VAE (M1) learns from images, then M2 learns from the codes of M1 (Kingma et al. 2014, arXiv:1406.5298, sec. 2.3).

    The first part of the training minimises -ELBO of M1, which needs no labels. Then M1 is frozen, and M2's loss is computed on new
    samples z1 of q(z1|x) in every batch. `distortion` is -E[ln p(x|z1) + ln p(z1|z, y) - ln q(z1|x)], an upper bound of -ln p(x|z, y),
    with p(z1) = N(0, I) while M1 trains; `rate` is the KL of M2's code z.
    """

    name: Literal["stacked"] = "stacked"
    share: float = Field(
        0.4,
        gt=0,
        lt=1,
        title="First share",
        description="Share of the training in which the first model (M1) learns.",
    )

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, context: StepContext) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,), where -1 means no label."""
        assert isinstance(vae, m1m2.M1M2) and y is not None
        if context.progress < self.share:
            distortion, kl = vae.first.terms(x, None, context.noise)
            loss = distortion + kl.sum()
            return Terms(loss, loss, x.new_zeros(()), x.new_zeros(vae.config.latent_dim))
        with torch.no_grad():
            q, z, p = vae.first.forward(x, None, context.noise)
            cost = (q.log_prob(z) - p.log_prob(x)).mean()
            if context.labelled is not None:
                pictures, labels = context.labelled
                context = replace(
                    context,
                    labelled=(reparameterised_sampling.sample(vae.first.encode(pictures), context.noise), labels),
                )
        terms = self.m2_terms(
            vae.second, z, y, replace(context, progress=(context.progress - self.share) / (1 - self.share))
        )
        return replace(terms, loss=terms.loss + cost, distortion=terms.distortion + cost)
