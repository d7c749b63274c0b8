"""LIKELIHOODS: a decoder's raw numbers -> p(x|z), a torch Distribution whose event is one image.

Only a likelihood knows what the numbers mean: networks end without a sigmoid, losses call log_prob.
"""

import math
from abc import abstractmethod

import torch
from torch import Tensor, nn
from torch.distributions import Bernoulli, Distribution, Independent, Laplace, Normal

from vae_core.config import ModelConfig
from vae_core.distributions.continuous_bernoulli import HALF_LEVEL, ContinuousBernoulli, logit_of
from vae_core.distributions.hyperbolic_secant import HyperbolicSecant
from vae_core.distributions.pixelcnn import AutoregressiveBernoulli, PixelCnn


class Likelihood(nn.Module):
    """raw (B, *shape) -> p(x|z) with batch (B,) and event `shape`.

    `unit_interval`: whether x must lie in [0, 1]; `independent`: whether pixels are, given the code, and `pixels` has
    them one by one; `browser`: whether the browser knows it.
    """

    unit_interval = False
    independent = True
    browser = True

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()

    def forward(self, raw: Tensor) -> Distribution:
        return Independent(self.pixels(raw), raw.dim() - 1, validate_args=False)

    @abstractmethod
    def pixels(self, raw: Tensor) -> Distribution:
        """The same distribution pixel by pixel, batch (B, *shape)."""

    def raw_from_mean(self, mean: Tensor) -> Tensor:
        """The raw number that stands for `mean`: where a decoder's bias starts from."""
        return mean

    def observe(self, raw: Tensor, x: Tensor) -> None:
        """Called with each training batch; a likelihood that estimates its own scale does it here."""


class BernoulliLikelihood(Likelihood):
    """Each pixel black or white with probability sigmoid(raw)."""

    unit_interval = True

    def pixels(self, raw: Tensor) -> Distribution:
        return Bernoulli(logits=raw, validate_args=False)

    def raw_from_mean(self, mean: Tensor) -> Tensor:
        return mean.clamp(1e-3, 1 - 1e-3).logit()


class ContinuousBernoulliLikelihood(BernoulliLikelihood):
    """A density on [0, 1] for grey pixels (Loaiza-Ganem and Cunningham 2019, arXiv:1907.06845, eq. 6).

    A pixel that is exactly 0 or 1 counts as half a grey level inward (see `ContinuousBernoulli`).
    """

    def pixels(self, raw: Tensor) -> Distribution:
        return ContinuousBernoulli(raw)

    def raw_from_mean(self, mean: Tensor) -> Tensor:
        return logit_of(mean.clamp(HALF_LEVEL, 1 - HALF_LEVEL))


class GaussianLikelihood(Likelihood):
    """N(raw, sigma^2) for each pixel, with one sigma for all, fixed by the configuration."""

    log_sigma: Tensor

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.register_buffer("log_sigma", torch.tensor(math.log(config.sigma)))

    def pixels(self, raw: Tensor) -> Distribution:
        return Normal(raw, self.log_sigma.exp(), validate_args=False)


class LearnedGaussianLikelihood(GaussianLikelihood):
    """The same with log sigma a parameter that the optimiser learns (Dai and Wipf 2019, arXiv:1903.05789)."""

    def __init__(self, config: ModelConfig) -> None:
        Likelihood.__init__(self, config)
        self.log_sigma = nn.Parameter(torch.tensor(math.log(config.sigma)))


class DiagonalGaussianLikelihood(GaussianLikelihood):
    """The same with a log sigma learnt for each pixel: what varies little is told precisely, noise is let go."""

    browser = False

    def __init__(self, config: ModelConfig) -> None:
        Likelihood.__init__(self, config)
        self.log_sigma = nn.Parameter(torch.full(config.shape, math.log(config.sigma)))


class OptimalGaussianLikelihood(GaussianLikelihood):
    """The same with sigma^2 the mean squared error, its optimum in closed form, at least 1e-6 (Rybkin et al. 2021, arXiv:2006.13202).

    While training, sigma is the batch's optimum, held constant in the gradient: at an optimum that is the full gradient.
    Evaluation uses a running mean of it, so that p(x|z) is one distribution for all images.
    """

    memory = 0.99
    mse: Tensor

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.register_buffer("mse", torch.tensor(float("nan")))

    def observe(self, raw: Tensor, x: Tensor) -> None:
        mse = (raw.detach() - x).square().mean().clamp(min=1e-6)
        self.mse = mse if self.mse.isnan() else self.memory * self.mse + (1 - self.memory) * mse
        self.log_sigma = 0.5 * (mse if self.training else self.mse).log()

    def train(self, mode: bool = True) -> "OptimalGaussianLikelihood":
        if not mode and not self.mse.isnan():
            self.log_sigma = 0.5 * self.mse.log()
        super().train(mode)
        return self


class LaplaceLikelihood(GaussianLikelihood):
    """Laplace(raw, sigma) for each pixel: absolute errors instead of squared ones."""

    def pixels(self, raw: Tensor) -> Distribution:
        return Laplace(raw, self.log_sigma.exp(), validate_args=False)


class LogCoshLikelihood(GaussianLikelihood):
    """Errors cost ln cosh((x - raw) / sigma), here with the constant that makes it a density.

    Chen, Chen and Chen 2018, "Log hyperbolic cosine loss improves variational auto-encoder", whose `a` is 1/sigma.
    """

    browser = False

    def pixels(self, raw: Tensor) -> Distribution:
        return HyperbolicSecant(raw, self.log_sigma.exp())


class PixelCnnLikelihood(BernoulliLikelihood):
    """Each pixel black or white, given the code and the few pixels before it (Gulrajani et al. 2017, arXiv:1611.05013)."""

    browser = False
    independent = False

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.network = PixelCnn(config.shape[0])

    def forward(self, raw: Tensor) -> Distribution:
        return AutoregressiveBernoulli(lambda x: self.network(x, raw), raw)


LIKELIHOODS: dict[str, type[Likelihood]] = {
    "bernoulli": BernoulliLikelihood,
    "continuous_bernoulli": ContinuousBernoulliLikelihood,
    "gaussian": GaussianLikelihood,
    "gaussian_learned": LearnedGaussianLikelihood,
    "gaussian_diagonal": DiagonalGaussianLikelihood,
    "gaussian_optimal": OptimalGaussianLikelihood,
    "laplace": LaplaceLikelihood,
    "log_cosh": LogCoshLikelihood,
    "pixelcnn": PixelCnnLikelihood,
}
