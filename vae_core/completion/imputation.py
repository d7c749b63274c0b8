"""Missing cells of a table filled in by a VAE that is trained on the holed rows themselves, beside scikit-learn's imputers.

Cells of number columns are hidden at random (MCAR), in all splits. Every method learns from the training rows with their holes and
fills the holes of the rows that it is judged on. Errors are in standard deviations of each column over the training rows, by which the
columns are scaled for every method alike.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from vae_core.completion.code_posterior import repeated
from vae_core.completion.imputers import filled_by, with_nan
from vae_core.completion.methods import encoded
from vae_core.completion.weighted_codes import fitted_mixture, weighted_codes
from vae_core.config import DataConfig
from vae_core.data import Dataset, Split
from vae_core.errors import UserError
from vae_core.models.build import build
from vae_core.models.vae import VAE
from vae_core.presets.build_run import build_run
from vae_core.presets.run_config import RunConfig
from vae_core.training.events import Epoch, Failed
from vae_core.training.fit import fit

Numbers = NDArray[np.float64]
Progress = Callable[[float], None]
SHARE = 0.2  # of the cells of number columns


@dataclass(frozen=True)
class Holed:
    """A table with hidden cells: `data` as a model reads it, and the rows of each split before, all numbers known."""

    data: Dataset
    whole: Dataset

    def truth(self, split: str) -> tuple[Numbers, NDArray[np.bool_]]:
        """The number columns (N, M) of a split in standard deviations, and which cells are hidden."""
        layout, places = self.data.layout, self.number_places
        before, after = getattr(self.whole, split).x, getattr(self.data, split).x
        flags = after[:, layout.flags].numpy() > 0.5
        numbers = [layout.missing.index(column) for column in layout.numbers]
        return before[:, places].double().numpy(), flags[:, numbers]

    @property
    def number_places(self) -> list[int]:
        return [self.data.layout.parts[column].start for column in self.data.layout.numbers]


def holed(data: Dataset, share: float = SHARE, seed: int = 0) -> Holed:
    """The table with a share of the cells of its number columns hidden; raises UserError for a table that lacks some already."""
    if not data.columns or data.layout.missing or not data.layout.numbers:
        raise UserError("Cells can be hidden in a table with columns of numbers and without missing values.")
    columns = tuple(one.replace(has_missing=one.kind == "number") for one in data.columns)
    generator = np.random.default_rng(seed)
    train, val, test = (_with_holes(data, split, share, generator) for split in (data.train, data.val, data.test))
    return Holed(replace(data, columns=columns, train=train, val=val, test=test), data)


def _with_holes(data: Dataset, split: Split, share: float, generator: np.random.Generator) -> Split:
    numbers = data.layout.numbers
    hidden = torch.from_numpy(generator.random((len(split.x), len(numbers))) < share)
    x = split.x.clone()
    places = [data.layout.parts[column].start for column in numbers]
    x[:, places] = x[:, places].masked_fill(hidden, 0.0)
    return Split(torch.cat([x, hidden.float()], 1), split.labels)


def imputing_run(data: Dataset, seed: int = 0, preset: str = "iwae", **recipe: Any) -> RunConfig:
    """The run of a model for the rows of `data`, labels left out; by an importance-weighted bound where the recipe says no other.

    The ELBO would make q(z|x), and with it p(x|z), too simple for the many patterns of holes (Mattei and Frellsen 2019).
    """
    settings = {**data.layout_settings, "precision": "fp32", "seed": seed, **recipe}
    return build_run(preset, DataConfig(dataset="table"), data.shape, len(data.classes), title="imputation", **settings)


def trained(run: RunConfig, data: Dataset, progress: Progress = lambda share: None) -> VAE:
    """A model trained on the training rows with their holes; raises UserError where the training fails."""
    vae = build(run.model, run.train.seed)
    for event in fit(vae, data, run):
        if isinstance(event, Failed):
            raise UserError(event.message)
        if isinstance(event, Epoch) and run.train.epochs:
            progress(event.epoch / run.train.epochs)
    return vae.eval()


def imputed(vae: VAE, x: torch.Tensor, places: list[int], seed: int = 0) -> Numbers:
    """The number columns (N, M) of rows x as a model fills them: their expected values given the known cells."""

    def known(p: torch.distributions.Distribution) -> torch.Tensor:
        found: torch.Tensor = p.log_prob(repeated(x, p))  # a missing cell adds nothing
        return found

    mixture = fitted_mixture(vae, encoded(vae, x, None), known, seed=seed)
    codes = weighted_codes(vae, mixture, known, seed=seed)
    return codes.mean(lambda z: vae.decode(z).mean)[:, places].double().numpy()


def imputed_by(name: str, table: Holed, split: str, seed: int = 0) -> Numbers:
    """The number columns (N, M) of a split as one of IMPUTERS fills them, fitted to the training rows."""
    layout = table.data.layout
    train, rows = (with_nan(one.x.double().numpy(), layout) for one in (table.data.train, getattr(table.data, split)))
    return filled_by(name, train, rows, seed)[:, table.number_places]


def rmse(filled: Numbers, truth: Numbers, hidden: NDArray[np.bool_]) -> float:
    """The root of the mean squared error over the hidden cells, in standard deviations of their columns; lower is better."""
    return float(np.sqrt(np.square(filled - truth)[hidden].mean()))
