"""A model of a table beside scikit-learn's imputers: known cells of test rows are hidden, and each fills them in."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vae_core.axes.table_layout import TableLayout
from vae_core.checkpoints import Checkpoint, CheckpointInfo
from vae_core.completion.completer import Completer
from vae_core.completion.imputation import SHARE, rmse
from vae_core.completion.imputers import IMPUTERS, Numbers, filled_by, with_nan
from vae_core.data import Dataset
from vae_core.data.tables.columns import layout_of
from vae_core.errors import UserError
from vae_core.frozen import Frozen
from vae_core.messages import Message

OURS = "VAE"
CLOSE = 1.05  # times the best error, within which a method is as good
MOST_TRAINING, MOST_TEST = 5000, 1000  # rows; KNNImputer's time grows with their product
Progress = Callable[[float], None]


class ImputerComparison(Frozen):
    """The RMSE of each method over the hidden `cells` of number columns in `rows` test rows, in standard deviations; best first."""

    errors: dict[str, float]
    cells: int
    rows: int
    training: int

    @property
    def best(self) -> str:
        return next(iter(self.errors))


def unsuited_table(info: CheckpointInfo) -> Message | None:
    """Why a model of a table cannot be compared with imputers, in one sentence; None where it can."""
    if info.run.model.classes:
        return Message("This model is told the class of each row, and imputers are not: choose one that is not.")
    if not layout_of(info.columns).numbers:
        return Message("The table has no column of numbers, for which scikit-learn's imputers are made.")
    return None


def compare_imputers(
    checkpoint: Checkpoint, data: Dataset, seed: int = 0, progress: Progress = lambda share: None
) -> ImputerComparison:
    """SHARE of the known number cells of test rows hidden at random, filled by the model and by IMPUTERS fitted to training rows.

    Raises UserError for a table without numbers and for a model that is told classes.
    """
    if (why := unsuited_table(checkpoint.info)) is not None:
        raise UserError(why)
    rows, layout = HoledRows(data.test.x[:MOST_TEST].numpy(), data.layout, seed), data.layout
    train = with_nan(data.train.x[:MOST_TRAINING].double().numpy(), layout)
    ours = Completer(checkpoint).complete(rows.x, rows.hidden, draws=0, seed=seed).mean
    errors = {OURS: rows.error(ours.astype(np.float64))}
    for done, name in enumerate(IMPUTERS, 1):
        progress(done / (len(IMPUTERS) + 1))
        errors[name] = rows.error(filled_by(name, train, rows.with_nan, seed))
    best_first = dict(sorted(errors.items(), key=lambda item: item[1]))
    cells = int(rows.hidden.sum())
    return ImputerComparison(errors=best_first, cells=cells, rows=len(rows.x), training=len(train))


class HoledRows:
    """Rows x (N, D) of a table of which known cells of number columns are `hidden`, (N, C); `with_nan` (N, W) lacks those too."""

    def __init__(self, x: NDArray[np.float32], layout: TableLayout, seed: int) -> None:
        self.x, self._numbers = x, layout.numbers
        self._places = [layout.parts[column].start for column in layout.numbers]
        self._truth = x[:, self._places].astype(np.float64)
        self.with_nan = with_nan(x.astype(np.float64), layout)
        chosen = some_known(self.with_nan[:, self._places], seed)
        self.with_nan[:, self._places] = np.where(chosen, np.nan, self.with_nan[:, self._places])
        self.hidden = np.zeros((len(x), len(layout.widths)), bool)
        self.hidden[:, layout.numbers] = chosen

    def error(self, filled: Numbers) -> float:
        """The RMSE of filled rows (N, W or more) over the hidden cells."""
        return rmse(filled[:, self._places], self._truth, self.hidden[:, self._numbers])


def some_known(values: Numbers, seed: int) -> NDArray[np.bool_]:
    """SHARE of the cells (N, M) that are not NaN, at random; at least one."""
    known = np.flatnonzero(~np.isnan(values))
    count = max(1, round(SHARE * len(known)))
    found = np.zeros(values.size, bool)
    found[np.random.default_rng(seed).choice(known, count, replace=False)] = True
    return found.reshape(values.shape)
