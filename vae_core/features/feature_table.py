"""The codes of a data set as a table with one row for each example, and as a CSV, Parquet or npz file."""

import io
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from vae_core.data import Dataset
from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.export.csv_files import Table, csv_file
from vae_core.features.targets import Target, Values, hidden, targets, values
from vae_core.few_labels.classifiers import Features as Rows
from vae_core.few_labels.classifiers import features_of

SPLITS = ("train", "val", "test")
SUFFIXES = (".csv", ".parquet", ".npz")


@dataclass(frozen=True)
class FeatureTable:
    """`codes` (N, L) are the means of q(z|x), `raw` (N, D) the data themselves, `split` (N,) names, `known` (N,) targets by name."""

    codes: Rows
    raw: Rows
    split: NDArray[np.str_]
    known: dict[str, Values]

    @property
    def table(self) -> Table:
        """A row for each example: its number, its split, the targets, and the code."""
        code = {f"z{i + 1}": self.codes[:, i] for i in range(self.codes.shape[1])}
        return {"number": np.arange(len(self.codes)), "split": self.split, **self.known, **code}


def feature_table(model: Explorer, data: Dataset, target: Target | None = None) -> FeatureTable:
    """The features of all splits. A column of a table that is the `target` is hidden from the codes, and is not part of `raw`.

    Raises UserError for a model that is told the class, and for data of another shape.
    """
    if model.conditional:
        raise UserError(
            "This model is told the class, so its codes are no features for telling it: choose another model."
        )
    if data.shape != model.shape or (data.columns and data.columns != model.info.columns):
        raise UserError(
            "The data have another shape than those that the model was trained on: choose a model of theirs."
        )
    if clash := next((name for name in targets(data) if re.fullmatch(r"z\d+|number|split", name)), None):
        raise UserError("The column '{name}' has the name of one that is written beside it: rename it.", name=clash)
    parts = [getattr(data, name) for name in SPLITS]
    fill = _mean(parts[0].x, target)
    codes = [model.encode(hidden(part.x, target, fill).numpy())[0] for part in parts]
    raw = features_of(torch.cat([part.x for part in parts]).numpy())
    if target is not None and target.width:
        raw = np.delete(raw, np.s_[target.column : target.column + target.width], 1)
    known = {name: np.concatenate([values(part, one) for part in parts]) for name, one in targets(data).items()}
    return FeatureTable(np.concatenate(codes), raw, np.repeat(SPLITS, [len(part) for part in parts]), known)


def _mean(x: torch.Tensor, target: Target | None) -> float:
    return float(x[:, target.column].nanmean()) if target is not None and target.width else 0.0


def content(table: Table, file: Path) -> bytes:
    """The table as the kind of file that its name says; raises UserError for another kind."""
    if file.suffix == ".csv":
        return csv_file(table)
    written = io.BytesIO()
    if file.suffix == ".npz":
        np.savez_compressed(written, **{name: np.asarray(column) for name, column in table.items()})  # type: ignore[arg-type]
    elif file.suffix == ".parquet":
        from pyarrow import parquet
        from pyarrow import table as arrow

        parquet.write_table(arrow({name: np.asarray(column) for name, column in table.items()}), written)
    else:
        raise UserError(
            "{file}: the name of the file must end in {suffixes}.", file=file.name, suffixes=", ".join(SUFFIXES)
        )
    return written.getvalue()
