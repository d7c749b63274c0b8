"""SCORES: name -> how strange an example is to a model that was trained on normal ones; higher is stranger.

Which one to trust is fixed here, for all data: the mean of ranks. Which ranks was chosen on validation examples of breast cancer and of
the 8x8 digits 0, 1 and 2. -ELBO alone fails on pictures, because a simple picture has a high likelihood under any model (Nalisnick et
al. 2019, arXiv:1810.09136).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vae_core.config import ModelConfig, Target
from vae_core.data import Dataset, Split
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.metrics.encoded_split import Encoded
from vae_core.metrics.out_of_distribution import complexity_corrected
from vae_core.models.vae import VAE

Values = NDArray[np.float64]
NEIGHBOURS = 10  # nearest codes of training examples
FALSE_ALARMS = 0.05  # share of normal examples above the threshold that is proposed


@dataclass(frozen=True)
class Score:
    """A score's title, what it measures in a sentence, and the models that have it."""

    title: Message
    sentence: Message
    suits: Callable[[ModelConfig], bool] = lambda config: True


SCORES = {
    "rank_mean": Score(
        Message("Mean of ranks"),
        Message(
            "The mean of ranks among normal validation examples: of surprise, reconstruction error and the nearest codes; for "
            "a table, of −ELBO and the nearest codes."
        ),
    ),
    "elbo": Score(Message("−ELBO"), Message("An upper bound of −ln p(x), in nats.")),
    "reconstruction": Score(
        Message("Reconstruction error"),
        Message("The mean squared error of the reconstruction from the mean of q(z|x)."),
    ),
    "surprise": Score(
        Message("Surprise"),
        Message("−ELBO above that of normal pictures with as much ink and as many grey pixels."),
        lambda config: config.kind == "picture",
    ),
    "neighbours": Score(
        Message("Nearest codes"),
        Message("The mean distance from the code to the 10 nearest codes of training examples."),
    ),
}
TRUSTED = "rank_mean"


def scores_of(config: ModelConfig) -> list[str]:
    """The names of the scores that a model has, the one to trust first."""
    return [name for name, score in SCORES.items() if score.suits(config)]


def chosen(name: str, config: ModelConfig) -> str:
    """The score of that name, the one to trust for ""; raises UserError for one that the model does not have."""
    known = scores_of(config)
    if name and name not in known:
        raise UserError("There is no score '{name}': choose one of {known}.", name=name, known=", ".join(known))
    return name or TRUSTED


class Detector:
    """Scores of examples by a model and the normal examples that it was trained and validated on.

    Raises UserError for a conditional model, which needs the label of an example that may have none.
    """

    def __init__(self, vae: VAE, data: Dataset, target: Target = "grey", seed: int = 0) -> None:
        if vae.config.classes:
            raise UserError(
                "This model is given the class of each example, and an anomaly may have none: choose a model that is not conditional."
            )
        self.vae, self.data, self.target, self.seed = vae, data, target, seed

    def __call__(self, split: Split) -> dict[str, Values]:
        """Each score of each example of a split, (N,) by name; only the labels are not looked at."""
        raw = self._raw(Encoded(self.vae, split, self.target, self.seed))
        ranks = [usual_rank(raw[name], self._known[name]) for name in self._ranked]
        raw["rank_mean"] = np.mean(ranks, axis=0)
        return {name: raw[name] for name in scores_of(self.vae.config)}

    def threshold(self, name: str, false_alarms: float = FALSE_ALARMS) -> float:
        """The score that this share of the normal validation examples exceeds."""
        return float(np.quantile(self.normal[name], 1 - false_alarms))

    @cached_property
    def normal(self) -> dict[str, Values]:
        """The scores of the normal validation examples."""
        return self(self.data.val)

    @property
    def _ranked(self) -> tuple[str, ...]:
        is_picture = self.vae.config.kind == "picture"
        return ("surprise", "reconstruction", "neighbours") if is_picture else ("elbo", "neighbours")

    @cached_property
    def _known(self) -> dict[str, Values]:
        return self._raw(self._val)

    @cached_property
    def _val(self) -> Encoded:
        return Encoded(self.vae, self.data.val, self.target, self.seed)

    @cached_property
    def _nearest(self) -> Callable[[Values], Values]:
        codes = Encoded(self.vae, self.data.train, self.target, self.seed).mean.double().numpy()
        return mean_distance(codes)

    def _raw(self, encoded: Encoded) -> dict[str, Values]:
        loss = encoded.bound.loss.numpy()
        found = {
            "elbo": loss,
            "reconstruction": encoded.squared_errors.numpy(),
            "neighbours": self._nearest(encoded.mean.double().numpy()),
        }
        if self.vae.config.kind == "picture":
            known = self._val.bound.loss.numpy()
            found["surprise"] = complexity_corrected(loss, encoded.split.x, known, self.data.val.x)
        return found


def mean_distance(rows: Values, count: int = NEIGHBOURS) -> Callable[[Values], Values]:
    """A function of points (M, L) that gives the mean distance of each to its `count` nearest of `rows` (N, L), (M,)."""
    from sklearn.neighbors import NearestNeighbors

    index = NearestNeighbors(n_neighbors=min(count, len(rows))).fit(rows)
    return lambda points: np.asarray(index.kneighbors(points)[0].mean(1))


def usual_rank(values: Values, known: Values) -> Values:
    """The rank of each value among the known ones as a share, (N,): 0 below all of them, 1 at the largest.

    Above the largest it goes on by the logarithm of the distance, so that values that all exceed what is known still have an order,
    and a mean of ranks is not decided by the one that is far out.
    """
    ordered = np.sort(known)
    top, middle = ordered[-1], np.median(ordered)
    ranks = np.interp(values, ordered, np.linspace(0, 1, len(ordered)))
    return np.asarray(ranks + np.log1p(np.maximum(0, values - top) / max(top - middle, 1e-12)) / 2)
