"""Distributions of pairs: of a few whole words, and of all parts given the code, as a mapping."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import ClassVar

import torch
from torch import Generator, Size, Tensor
from torch.distributions import Distribution

from vae_core.devices import noise
from vae_core.distributions.reparameterised_sampling import sample


class Words(Distribution):
    """Independent categorical words: softmax(raw) over the values of each; event (W,), the index of each word's value.

    `raw` (..., sum of `sizes`) holds one number for each value of each word, word after word.
    """

    arg_constraints: ClassVar = {}

    def __init__(self, raw: Tensor, sizes: Sequence[int]) -> None:
        self.log_shares = [part.log_softmax(-1) for part in raw.split(list(sizes), -1)]
        super().__init__(raw.shape[:-1], Size([len(sizes)]), validate_args=False)

    @property
    def probabilities(self) -> list[Tensor]:
        """Of each word, the probability of each of its values, (..., size)."""
        return [part.exp() for part in self.log_shares]

    @property
    def mode(self) -> Tensor:
        """The most probable value of each word, (..., W)."""
        return torch.stack([part.argmax(-1) for part in self.log_shares], -1)

    def log_prob(self, value: Tensor) -> Tensor:
        """In nats per sentence: the sum over its words, for values (..., W)."""
        before = torch.tensor([0, *accumulate(part.shape[-1] for part in self.log_shares[:-1])], device=value.device)
        return torch.cat(self.log_shares, -1).gather(-1, value + before).sum(-1)

    def draw(self, generator: Generator, shape: tuple[int, ...] = ()) -> Tensor:
        """Samples (*shape, ..., W)."""
        drawn = []
        for shares in self.probabilities:
            each = shares.detach().expand(*shape, *shares.shape)
            rows = noise.drawn(each.flatten(0, -2), 1, generator)
            drawn.append(rows.reshape(each.shape[:-1]))
        return torch.stack(drawn, -1)


class PartsDistribution(Distribution, Mapping[str, Distribution]):
    """p of each part given the code, by the part's name; the parts are independent given the code.

    Where a tensor stands for a whole input, in `mean`, `draw` and a bare value of `log_prob`, it is the picture: what draws or scores
    the output of a VAE of pictures takes that of a model of pairs as it is.
    """

    arg_constraints: ClassVar = {}

    def __init__(self, parts: Mapping[str, Distribution]) -> None:
        self._parts = dict(parts)
        super().__init__(self.picture.batch_shape, self.picture.event_shape, validate_args=False)

    @property
    def picture(self) -> Distribution:
        return self._parts["picture"]

    def __getitem__(self, name: str) -> Distribution:
        return self._parts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    @property
    def mean(self) -> Tensor:
        return self.picture.mean

    @property
    def variance(self) -> Tensor:
        return self.picture.variance

    def log_prob(self, value: Tensor | Mapping[str, Tensor]) -> Tensor:
        """In nats: the sum over the parts that `value` has, or of the picture alone where it is a tensor, (...)."""
        if isinstance(value, Tensor):
            return self.picture.log_prob(value)
        return torch.stack([self[name].log_prob(part) for name, part in value.items()]).sum(0)

    def draw(self, generator: Generator, shape: tuple[int, ...] = ()) -> Tensor:
        return sample(self.picture, generator, shape)
