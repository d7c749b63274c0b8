"""A VAE as a scikit-learn estimator of tables: features for a Pipeline, log-densities for outlier detection, and samples."""

from typing import Any, Self

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_array, check_is_fitted, validate_data
from torch import Generator, Tensor

from vae_core.axes.compatibility import refuse
from vae_core.axes.names import UNIT_INTERVAL
from vae_core.config import ModelConfig
from vae_core.distributions.base import sample
from vae_core.errors import UserError
from vae_core.metrics.diagnosis import FAST
from vae_core.models.build import build
from vae_core.models.vae import VAE, evaluation
from vae_core.objectives import Objective, StepContext
from vae_core.objectives.importance_weights import ImportanceWeights
from vae_core.presets.default_settings import ROWS
from vae_core.training.critic_training import critic_trainer
from vae_core.utils.finite_checks import describe_non_finite
from vae_core.utils.optimisers import Diverged, minimise

Rows = NDArray[np.float64]
MODEL, TRAIN = ROWS.model, ROWS.train


class VAEEstimator(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]  # no stubs
    """A transformer whose `transform` returns the mean of q(z|x), for use in a Pipeline with a classifier or regressor.

    Columns are scaled to mean 0 and standard deviation 1 first, unless the likelihood is one of pixels in [0, 1].

    Parameters: `latent_dim`, `hidden`, `activation`, `likelihood`, `sigma` as in ModelConfig; `objective` (None: the
    ELBO); `max_iter` epochs of `batch_size` rows at `learning_rate`; `samples` importance samples of `score_samples`.
    Attributes: `vae_`, the trained model; `loss_`, the mean loss of the last epoch in nats per row; `n_iter_`, the epochs.
    """

    def __init__(
        self,
        latent_dim: int = MODEL.latent_dim,
        *,
        hidden: tuple[int, ...] = MODEL.hidden,
        activation: str = MODEL.activation,
        likelihood: str = MODEL.likelihood,
        sigma: float = MODEL.sigma,
        objective: Objective | None = None,
        max_iter: int = TRAIN.epochs or 1,
        batch_size: int = TRAIN.batch_size,
        learning_rate: float = TRAIN.lr,
        samples: int = 32,
        random_state: Any = None,
    ) -> None:
        self.latent_dim = latent_dim
        self.hidden = hidden
        self.activation = activation
        self.likelihood = likelihood
        self.sigma = sigma
        self.objective = objective
        self.max_iter = max_iter
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.samples = samples
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: object = None) -> Self:
        """Train on rows X (N, D); y is ignored.

        Raises UserError, a ValueError, for settings that cannot work, for a value that is not finite (naming its row and column), and
        for a training that diverges.
        """
        rows = self._rows(X, reset=True)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        pixels = self.likelihood in UNIT_INTERVAL
        self.mean_ = np.zeros(rows.shape[1]) if pixels else rows.mean(0)
        self.scale_ = np.ones(rows.shape[1]) if pixels else _column_scale(rows)
        if (wide := ~np.isfinite(self.scale_)).any():
            raise UserError(
                "Column {argmax} (counted from 0) has values too large to be scaled: divide it by its largest value.",
                argmax=wide.argmax(),
            )
        objective = self.objective or ROWS.objective
        config = ModelConfig(
            shape=(1, 1, rows.shape[1]),
            latent_dim=self.latent_dim,
            hidden=tuple(self.hidden),
            activation=self.activation,
            likelihood=self.likelihood,
            sigma=self.sigma,
            posterior="point" if objective.codes == "point" else "normal",
        )
        refuse(config, objective)
        vae = build(config, seed)
        try:
            self.loss_ = self._train(vae, objective, self._input(rows).float(), seed)
        except Diverged as error:
            raise UserError(
                "The training failed: {error}. {advice}", error=error, advice=self._learning_rate_advice()
            ) from None
        self.n_iter_ = self.max_iter
        self.vae_ = vae.double().eval()  # in double precision a row's code does not depend on its neighbours
        return self

    def _train(self, vae: VAE, objective: Objective, x: Tensor, seed: int) -> float:
        generator, critic = Generator().manual_seed(seed), critic_trainer(objective, vae, seed)
        if critic is not None:
            raise ValueError(
                f"The objective '{objective.name}' trains a critic, which this estimator cannot: use vae_core.fit()."
            )
        vae.train()
        vae.init_from_mean(x.mean(0))
        steps, step = self.max_iter * -(-len(x) // self.batch_size), iter(range(10**12))

        def loss(rows: Tensor) -> Tensor:
            return objective(vae, x[rows], None, StepContext(next(step) / steps, generator, len(x))).loss

        return minimise(
            vae.parameters(),
            loss,
            len(x),
            epochs=self.max_iter,
            batch_size=self.batch_size,
            lr=self.learning_rate,
            generator=generator,
        )

    def _learning_rate_advice(self) -> str:
        if self.learning_rate > FAST:
            return f"learning_rate={self.learning_rate:g} is far too large: try {TRAIN.lr:g}."
        return f"Try a smaller learning_rate than {self.learning_rate:g}, or likelihood='gaussian'."

    def transform(self, X: ArrayLike) -> Rows:
        """The mean of q(z|x) of each row: (N, D) -> (N, latent_dim). Raises UserError for a row whose code is not finite."""
        x = self._prepared(X)
        with evaluation(self.vae_):
            return _numbers(self.vae_.encode(x).mean, "code")

    def inverse_transform(self, X: ArrayLike) -> Rows:
        """The mean of p(x|z) of each code: (N, latent_dim) -> (N, D)."""
        check_is_fitted(self)
        codes = check_array(X, dtype=np.float64)
        if codes.shape[1] != self.latent_dim:
            raise ValueError(f"X has {codes.shape[1]} features, but codes of this model have {self.latent_dim}.")
        with evaluation(self.vae_):
            return self._output(self.vae_.decode(torch.from_numpy(codes)).mean)

    def score_samples(self, X: ArrayLike) -> Rows:
        """A lower bound of ln p(x) of each row in nats, (N,), with `samples` importance samples (Burda et al. 2016, eq. 8).

        All rows use the same noise, so that a score does not depend on the other rows. For a point posterior, minus the distortion.
        """
        x, vae = self._prepared(X), self.vae_
        with evaluation(vae):
            q = vae.encode(x)
            eps = torch.randn(self.samples, 1, self.latent_dim, generator=Generator().manual_seed(0)).double()
            z = q.mean + q.stddev * (eps if vae.posterior.has_density else eps[:1])
            weights = ImportanceWeights(vae, x, None, q, q, z) if vae.posterior.has_density else None
            log_w = vae.log_likelihood(x, z) if weights is None else weights.log_w
            values = log_w.logsumexp(0) - np.log(len(z))
        scores: Rows = _numbers(values, "score") - np.log(self.scale_).sum()
        return scores

    def score(self, X: ArrayLike, y: object = None) -> float:
        """The mean of `score_samples` in nats per row; higher is better."""
        return float(self.score_samples(X).mean())

    def sample(self, n_samples: int = 1, random_state: Any = None) -> Rows:
        """New rows (n_samples, D): a sample z of the prior, then a sample of p(x|z)."""
        check_is_fitted(self)
        seed = int(check_random_state(random_state).randint(2**31 - 1))
        with evaluation(self.vae_), torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            z = sample(self.vae_.prior(), Generator().manual_seed(seed), (n_samples,)).double()
            return self._output(self.vae_.decode(z).sample())

    @property
    def _n_features_out(self) -> int:
        return self.latent_dim

    def _prepared(self, X: ArrayLike) -> Tensor:
        check_is_fitted(self)
        return self._input(self._rows(X, reset=False))

    def _rows(self, X: ArrayLike, reset: bool) -> Rows:
        rows: Rows = validate_data(self, X, dtype=np.float64, ensure_all_finite=False, reset=reset)
        if problem := describe_non_finite(torch.tensor(rows), "row"):
            raise UserError("Input X contains NaN or infinity: {problem}. Leave it out or correct it.", problem=problem)
        return rows

    def _input(self, rows: Rows) -> Tensor:
        return torch.from_numpy((rows - self.mean_) / self.scale_)[:, None, None, :]

    def _output(self, x: Tensor) -> Rows:
        return _numbers(x, "value")[:, 0, 0] * self.scale_ + self.mean_


def _numbers(values: Tensor, thing: str) -> Rows:
    """As an array; raises UserError for a row whose `thing` is not finite, because its values are too large."""
    if problem := describe_non_finite(values, "row"):
        raise UserError(
            "The {thing}s are not all finite: {problem}. It is too far from the training rows: leave it out.",
            thing=thing,
            problem=problem,
        )
    return values.numpy()


def _column_scale(rows: Rows) -> Rows:
    """The standard deviation of each column, and 1 for a constant column."""
    with np.errstate(over="ignore", invalid="ignore"):
        scale = rows.std(0)
    return np.where(~(scale <= 1e-9 * np.maximum(1, np.abs(rows).max(0))), scale, 1.0)
