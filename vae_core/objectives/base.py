"""What every objective shares: the record it returns, what it is told of the training, and what it can be combined with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from vae_core.frozen import Frozen

if TYPE_CHECKING:
    from torch import Generator, Tensor, nn

    from vae_core.config import ModelConfig
    from vae_core.models.vae import VAE


@dataclass(frozen=True)
class Terms:
    """One batch's terms, scalars in nats per image; `rate` and `kl` are None where a code has no distribution.

    `kl` has a number for each dimension, (L,), or for each part of the code whose dimensions posterior or prior ties
    together: (1,) where that is all of them. `critic_loss` is what the objective's own second network minimises.
    """

    loss: Tensor
    distortion: Tensor
    rate: Tensor | None
    kl: Tensor | None
    critic_loss: Tensor | None = None

    @property
    def elbo(self) -> Tensor | None:
        """-(distortion + rate); higher is better."""
        return None if self.rate is None else -(self.distortion + self.rate)


@dataclass(frozen=True)
class StepContext:
    """Where a training stands: `progress` in [0, 1], its noise, how many `images` it trains on, the critic, if any.

    `labelled`: pictures whose labels are told, and these labels, where they are too few to be met in every batch.
    """

    progress: float
    noise: Generator
    images: int = 1000
    critic: nn.Module | None = None
    labelled: tuple[Tensor, Tensor] | None = None


class Base(Frozen):
    """An objective's fields are its hyper-parameters; these constants say what it can be combined with.

    `codes`: the posteriors it admits, anything with a density, the diagonal normal, points, or all of them;
    `needs_standard_normal`: whether it needs the standard normal prior, whose dimensions are independent and which does not learn;
    `needs_images`: whether it needs pictures rather than points; `trains_classifier`: whether it trains a classifier of labels;
    `dial`: the field that may be turned while a training runs.
    """

    codes: ClassVar[Literal["density", "normal", "point", "any"]] = "density"
    needs_standard_normal: ClassVar[bool] = False
    needs_images: ClassVar[bool] = False
    trains_classifier: ClassVar[bool] = False
    dial: ClassVar[str | None] = None
    name: str

    def critic(self, vae: VAE) -> nn.Module | None:
        """The second network that this objective trains against the model, with its own optimiser."""
        return None

    def incompatibility(self, model: ModelConfig) -> str:
        """Why this objective cannot train that model, in one sentence, or nothing."""
        name = f"The objective '{self.name}'"
        if model.first and self.name != "stacked":
            return f"{name} would not teach the first of two models: choose first=0, or the objective 'stacked'."
        if model.classifier != "none" and not self.trains_classifier:
            return f"{name} would never train the classifier: choose classifier='none', or the objective 'semi'."
        if model.posterior == "quantised" and self.name != "quantised":
            return f"{name} would never move the codes towards their entries: choose the objective 'quantised'."
        if self.codes in ("density", "normal") and model.posterior == "point":
            return f"{name} has a rate, which a point posterior has not: choose posterior='normal', or the objective 'autoencoder'."
        if self.codes == "point" and model.posterior != "point":
            return f"{name} never trains the posterior's scale: choose posterior='point', or the objective 'elbo'."
        if self.codes == "normal" and model.posterior != "normal":
            return f"{name} needs the density of each dimension: choose posterior='normal', not '{model.posterior}'."
        if self.needs_standard_normal and model.prior != "normal":
            return f"{name} cannot teach a prior: choose prior='normal', not '{model.prior}'."
        if self.needs_images and model.is_points:
            return f"{name} compares pictures: for points choose the objective 'elbo'."
        return ""


def make_terms(vae: VAE, loss: Tensor, distortion: Tensor, kl: Tensor, critic_loss: Tensor | None = None) -> Terms:
    """The record of a batch: without rate and kl (L,) where the posterior has no density."""
    if not vae.posterior.has_density:
        return Terms(loss, distortion, None, None, critic_loss)
    return Terms(loss, distortion, kl.sum(), kl, critic_loss)
