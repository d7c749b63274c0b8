"""What the objectives of pairs share: the weights of the two likelihoods, and the loss of a code that both parts may score."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from vae_core.objectives.base import BaseObjective, Terms
from vae_core.utils.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch
    from torch import Tensor

    from vae_core.models.pairs import pair_vae
    from vae_core.models.vae import VAE
else:
    torch, pair_vae = Lazy("torch"), Lazy("vae_core.models.pairs.pair_vae")


class PairObjective(BaseObjective):
    """Weights of ln p(x|z) of the picture and ln p(y|z) of its words; the loss is a bound of -ln p(x, y) where both are 1.

    `distortion` and `rate` of the terms are those of the picture, and the KL of the q(z) that was drawn from: so they can be compared
    with the terms of a VAE of the same pictures. The nats of the words are in the loss alone.
    """

    codes: ClassVar = "normal"
    needs_standard_normal: ClassVar = True
    needs_images: ClassVar = True
    trains_words: ClassVar = True
    joint_posterior: ClassVar[Literal["product", "network"]] = "product"
    picture_weight: float = Field(
        1.0,
        ge=0,
        le=1e6,
        title="Picture weight",
        description="Weight of the picture's log-likelihood; 1 gives a bound.",
    )
    word_weight: float = Field(
        1.0, ge=0, le=1e6, title="Word weight", description="Weight of the words' log-likelihood; 1 gives a bound."
    )

    def weighted(self, log_probs: Mapping[str, Tensor]) -> Tensor:
        """Minus the weighted sum of ln p(part|z), (B,) nats."""
        weights = {"picture": self.picture_weight, "words": self.word_weight}
        return -torch.stack([weights[name] * part for name, part in log_probs.items()]).sum(0)


def read(vae: VAE, x: Tensor, y: Tensor | None) -> tuple[pair_vae.PairVAE, dict[str, Tensor]]:
    """The model as one of pairs, and both parts of the batch by name."""
    assert isinstance(vae, pair_vae.PairVAE) and y is not None
    return vae, vae.parts(x, y)


def terms(loss: Tensor, picture: Tensor, kl: Tensor) -> Terms:
    """The terms of a batch, from its loss, ln p(x|z) of the pictures (B,) and the KL (L,)."""
    return Terms(loss, -picture.mean(), kl.sum(), kl)
