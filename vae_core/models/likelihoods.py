"""LIKELIHOODS: the decoder's raw output -> p(x|z), a torch Distribution whose event is one image.

Only a likelihood turns raw output into parameters: networks end without a sigmoid, and losses call log_prob.
"""

import math

import torch
from torch import Tensor, nn
from torch.distributions import Bernoulli, Distribution, Laplace, Normal

from vae_core.axes.table_layout import TableLayout
from vae_core.axes.token_ids import PAD
from vae_core.config import ModelConfig
from vae_core.distributions.pixelcnn import AutoregressiveBernoulli, PixelCnn
from vae_core.distributions.pixels.bernoulli_pixels import BernoulliPixels
from vae_core.distributions.pixels.continuous_bernoulli import HALF_LEVEL, ContinuousBernoulli, logit_of
from vae_core.distributions.pixels.hyperbolic_secant import HyperbolicSecant
from vae_core.distributions.table_row import TableRow, observed_columns
from vae_core.distributions.token_sequence import TokenSequence
from vae_core.models.level_likelihoods import BetaBinomialLikelihood, DiscretisedLogisticLikelihood
from vae_core.models.likelihood_base import Likelihood
from vae_core.models.token_networks import TOKEN_DECODERS

SMALLEST_SIGMA = 0.01  # of a column of a table, in standard deviations of that column


class BernoulliLikelihood(Likelihood):
    """Bernoulli: each pixel is 1 (white) with probability sigmoid(raw), else 0."""

    levels: int | None = 2

    def forward(self, raw: Tensor) -> Distribution:
        return BernoulliPixels(raw)

    def pixels(self, raw: Tensor) -> Distribution:
        return Bernoulli(logits=raw, validate_args=False)

    def raw_from_mean(self, mean: Tensor) -> Tensor:
        return mean.clamp(1e-3, 1 - 1e-3).logit()


class ContinuousBernoulliLikelihood(Likelihood):
    """Continuous Bernoulli: a density on [0, 1] for grey pixels (Loaiza-Ganem and Cunningham 2019, arXiv:1907.06845, eq. 6).

    A pixel that is exactly 0 or 1 is moved inward by half a grey level (see `ContinuousBernoulli`).
    """

    def pixels(self, raw: Tensor) -> Distribution:
        return ContinuousBernoulli(raw)

    def raw_from_mean(self, mean: Tensor) -> Tensor:
        return logit_of(mean.clamp(HALF_LEVEL, 1 - HALF_LEVEL))


class GaussianLikelihood(Likelihood):
    """Gaussian: N(raw, sigma^2) for each pixel, with one fixed sigma for all pixels."""

    log_sigma: Tensor

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.register_buffer("log_sigma", torch.tensor(math.log(config.sigma)))

    def pixels(self, raw: Tensor) -> Distribution:
        return Normal(raw, self.log_sigma.exp(), validate_args=False)


class LearnedGaussianLikelihood(GaussianLikelihood):
    """Gaussian with one sigma for all pixels that is learnt with the weights (Dai and Wipf 2019, arXiv:1903.05789)."""

    def __init__(self, config: ModelConfig) -> None:
        Likelihood.__init__(self, config)
        self.log_sigma = nn.Parameter(torch.tensor(math.log(config.sigma)))


class DiagonalGaussianLikelihood(GaussianLikelihood):
    """Gaussian with a learnt sigma for each pixel: pixels that vary little given the code get a small sigma."""

    browser = False

    def __init__(self, config: ModelConfig) -> None:
        Likelihood.__init__(self, config)
        self.log_sigma = nn.Parameter(torch.full(config.shape, math.log(config.sigma)))


class OptimalGaussianLikelihood(GaussianLikelihood):
    """Gaussian whose sigma^2 is the mean squared error, its optimum, and at least 1e-6 (Rybkin et al. 2021, arXiv:2006.13202).

    In training, sigma is that of the batch and constant in the gradient, which is exact because sigma is at its optimum.
    Evaluation uses a running mean, so that p(x|z) is the same distribution for all images.
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
    """Laplace(raw, sigma) for each pixel: the log-likelihood has absolute errors in place of squared errors."""

    def pixels(self, raw: Tensor) -> Distribution:
        return Laplace(raw, self.log_sigma.exp(), validate_args=False)


class LogCoshLikelihood(GaussianLikelihood):
    """Log-cosh: the error is ln cosh((x - raw) / sigma), plus the constant that makes it the log of a density.

    Chen, Chen and Chen 2018, "Log hyperbolic cosine loss improves variational auto-encoder", whose `a` is 1/sigma.
    """

    browser = False

    def pixels(self, raw: Tensor) -> Distribution:
        return HyperbolicSecant(raw, self.log_sigma.exp())


class PixelCnnLikelihood(BernoulliLikelihood):
    """PixelCNN: each pixel is Bernoulli given the code and nearby earlier pixels (Gulrajani et al. 2017, arXiv:1611.05013)."""

    browser = False
    independent = False

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.network = PixelCnn(config.shape[0])

    def forward(self, raw: Tensor) -> Distribution:
        return AutoregressiveBernoulli(lambda x: self.network(x, raw), raw)

    def log_prob_of_parts(self, p: Distribution, x: Tensor) -> Tensor:
        assert isinstance(p, AutoregressiveBernoulli)
        return p.log_prob_of_pixels(x)


class ColumnsLikelihood(Likelihood):
    """Columns of a table: N(raw, sigma^2) with a learnt sigma for each number, a categorical distribution for each category.

    A missing value counts nothing, neither in the distortion nor in its gradient, as in Nazabal et al. 2018 (arXiv:1807.03653).
    Sigma is in units of the column's own deviation and at least SMALLEST_SIGMA: a column that the code fixes exactly would otherwise
    have a density without bound.
    """

    independent = False

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.layout = TableLayout.of(config)
        self.log_sigma = nn.Parameter(torch.full((len(self.layout.numbers),), math.log(config.sigma)))

    @property
    def sigma(self) -> Tensor:
        """The standard deviation of each column of numbers, (N,)."""
        return self.log_sigma.exp().clamp(min=SMALLEST_SIGMA)

    def forward(self, raw: Tensor) -> Distribution:
        return TableRow(raw, self.sigma, self.layout)

    def raw_from_mean(self, mean: Tensor) -> Tensor:
        raw = mean.clone()
        for column in self.layout.categories:
            raw[self.layout.parts[column]] = mean[self.layout.parts[column]].clamp(min=1e-3).log()
        raw[self.layout.flags] = 0
        return raw

    def log_prob_of_parts(self, p: Distribution, x: Tensor) -> Tensor:
        assert isinstance(p, TableRow)
        return p.log_prob_of_columns(x)

    def observed(self, x: Tensor) -> Tensor:
        present = observed_columns(x, self.layout)
        widths = torch.tensor(self.layout.widths).to(x.device)
        return torch.cat([present.repeat_interleave(widths, -1), torch.zeros_like(x[..., self.layout.flags])], -1)


class TokensLikelihood(Likelihood):
    """Tokens: each word of a sentence is categorical given the code and the earlier words, its end included.

    The network that writes the words belongs to this likelihood, since it is told the earlier ones (teacher forcing).
    """

    independent = False

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.length, self.word_dropout = config.shape[0], config.word_dropout
        self.network = TOKEN_DECODERS[config.network](config)

    def forward(self, raw: Tensor) -> Distribution:
        return TokenSequence(self.network, raw, self.length, self.word_dropout if self.training else 0.0)

    def log_prob_of_parts(self, p: Distribution, x: Tensor) -> Tensor:
        assert isinstance(p, TokenSequence)
        return p.log_prob_of_tokens(x)

    def observed(self, x: Tensor) -> Tensor:
        return (x != PAD).to(x)


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
    "beta_binomial": BetaBinomialLikelihood,
    "discretised_logistic": DiscretisedLogisticLikelihood,
    "columns": ColumnsLikelihood,
    "tokens": TokensLikelihood,
}
