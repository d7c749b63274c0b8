"""Likelihoods that are probability masses on the 256 levels of stored pixels, so that -ELBO is the size of a compressed file."""

import math

import numpy as np
import torch
from torch import Tensor

from vae_core.axes.names import LOGISTICS
from vae_core.distributions.levels.beta_binomial import LOG_RANGE, BetaBinomial
from vae_core.distributions.levels.coding_frequencies import (
    FREQUENCY_BITS,
    STEP,
    Int32,
    beta_binomial_frequencies,
    logistic_frequencies,
    portable_exp,
)
from vae_core.distributions.levels.logistic_mixture import (
    LARGEST_LOG_SCALE,
    SMALLEST_SCALE,
    LogisticMixture,
    N,
    centre_of,
    scale_of,
)
from vae_core.distributions.levels.pixel_levels import LEVELS
from vae_core.models.likelihood_base import Likelihood
from vae_core.utils.arrays import Int64

DARKEST = 1e-3  # the least mean of a pixel at the start of a training
FIRST_SCALES = (2.0, 64.0)  # in levels: of the narrowest and the widest logistic at the start of a training


class LevelLikelihood(Likelihood):
    """p(x|z) of pixels of 256 levels, independent given the code, channels too; an entropy coder asks it for integer frequencies."""

    levels = LEVELS

    def parts(self, raw: Tensor) -> Tensor:
        """The raw numbers (R, B, *shape) of raw (B, R * C, ...)."""
        return raw.unflatten(1, (self.raw_numbers, -1)).movedim(1, 0)

    def cumulative_frequencies(self, numbers: Int32, bits: int = FREQUENCY_BITS) -> Int64:
        """From the raw numbers (R, P) of P pixels in steps of STEP: int64 (P, 257) from 0 to 2^bits, see `coding_frequencies`."""
        raise NotImplementedError


class BetaBinomialLikelihood(LevelLikelihood):
    """Beta-binomial: a mass on 256 levels from two numbers of each pixel (Townsend, Bird and Barber 2019, arXiv:1901.04866).

    The raw numbers are ln alpha and ln beta. A value between two levels costs the mean of both, see `LevelDistribution`.
    """

    def pixels(self, raw: Tensor) -> BetaBinomial:
        return BetaBinomial(*self.parts(raw))

    def raw_from_mean(self, mean: Tensor) -> Tensor:
        """With alpha + beta = 2: at a mean of 1/2 all levels are equally likely."""
        mean = mean.clamp(DARKEST, 1 - DARKEST)
        return torch.cat([(2 * mean).log(), (2 * (1 - mean)).log()])

    def cumulative_frequencies(self, numbers: Int32, bits: int = FREQUENCY_BITS) -> Int64:
        alpha, beta = portable_exp(np.clip(numbers * STEP, *LOG_RANGE))
        return beta_binomial_frequencies(alpha, beta, bits)


class DiscretisedLogisticLikelihood(LevelLikelihood):
    """Discretised logistic: a mass on 256 levels, a mixture of 3 logistics rounded to levels (Salimans et al. 2017, arXiv:1701.05517).

    The raw numbers are the logits of the weights, the means and the logs of the scales. Channels of a colour picture are independent
    given the code, where the paper's depend on each other. A value between two levels costs the mean of both, see `LevelDistribution`.
    """

    def pixels(self, raw: Tensor) -> LogisticMixture:
        return LogisticMixture(*self.parts(raw).chunk(3))

    def raw_from_mean(self, mean: Tensor) -> Tensor:
        """Logistics of equal weight and mean, but of different scales: equal ones would stay alike."""
        mean, (narrow, wide) = mean.clamp(DARKEST, 1 - DARKEST), map(math.log, FIRST_SCALES)
        log_scales = torch.linspace(narrow, wide, LOGISTICS).to(mean)
        centres = [centre_of(mean, scale_of(one)) / N for one in log_scales]
        return torch.cat([torch.zeros_like(mean)] * LOGISTICS + centres + [one.expand_as(mean) for one in log_scales])

    def cumulative_frequencies(self, numbers: Int32, bits: int = FREQUENCY_BITS) -> Int64:
        logits, means, log_scales = np.split(numbers * STEP, 3)
        weights = portable_exp(np.maximum(logits - logits.max(0), -40.0))
        scales = SMALLEST_SCALE + portable_exp(np.clip(log_scales, -40.0, LARGEST_LOG_SCALE))
        return logistic_frequencies(weights, N * means, scales, bits)
