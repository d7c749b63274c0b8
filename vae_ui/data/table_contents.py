"""What is in a table: its first training rows in its own units, and for each column what the model will see of it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from vae_core.data import Dataset
from vae_core.data.tables.columns import Cell, Column
from vae_core.messages import Message
from vae_ui.base.translation import t
from vae_ui.views.row import formats

SHOWN = 100  # rows
KINDS = {"number": Message("number"), "category": Message("category")}


@dataclass(frozen=True)
class TableExamples:
    """Some training rows by column with their labels, and of each column its settings and the number of missing training values."""

    cells: dict[str, list[Cell]]
    labels: list[str]
    columns: tuple[Column, ...]
    missing: tuple[int, ...]


def examples(data: Dataset) -> TableExamples:
    """The first training rows of a table, and its columns."""
    x, layout = data.train.x, data.layout
    lacking = dict(zip(layout.missing, x[:, layout.flags].sum(0).tolist(), strict=True))
    labels = [data.classes[label] for label in data.train.labels[:SHOWN].tolist()] if data.classes else []
    missing = tuple(int(lacking.get(place, 0)) for place in range(len(data.columns)))
    return TableExamples(data.cells(x[:SHOWN]), labels, data.columns, missing)


def show_rows(found: TableExamples) -> None:
    """Draw the rows as a table, the label first."""
    label = {t("label"): found.labels} if found.labels else {}
    st.dataframe({**label, **found.cells}, height=360, hide_index=True, column_config=formats(found.columns))


def show_columns(found: TableExamples) -> None:
    """Draw a line for each column: what it is, its values, and how many training rows lack it."""
    st.dataframe(
        {
            t("Column"): [column.name for column in found.columns],
            t("Kind"): [t(KINDS[column.kind]) for column in found.columns],
            t("Values"): list(_values(found)),
            t("Missing"): list(found.missing),
        },
        hide_index=True,
    )
    st.caption(
        t(
            "Numbers are given to the model in standard deviations from their mean, categories as one number for each value."
        )
    )


def _values(found: TableExamples) -> Iterator[str]:
    for column in found.columns:
        if column.kind == "category":
            yield ", ".join(column.values)
        else:
            digits = min(6, max(0, 2 - math.floor(math.log10(column.scale))))
            yield f"{column.mean:.{digits}f} ± {column.scale:.{digits}f}"
