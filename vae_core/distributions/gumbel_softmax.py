"""Discrete codes of one-hot categorical variables, relaxed in training (Gumbel-softmax), alone or beside continuous ones."""

from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Generator, Size, Tensor
from torch.distributions import Distribution

from vae_core.devices import noise


class OneHotGroups(Distribution):
    """G independent categorical variables of C values as concatenated one-hot vectors: logits (..., G, C), event (G * C,).

    With a `temperature` samples are relaxed (Gumbel-softmax), so that they have a gradient (Jang et al. 2017, arXiv:1611.01144;
    Maddison et al. 2017, arXiv:1611.00712); without, they are one-hot. `log_prob` is that of one-hot values.
    """

    arg_constraints: ClassVar = {}

    def __init__(self, logits: Tensor, temperature: float | None = None) -> None:
        self.log_probs, self.temperature = logits.log_softmax(-1), temperature
        groups, values = logits.shape[-2:]
        super().__init__(logits.shape[:-2], Size((groups * values,)), validate_args=False)

    @property
    def mean(self) -> Tensor:
        return self.log_probs.exp().flatten(-2)

    @property
    def variance(self) -> Tensor:
        return self.mean * (1 - self.mean)

    def log_prob(self, value: Tensor) -> Tensor:
        return (value.unflatten(-1, self.log_probs.shape[-2:]) * self.log_probs).sum((-2, -1))

    def draw(self, generator: Generator, shape: tuple[int, ...] = ()) -> Tensor:
        batch = len(shape) if self.batch_shape else None
        uniform = noise.uniform((*shape, *self.log_probs.shape), self.log_probs, generator, batch).clamp(
            1e-20, 1 - 1e-7
        )
        scores = self.log_probs - (-uniform.log()).log()
        if self.temperature is None:
            return F.one_hot(scores.argmax(-1), scores.shape[-1]).to(scores).flatten(-2)
        return (scores / self.temperature).softmax(-1).flatten(-2)

    def kl_to_uniform(self) -> Tensor:
        """KL to the uniform distribution over C values, of each group: (..., G) nats."""
        shares = self.log_probs.exp()
        return (shares * self.log_probs).sum(-1) + torch.tensor(float(shares.shape[-1])).log()


class Product(Distribution):
    """The product of two independent distributions; a value is the concatenation of `first`'s and `second`'s."""

    arg_constraints: ClassVar = {}

    def __init__(self, first: Distribution, second: OneHotGroups) -> None:
        self.first, self.second = first, second
        self.sizes = (first.event_shape[0], second.event_shape[0])
        super().__init__(first.batch_shape, Size((sum(self.sizes),)), validate_args=False)

    @property
    def mean(self) -> Tensor:
        return torch.cat([self.first.mean, self.second.mean], -1)

    @property
    def variance(self) -> Tensor:
        return torch.cat([self.first.variance, self.second.variance], -1)

    def log_prob(self, value: Tensor) -> Tensor:
        first, second = value.split(self.sizes, -1)
        return self.first.log_prob(first) + self.second.log_prob(second)

    def draw(self, generator: Generator, shape: tuple[int, ...] = ()) -> Tensor:
        batch = len(shape) if self.batch_shape else None
        eps = noise.normal((*shape, *self.first.mean.shape), self.first.mean, generator, batch)
        return torch.cat([self.first.mean + self.first.stddev * eps, self.second.draw(generator, shape)], -1)
