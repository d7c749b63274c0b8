"""A VAE as a scikit-learn estimator of tables: features for a Pipeline, log-densities for outlier detection, and samples."""

from collections.abc import Callable
from numbers import Integral, Real
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.preprocessing import StandardScaler
from sklearn.utils import Tags, check_random_state
from sklearn.utils.validation import check_array, check_is_fitted, validate_data
from torch import Generator, Tensor

from vae_core.axes.compatibility import refuse
from vae_core.axes.names import ON_LEVELS, UNIT_INTERVAL
from vae_core.config import ModelConfig
from vae_core.data.own.to_numpy import plain_array
from vae_core.data.own.value_range import SLACK
from vae_core.devices import noise
from vae_core.devices.choice import chosen, failure_on
from vae_core.distributions.levels.coding_frequencies import level_numbers
from vae_core.distributions.reparameterised_sampling import sample
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.metrics.diagnosis.checks import FAST
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
    ELBO); `max_iter` epochs of `batch_size` rows at `learning_rate` on the `device`; `samples` importance samples of `score_samples`.
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
        device: str = TRAIN.device,
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
        self.device = device
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: object = None) -> Self:
        """Train on rows X (N, D); y is ignored.

        Raises UserError, a ValueError, for settings that cannot work, for a value that is not finite (naming its row and column), and
        for a training that diverges.
        """
        self._refuse_settings()
        rows = self._rows(X, reset=True)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        self.mean_, self.scale_ = np.zeros(rows.shape[1]), np.ones(rows.shape[1])
        if self.likelihood not in UNIT_INTERVAL:
            with np.errstate(over="ignore", invalid="ignore"):
                scaler = StandardScaler().fit(rows)
            self.mean_, self.scale_ = scaler.mean_, scaler.scale_
        if (wide := ~np.isfinite(self.scale_)).any():
            raise UserError(
                "Column {column} (counted from 0) has values too large to be scaled: divide it by its largest value.",
                column=wide.argmax(),
            )
        objective = self.objective or ROWS.objective
        config = ModelConfig(
            shape=(1, 1, rows.shape[1]),
            latent_dim=self.latent_dim,
            hidden=self.hidden,
            activation=self.activation,
            likelihood=self.likelihood,
            sigma=self.sigma,
            posterior="point" if objective.codes == "point" else "normal",
        )
        refuse(config, objective)
        vae, x = build(config, seed), self._input(rows)
        try:
            self.loss_ = self._train(vae, objective, x.float(), seed)
            self.vae_ = vae.cpu().double().eval()  # in double precision a row's code does not depend on its neighbours
            self._refuse_broken(x)
        except Diverged as error:
            raise UserError(
                "The training failed: {error}. {advice}", error=error, advice=self._learning_rate_advice()
            ) from None
        except (RuntimeError, TypeError) as error:
            if (why := failure_on(chosen(self.device), error, self.batch_size)) is None:
                raise
            raise UserError(why) from None
        self.n_iter_ = self.max_iter
        return self

    def _refuse_settings(self) -> None:
        chosen(self.device)
        for name in ("max_iter", "batch_size", "samples"):
            value = getattr(self, name)
            if not isinstance(value, Integral) or value < 1:
                raise UserError("{setting} is {value}: give a whole number of at least 1.", setting=name, value=value)
        if not isinstance(self.learning_rate, Real) or not 0 < self.learning_rate < float("inf"):
            raise UserError("learning_rate is {value}: give a number above 0.", value=self.learning_rate)

    def _refuse_broken(self, x: Tensor) -> None:
        """Raise Diverged where a trained model gives no numbers for its own training rows."""
        with evaluation(self.vae_):
            for rows in x.split(4096):
                codes = self.vae_.encode(rows).mean
                if not (codes.isfinite().all() and self.vae_.decode(codes).mean.isfinite().all()):
                    raise Diverged("the codes of the training rows are no longer numbers")

    def _train(self, vae: VAE, objective: Objective, x: Tensor, seed: int) -> float:
        device = chosen(self.device)
        x, vae = x.to(device), vae.to(device)
        generator, critic = noise.seeded(device, seed), critic_trainer(objective, vae, seed)
        if critic is not None:
            raise UserError(
                "The objective '{name}' trains a critic, which this estimator cannot: use vae_core.fit().",
                name=objective.name,
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
            return _numbers(self.vae_.encode(x).mean, Message("codes"))

    def inverse_transform(self, X: ArrayLike) -> Rows:
        """The mean of p(x|z) of each code: (N, latent_dim) -> (N, D)."""
        check_is_fitted(self)
        codes = _as_user_error(lambda: check_array(_plain(X), dtype=np.float64))
        if codes.shape[1] != self.latent_dim:
            raise UserError(
                "X has {features} features, but codes of this model have {latent_dim}.",
                features=codes.shape[1],
                latent_dim=self.latent_dim,
            )
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
        scores: Rows = _numbers(values, Message("scores")) - np.log(self.scale_).sum()
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
        """X as dense floats, checked; raises UserError for values that are not finite, or that the likelihood does not have."""
        _refuse_texts(X)
        options = {"dtype": np.float64, "ensure_all_finite": False, "accept_sparse": True, "reset": reset}
        found = _as_user_error(lambda: validate_data(self, _plain(X), **options))
        rows: Rows = found.toarray() if hasattr(found, "toarray") else found
        if problem := describe_non_finite(torch.tensor(rows), Message("row")):
            raise UserError("Input X contains NaN or infinity: {problem}. Leave it out or correct it.", problem=problem)
        if self.likelihood in ON_LEVELS:
            level_numbers(torch.from_numpy(rows))
        return self._in_unit_interval(rows, reset) if self.likelihood in UNIT_INTERVAL else rows

    def _in_unit_interval(self, rows: Rows, training: bool) -> Rows:
        """Rows from 0 to 1; raises UserError for others in training, and later for those that must have another scale."""
        slack = SLACK if training else 1.0  # rows of a test set may lie a little outside, and stay there
        low, high = rows.min(), rows.max()
        if low < -slack or high > 1 + slack:
            raise UserError(
                "likelihood='{likelihood}' has values from 0 to 1, those of X range from {low:.8g} to {high:.8g}: divide pixels by "
                "255, scale other columns with MinMaxScaler, or choose likelihood='gaussian'.",
                likelihood=self.likelihood,
                low=low,
                high=high,
            )
        return rows.clip(0, 1) if training else rows

    def __sklearn_tags__(self) -> Tags:
        """What scikit-learn should know of this estimator: it takes sparse matrices, which become dense."""
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def _input(self, rows: Rows) -> Tensor:
        return torch.from_numpy((rows - self.mean_) / self.scale_)[:, None, None, :]

    def _output(self, x: Tensor) -> Rows:
        return _numbers(x, Message("values"))[:, 0, 0] * self.scale_ + self.mean_


def _numbers(values: Tensor, things: Message) -> Rows:
    """As an array; raises UserError for a row whose `things` are not finite, because its values are too large."""
    if problem := describe_non_finite(values, Message("row")):
        raise UserError(
            "The {things} are not all finite: {problem}. It is too far from the training rows: leave it out.",
            things=things,
            problem=problem,
        )
    return values.numpy()


def _refuse_texts(X: Any) -> None:
    """Raise UserError for a DataFrame with a column of texts, by its name."""
    if not hasattr(X, "select_dtypes"):
        return
    texts = X.select_dtypes(["object", "string", "category"]).columns
    if len(texts):
        raise UserError(
            "The column '{name}' holds texts or categories, and this estimator takes numbers: encode it with scikit-learn's "
            "OneHotEncoder, or train a VAE with the likelihood 'columns', which takes categories and missing values.",
            name=texts[0],
        )


def _plain(X: Any) -> Any:
    """A tensor as an array; anything else is left to scikit-learn."""
    return plain_array(X, "X") if isinstance(X, Tensor) else X


def _as_user_error(read: Callable[[], Any]) -> Any:
    """What `read` returns; scikit-learn's sentence on a wrong X is raised as UserError."""
    try:
        return read()
    except UserError:
        raise
    except ValueError as error:
        raise UserError("{error}", error=error) from None
