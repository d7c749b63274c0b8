"""Learning from a few labels: Kingma's M2, whose classifier and model teach each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from vae_core.lazy import Lazy
from vae_core.objectives.base import Base, Moment, Terms

if TYPE_CHECKING:
    import torch
    from torch import Tensor
    from torch.nn import functional

    from vae_core.config import ModelConfig
    from vae_core.vae import VAE
else:
    torch, functional = Lazy("torch"), Lazy("torch.nn.functional")


class Semi(Base):
    """M2 (Kingma et al. 2014, arXiv:1406.5298, eq. 6 to 9).

    With a label: L(x, y) = distortion + rate + ln K. Without: sum_y q(y|x) (L(x, y) + ln q(y|x)). And alpha times the
    classifier's cross-entropy on pictures with labels. `distortion` and `rate` are expectations over q(y|x).
    """

    dial: ClassVar = "alpha"
    name: Literal["semi"] = "semi"
    alpha: float = Field(10.0, ge=0, le=1e6, title="Alpha", description="Weight of the classifier's own loss.")
    head_start: float = Field(
        0.3,
        ge=0,
        le=1,
        title="Head start",
        description="Share of the training in which the classifier learns from labels alone, while the model learns from its guesses.",
    )

    def __call__(self, vae: VAE, x: Tensor, y: Tensor | None, now: Moment) -> Terms:
        """Terms of images x (B, C, H, W) or (B, 2) with labels y (B,), of which -1 stands for one that is not told."""
        assert y is not None
        told, classes = y >= 0, vae.config.classes
        log_q = vae.classify(x)
        rows, labels, guess = _likely(log_q[~told])
        if now.progress < self.head_start:
            # At first a model knows nothing of labels, and would teach the classifier clusters of its own making.
            guess = guess.detach()
        pictures = torch.cat([x[told], x[~told][rows]])
        q, z, p = vae.look(pictures, torch.cat([y[told], labels]), now.noise)
        share = torch.cat([torch.ones(int(told.sum())), guess.exp()]) / len(x)  # of each picture and label
        distortion = -(share * p.log_prob(pictures)).sum()
        kl = (share.unsqueeze(1) * vae.kl(q, z)).sum(0)
        sureness = (guess.exp() * guess).sum() / len(x)
        loss = distortion + kl.sum() + math.log(classes) + sureness + self.alpha * self._mistakes(vae, x, y, log_q, now)
        return Terms(loss, distortion, kl.sum(), kl)

    def _mistakes(self, vae: VAE, x: Tensor, y: Tensor, log_q: Tensor, now: Moment) -> Tensor:
        """The cross-entropy on all pictures with labels, where they are few, else on those of the batch."""
        if now.labelled is None:
            return functional.nll_loss(log_q, y, ignore_index=-1)
        pictures, labels = now.labelled
        return functional.nll_loss(vae.classify(pictures), labels)

    def misfit(self, model: ModelConfig) -> str:
        if model.classifier == "none":
            return "The objective 'semi' trains a classifier: choose classifier='mlp'."
        return super().misfit(model)


def _likely(log_q: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Rows and labels of guesses ln q(y|x) (B, K) that are worth a look, and ln q there, (R,), with the others cut off.

    A label less likely than a hundredth of an even guess is left out, and the rest sums to one again: the bound is that of
    the guess so cut, and a classifier that is sure of most pictures pays for one label of each instead of K.
    """
    unlikely = log_q.detach() < math.log(0.01 / log_q.shape[1])
    rows, labels = (~unlikely).nonzero(as_tuple=True)
    return rows, labels, log_q.masked_fill(unlikely, -math.inf).log_softmax(1)[rows, labels]
