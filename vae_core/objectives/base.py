"""What every objective shares: the record it returns, its arguments in a training step, and the models it can train."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from vae_core.frozen import Frozen

if TYPE_CHECKING:
    from torch import Generator, Tensor, nn

    from vae_core.models.vae import VAE


@dataclass(frozen=True)
class Terms:
    """The terms of one batch, scalars in nats per image; `rate` and `kl` are None where the posterior has no density.

    `kl` (L,) is the mean KL of each dimension, or has one number for each group of dimensions that depend on each other under the
    posterior or the prior: (1,) where no dimension is independent. `critic_loss` is what the critic minimises.
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
    """What a training step gives its objective beside the batch.

    `progress`: the share of the training that is done, in [0, 1]; `noise`: the generator of random numbers; `images`: the size of the
    training set; `critic`: the second network, if the objective has one. `labelled`: the labelled images and their labels, where they
    are too few to be part of every batch.
    """

    progress: float
    noise: Generator
    images: int = 1000
    critic: nn.Module | None = None
    labelled: tuple[Tensor, Tensor] | None = None


class BaseObjective(Frozen):
    """An objective's fields are its hyper-parameters; its class constants say which models it can train (`axes.compatibility`).

    `codes`: the posteriors it accepts: any with a density, the diagonal normal only, point posteriors only, or any;
    `needs_standard_normal`: whether the prior must be N(0, I), which is independent by dimension and has no parameters;
    `needs_densities`: whether it evaluates densities at samples, which relaxed choices have not;
    `needs_images`: whether it needs images rather than points; `trains_classifier`: whether it trains a classifier of labels;
    `trains_words`: whether it trains pairs of a picture and its words;
    `couples_images`: whether the loss of a batch is not the mean of a loss of each image, so that a batch must stay whole;
    `dial`: the field that can be changed while a training runs.
    """

    codes: ClassVar[Literal["density", "normal", "point", "any"]] = "density"
    needs_standard_normal: ClassVar[bool] = False
    needs_densities: ClassVar[bool] = False
    needs_images: ClassVar[bool] = False
    trains_classifier: ClassVar[bool] = False
    trains_words: ClassVar[bool] = False
    couples_images: ClassVar[bool] = False
    dial: ClassVar[str | None] = None
    name: str

    def critic(self, vae: VAE) -> nn.Module | None:
        """The second network that this objective trains against the model, with its own optimiser."""
        return None


def make_terms(vae: VAE, loss: Tensor, distortion: Tensor, kl: Tensor, critic_loss: Tensor | None = None) -> Terms:
    """The terms of a batch, without rate and kl (L,) where the posterior has no density."""
    if not vae.posterior.has_density:
        return Terms(loss, distortion, None, None, critic_loss)
    return Terms(loss, distortion, kl.sum(), kl, critic_loss)
