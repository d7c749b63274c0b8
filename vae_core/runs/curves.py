"""Training curves: a run's records as arrays."""

import math
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Series:
    """Curves by step and by epoch: one array (T,) per figure; `epochs["kl"]` is (T, L), in nats per latent dimension."""

    steps: dict[str, npt.NDArray[np.float64]]
    epochs: dict[str, npt.NDArray[np.float64]]


def columns(records: list[dict[str, Any]]) -> dict[str, npt.NDArray[np.float64]]:
    """Records as arrays by column name; {"train": {"loss": 1}} becomes the column "train_loss".

    None, missing values and lists whose length differs from the first one become NaN.
    """
    flat = [_flat(record) for record in records]
    names = dict.fromkeys(chain.from_iterable(flat))
    return {name: _array([record.get(name) for record in flat]) for name in names}


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            out.update({f"{name}_{inner}": number for inner, number in value.items()})
        elif not isinstance(value, str):
            out[name] = value
    return out


def _array(values: list[Any]) -> npt.NDArray[np.float64]:
    width = next((len(value) for value in values if isinstance(value, list)), None)
    if width is None:
        return np.array([value if isinstance(value, (float, int)) else math.nan for value in values], dtype=np.float64)
    rows = [value if isinstance(value, list) and len(value) == width else [math.nan] * width for value in values]
    return np.array(rows, dtype=np.float64)
