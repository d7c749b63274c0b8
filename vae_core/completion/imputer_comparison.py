"""A model of a table beside scikit-learn's imputers: known cells of test rows are hidden, and each fills them in."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

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
    layout, completer = data.layout, Completer(checkpoint)
    numbers, places = layout.numbers, [layout.parts[column].start for column in layout.numbers]
    x, train = data.test.x[:MOST_TEST].double().numpy(), data.train.x[:MOST_TRAINING].double().numpy()
    holed = with_nan(x, layout)
    hidden = np.zeros((len(x), len(layout.widths)), bool)
    hidden[:, numbers] = some_known(holed[:, places], seed)
    chosen = hidden[:, numbers]
    holed[:, places] = np.where(chosen, np.nan, holed[:, places])
    ours = completer.complete(data.test.x[:MOST_TEST].numpy(), hidden, draws=0, seed=seed)
    filled = {OURS: ours.mean.astype(np.float64)}
    for done, name in enumerate(IMPUTERS, 1):
        progress(done / (len(IMPUTERS) + 1))
        filled[name] = filled_by(name, with_nan(train, layout), holed, seed)
    errors = {name: rmse(one[:, places], x[:, places], chosen) for name, one in filled.items()}
    best_first = dict(sorted(errors.items(), key=lambda item: item[1]))
    return ImputerComparison(errors=best_first, cells=int(chosen.sum()), rows=len(x), training=len(train))


def some_known(values: Numbers, seed: int) -> NDArray[np.bool_]:
    """SHARE of the cells (N, M) that are not NaN, at random; at least one."""
    known = np.flatnonzero(~np.isnan(values))
    count = max(1, round(SHARE * len(known)))
    found = np.zeros(values.size, bool)
    found[np.random.default_rng(seed).choice(known, count, replace=False)] = True
    return found.reshape(values.shape)
