"""IMPUTERS: what scikit-learn has to fill in missing numbers of rows, by name; categories are one column for each value."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vae_core.axes.table_layout import TableLayout

Numbers = NDArray[np.float64]


def _simple(seed: int) -> Any:
    from sklearn.impute import SimpleImputer

    return SimpleImputer(keep_empty_features=True)


def _neighbours(seed: int) -> Any:
    from sklearn.impute import KNNImputer

    return KNNImputer(keep_empty_features=True)


def _iterative(seed: int) -> Any:
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401  makes the import below possible
    from sklearn.impute import IterativeImputer

    return IterativeImputer(random_state=seed, keep_empty_features=True)


IMPUTERS: dict[str, Callable[[int], Any]] = {
    "SimpleImputer": _simple,
    "KNNImputer": _neighbours,
    "IterativeImputer": _iterative,
}


def filled_by(name: str, train: Numbers, rows: Numbers, seed: int = 0) -> Numbers:
    """Rows (N, W) with NaN where a value is missing, filled by one of IMPUTERS that is fitted to the rows `train` (M, W)."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    imputer = IMPUTERS[name](seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # ten rounds are scikit-learn's usual number
        imputer.fit(train)
        return np.asarray(imputer.transform(rows), np.float64)


def with_nan(x: Numbers, layout: TableLayout) -> Numbers:
    """Rows (N, D) of a model without their flags, (N, W), and NaN where a flag says that a value is missing."""
    found = x[:, : layout.flags.start].copy()
    for flag, column in zip(x[:, layout.flags].T, layout.missing, strict=True):
        found[flag > 0.5, layout.parts[column]] = np.nan
    return found
