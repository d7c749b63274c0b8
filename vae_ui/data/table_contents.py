"""What is in a table: its first training rows in its own units, and for each column what the model will see of it."""

import math
from collections.abc import Iterator

import streamlit as st

from vae_core.messages import Message
from vae_ui.base.translation import t
from vae_ui.datasets.examples import TableExamples

KINDS = {"number": Message("number"), "category": Message("category")}


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
