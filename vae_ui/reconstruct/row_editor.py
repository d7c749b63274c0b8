"""The values of a table's row as widgets: a test row is the start, and what a person changes is kept in the session's place."""

import numpy as np
import streamlit as st

from vae_core.data.tables.columns import Cell, Column, decode, encode
from vae_core.explore.explorer import Explorer
from vae_core.explore.loaded_model import Images
from vae_ui.base import plain_text
from vae_ui.base.state import Place
from vae_ui.base.translation import t
from vae_ui.views.base import Inputs

AT_ONCE = 12  # columns that are offered at first
SIDE_BY_SIDE = 4


def edit(model: Explorer, place: Place, start: Inputs) -> None:
    """Draw the widgets: which columns to change, and a number or a choice for each."""
    columns = model.info.columns
    cells = decode(columns, np.asarray(start, np.float32)[None])
    names = [column.name for column in columns]
    shown = names
    with st.expander(t("Values of the row"), expanded=True):
        if len(columns) > AT_ONCE:
            shown = st.multiselect(t("Columns"), names, names[:AT_ONCE], key="row-columns", persist_state="session")
        if st.button(t("As in the test row"), icon=":material/undo:"):
            place.row.clear()
        grid = st.columns(SIDE_BY_SIDE)
        for number, column in enumerate(column for column in columns if column.name in shown):
            with grid[number % SIDE_BY_SIDE]:
                _widget(place, column, cells[column.name][0], columns.index(column))


def edited(model: Explorer, place: Place, start: Inputs) -> Images:
    """The row (D,) with the person's values in place of those of `start`."""
    columns = model.info.columns
    cells = decode(columns, np.asarray(start, np.float32)[None])
    own = {column.name: place.row.get(column.name, cells[column.name][0]) for column in columns}
    changed = encode(columns, {name: [value] for name, value in own.items()})[0]
    x = np.asarray(start, np.float32)
    return changed if place.row else x


def _widget(place: Place, column: Column, start: Cell, number: int) -> None:
    """The widget of one column; where values may be missing it may be emptied."""
    key, label = f"row-{number}", plain_text.markdown(column.name)
    st.session_state[key] = place.row.get(column.name, start)

    def keep() -> None:
        value = st.session_state[key]
        if value is not None or column.has_missing:
            place.row[column.name] = value

    hint = t("missing") if column.has_missing else None
    if column.kind == "category":
        st.selectbox(label, column.values, index=None, key=key, on_change=keep, placeholder=hint or column.values[0])
        return
    step = 1 if column.decimals == 0 else 10.0**-column.decimals
    st.number_input(
        label, value=None, step=step, format=f"%.{column.decimals}f" if column.decimals else "%d", key=key, on_change=keep,
        placeholder=hint,
    )  # fmt: skip
