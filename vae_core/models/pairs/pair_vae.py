"""PairVAE: a VAE of a picture and its words, with either part missing."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate, combinations

import torch
from torch import Generator, Tensor, nn
from torch.distributions import Distribution

from vae_core.config import ModelConfig
from vae_core.distributions.reparameterised_sampling import sample
from vae_core.errors import UserError
from vae_core.models.networks import NETWORKS, Mlp
from vae_core.models.pairs.distributions import PartsDistribution, Words
from vae_core.models.pairs.experts import product
from vae_core.models.vae import VAE, float32

PARTS = ("picture", "words")
Parts = Mapping[str, Tensor]


class WordPart(nn.Module):
    """The networks of the words: `encoder` from one-hot words to raw posterior, `decoder` from a code to raw words.

    Both have one hidden layer, as wide as the innermost of the picture's.
    """

    def __init__(self, config: ModelConfig, outputs: int) -> None:
        super().__init__()
        self.sizes = config.words
        total, hidden = sum(config.words), config.hidden[-1:]
        self.encoder = Mlp([total, *hidden, outputs], config.activation, (outputs,))
        self.decoder = Mlp([config.latent_dim, *hidden, total], config.activation, (total,))

    def one_hot(self, y: Tensor) -> Tensor:
        """Words (B, W) as float rows (B, sum of sizes)."""
        rows = self.encoder.output_bias.new_zeros(len(y), sum(self.sizes))
        return rows.scatter_(1, y + torch.tensor([0, *accumulate(self.sizes[:-1])], device=y.device), 1.0)

    def read(self, y: Tensor) -> Tensor:
        """Words as whole numbers (B, W), also from (B,) where there is one; raises UserError for others than the model's."""
        y = y.unsqueeze(1) if y.dim() == 1 else y
        if y.is_floating_point() or y.dim() != 2 or y.shape[1] != len(self.sizes):
            raise UserError(
                "The words of a pair are whole numbers of shape (B, {words}), not {shape}.",
                words=len(self.sizes),
                shape=tuple(y.shape),
            )
        if (y < 0).any() or (y >= torch.tensor(self.sizes).to(y.device)).any():
            raise UserError(
                "A word lies outside the vocabulary: its values are 0 to one less than {sizes}.", sizes=self.sizes
            )
        return y


class PairVAE(VAE):
    """p(x, y, z) = p(z) p(x|z) p(y|z) of a picture x and its words y, with a normal q(z|S) for every non-empty set S of both.

    `encode({"picture": x, "words": y})` takes both parts or either; `decode(z)` gives the distribution of each part by its name. q(z|x)
    and q(z|y) have a network each; q(z|x, y) is their `product`, or has a network of its own (`joint_posterior`).

    A bare tensor is a picture, with its words as the second argument where they are known. So a model of pairs is a VAE of its pictures
    wherever one is asked for: its elbo is then a bound of ln p(x) by q(z|x), comparable with that of any VAE of the same pictures.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        outputs = self.posterior.outputs
        self.words = WordPart(config, outputs)
        self.both = (
            NETWORKS[config.network](with_words_as_label(config), outputs)[0]
            if config.joint_posterior == "network"
            else None
        )

    def parts(self, x: Tensor | Parts, y: Tensor | None = None) -> dict[str, Tensor]:
        """The parts that are given, by name: pictures (B, *shape) and words (B, W).

        Raises UserError where none is given, or one that the model does not have.
        """
        given = dict(x) if isinstance(x, Mapping) else {"picture": x, "words": y}
        if unknown := given.keys() - {*PARTS}:
            raise UserError(
                "A pair has no part '{name}': its parts are picture and words.", name=min(map(str, unknown))
            )
        found = {name: part for name in PARTS if (part := given.get(name)) is not None}
        if not found:
            raise UserError("Give at least one part of the pair: picture or words.")
        return found | ({"words": self.words.read(found["words"])} if "words" in found else {})

    def encode(self, x: Tensor | Parts, y: Tensor | None = None) -> Distribution:
        """q(z|S) with batch (B,) and event (L,), of the parts S that are given."""
        found = self.parts(x, y)
        return self._given(tuple(found), found, {})

    def posteriors(self, parts: Parts) -> dict[tuple[str, ...], Distribution]:
        """q(z|S) of every non-empty set S of the given parts, each network run once; the smallest sets first."""
        found: dict[tuple[str, ...], Distribution] = {}
        for count in range(1, len(parts) + 1):
            for names in combinations(parts, count):
                found[names] = self._given(names, parts, found)
        return found

    def _given(
        self, names: tuple[str, ...], parts: Parts, known: Mapping[tuple[str, ...], Distribution]
    ) -> Distribution:
        """q(z|S) of the parts of these names; `known`: posteriors of single parts that there are already."""
        if self.both is not None and len(names) == len(PARTS):
            raw = self.both(parts["picture"], self.words.one_hot(parts["words"]))
            q: Distribution = self.posterior(float32(raw))
            return q
        return product([known[name,] if (name,) in known else self._of_part(name, parts[name]) for name in names])

    def _of_part(self, name: str, part: Tensor) -> Distribution:
        if name == "picture":
            return super().encode(part)
        q: Distribution = self.posterior(float32(self.words.encoder(self.words.one_hot(part))))
        return q

    def decode(self, z: Tensor, y: Tensor | None = None) -> PartsDistribution:
        """p(x|z) and p(y|z) with batch (B,), by the part's name, for codes z (B, L)."""
        return self._with_words(super().decode(z), z)

    def decode_and_observe(self, x: Tensor, z: Tensor, y: Tensor | None) -> PartsDistribution:
        return self._with_words(super().decode_and_observe(x, z, None), z)

    def decode_words(self, z: Tensor) -> Words:
        """p(y|z) with batch (B,) and event (W,), without the picture."""
        return Words(float32(self.words.decoder(z)), self.words.sizes)

    def _with_words(self, picture: Distribution, z: Tensor) -> PartsDistribution:
        return PartsDistribution({"picture": picture, "words": self.decode_words(z)})

    def log_probs(self, parts: Parts, z: Tensor) -> dict[str, Tensor]:
        """ln p(part|z) in nats, (B,), of each given part at codes z (B, L); the others are not decoded."""
        found = {}
        if "picture" in parts:
            found["picture"] = super().decode_and_observe(parts["picture"], z, None).log_prob(parts["picture"])
        if "words" in parts:
            found["words"] = self.decode_words(z).log_prob(parts["words"])
        return found

    def terms(self, x: Tensor | Parts, y: Tensor | None, generator: Generator) -> tuple[Tensor, Tensor]:
        """The terms of the bound of all parts that are given, by q(z) given the same."""
        parts = self.parts(x, y)
        q = self.encode(parts)
        z = sample(q, generator)
        distortion = -torch.stack([*self.log_probs(parts, z).values()]).sum(0).mean()
        return distortion, self.kl(q, z).mean(0)

    def log_likelihood(self, x: Tensor | Parts, z: Tensor, y: Tensor | None = None) -> Tensor:
        """ln p of all parts that are given in nats, (K, B), with K codes each, z (K, B, L)."""
        repeated = {name: part.repeat(len(z), *(1 for _ in part.shape[1:])) for name, part in self.parts(x, y).items()}
        each = self.log_probs(repeated, z.flatten(0, 1))
        return torch.stack([*each.values()]).sum(0).reshape(len(z), -1)

    def log_prob_by_pixel(self, p: Distribution, x: Tensor) -> Tensor:
        return super().log_prob_by_pixel(p.picture if isinstance(p, PartsDistribution) else p, x)


def with_words_as_label(config: ModelConfig) -> ModelConfig:
    """The settings of a model that is told the one-hot words, as a conditional model is told the label: those of `both`."""
    return config.replace(words=(), joint_posterior="product", classes=sum(config.words))
