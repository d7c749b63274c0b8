"""The column of a table whose values are the labels: which could be it, and the class of each row."""

from collections.abc import Sequence

import numpy as np

from vae_core.data.tables.column_types import MOST_VALUES, Recognised, values_of
from vae_core.errors import UserError
from vae_core.utils.arrays import Int64

USUAL_LABELS = ("label", "class", "target", "species", "category", "outcome", "y")  # offered first


def label_column(found: Sequence[Recognised], label: str, name: str) -> Recognised | None:
    """The column called `label`, None where no name is given; raises UserError where it cannot be the label of the table `name`."""
    if not label:
        return None
    chosen = next((column for column in found if column.name == label), None)
    if chosen is None or not chosen.can_be_label:
        offered = ", ".join(offered_labels(found)) or "none"
        raise UserError(
            "'{label}' cannot be the label of {name}: choose a column with at most {most} different values ({offered}).",
            label=label,
            name=name,
            most=MOST_VALUES,
            offered=offered,
        )
    return chosen


def offered_labels(found: Sequence[Recognised]) -> tuple[str, ...]:
    """The columns that could be the label: usual names first, then categories without missing values, the last column first."""

    def unusual(column: Recognised) -> tuple[bool, bool, bool]:
        return column.name.lower() not in USUAL_LABELS, column.kind != "category", bool(column.missing.any())

    return tuple(column.name for column in sorted((c for c in reversed(found) if c.can_be_label), key=unusual))


def classes_of(label: Recognised | None, count: int) -> tuple[tuple[str, ...], Int64]:
    """The names of the classes and the class of each row (N,), -1 where it is missing."""
    if label is None:
        return (), np.zeros(count, np.int64)
    names = values_of(label)
    places = {name: place for place, name in enumerate(names)}
    return names, np.array([-1 if value is None else places[value] for value in label.values()], np.int64)
