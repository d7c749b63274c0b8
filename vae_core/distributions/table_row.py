"""p(x|z) of a row of a table: a normal for each number, a categorical distribution for each category, nothing for what is missing."""

from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Generator, Size, Tensor
from torch.distributions import Distribution, Normal

from vae_core.axes.table_layout import TableLayout
from vae_core.devices import noise


class TableRow(Distribution):
    """Independent columns: N(raw, sigma^2) for a number, softmax(raw) over the values of a category; event (D,) as in TableLayout.

    `raw` (..., D) is the decoder's output and `sigma` (N,) the standard deviation of each of the N columns of numbers. A missing value
    adds exactly 0 to `log_prob` and to its gradient. `mean` and samples have no missing values.
    """

    arg_constraints: ClassVar = {}

    def __init__(self, raw: Tensor, sigma: Tensor, layout: TableLayout) -> None:
        self.raw, self.sigma, self.layout = raw, sigma, layout
        self._at = [layout.parts[column].start for column in layout.numbers]  # places of the numbers
        super().__init__(raw.shape[:-1], raw.shape[-1:], validate_args=False)

    @property
    def mean(self) -> Tensor:
        """The mean of each number and the probability of each value of a category; 0 for what says that a value is missing."""
        return self._filled(self.raw[..., self._at])

    @property
    def variance(self) -> Tensor:
        shares = self._filled(torch.zeros_like(self.raw[..., self._at]))
        found = shares * (1 - shares)
        found[..., self._at] = self.sigma.square().expand_as(found[..., self._at])
        return found

    def log_prob(self, value: Tensor) -> Tensor:
        """In nats per row: the sum over the columns that `value` (..., D) has."""
        return self.log_prob_of_columns(value).sum(-1)

    def log_prob_of_columns(self, value: Tensor) -> Tensor:
        """In nats for each column of `value` (..., D), (..., C); 0 where its value is missing."""
        layout, present = self.layout, observed_columns(value, self.layout)
        normal = Normal(self.raw[..., self._at], self.sigma, validate_args=False)
        found = torch.zeros_like(present)
        found[..., layout.numbers] = normal.log_prob(value[..., self._at])
        for column in layout.categories:
            part = layout.parts[column]
            found[..., column] = (value[..., part] * self.raw[..., part].log_softmax(-1)).sum(-1)
        return found * present

    def draw(self, generator: Generator, shape: tuple[int, ...] = ()) -> Tensor:
        """Samples (*shape, ..., D) with one value for each category; they have no gradient in the categories."""
        mean = self.mean.expand(*shape, *self.mean.shape)
        eps = noise.normal((*mean.shape[:-1], len(self._at)), mean, generator)
        sampled = mean.clone()
        sampled[..., self._at] = mean[..., self._at] + self.sigma * eps
        for column in self.layout.categories:
            part = self.layout.parts[column]
            shares = mean[..., part].detach().flatten(0, -2)
            chosen = noise.drawn(shares, 1, generator).reshape(mean.shape[:-1])
            sampled[..., part] = F.one_hot(chosen, shares.shape[-1]).to(mean)
        return sampled

    def sample(self, sample_shape: Size | list[int] | tuple[int, ...] = ()) -> Tensor:
        with torch.no_grad():
            return self.draw(torch.default_generator, tuple(sample_shape))

    def _filled(self, numbers: Tensor) -> Tensor:
        """A row of these numbers (..., N), and the probabilities of the categories."""
        row = torch.zeros_like(self.raw)
        row[..., self._at] = numbers
        for column in self.layout.categories:
            part = self.layout.parts[column]
            row[..., part] = self.raw[..., part].softmax(-1)
        return row


def observed_columns(value: Tensor, layout: TableLayout) -> Tensor:
    """1 for each column whose value the row (..., D) has, 0 for each that is missing: (..., C)."""
    present = value.new_ones(*value.shape[:-1], len(layout.widths))
    present[..., list(layout.missing)] = 1 - value[..., layout.flags]
    return present
