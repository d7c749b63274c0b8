"""Likelihood: what every likelihood has in common, for those who call one and for those who write one."""

import torch
from torch import Tensor, nn
from torch.distributions import Distribution, Independent

from vae_core.axes.names import RAW_NUMBERS
from vae_core.config import ModelConfig


class Likelihood(nn.Module):
    """raw (B, *raw_shape) -> p(x|z) with batch (B,) and event `shape`.

    `independent`: whether pixels are independent given the code, so that `pixels` gives their distributions; `browser`: whether the
    browser can evaluate it. `levels`: on how many evenly spaced values of a pixel in [0, 1] it is a probability mass; None for a
    density. `raw_numbers`: how many maps of raw numbers it needs for each channel of the data, one after the other.
    """

    independent = True
    browser = True
    levels: int | None = None

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.raw_numbers = RAW_NUMBERS.get(config.likelihood, 1)

    def forward(self, raw: Tensor) -> Distribution:
        return Independent(self.pixels(raw), raw.dim() - 1, validate_args=False)

    def pixels(self, raw: Tensor) -> Distribution:
        """The distribution of each pixel, batch (B, *shape), of a likelihood that is `independent`."""
        raise NotImplementedError

    def raw_from_mean(self, mean: Tensor) -> Tensor:
        """The raw output whose distribution has this mean: the initial bias of the decoder."""
        return mean

    def observe(self, raw: Tensor, x: Tensor) -> None:
        """Called with each training batch, so that a likelihood can estimate its scale from the errors."""

    def log_prob_of_parts(self, p: Distribution, x: Tensor) -> Tensor:
        """ln p(x|z) in nats by pixel, (B, *shape), or by column of a table, (B, C); the sum is `p.log_prob(x)`."""
        assert isinstance(p, Independent)
        parts: Tensor = p.base_dist.log_prob(x)
        return parts

    def observed(self, x: Tensor) -> Tensor:
        """1 for each number of the inputs x (B, *shape) that is observed, 0 for what is missing: (B, *shape)."""
        return torch.ones_like(x)
