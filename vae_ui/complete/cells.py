"""A person's table with empty cells, filled in by a model of such a table."""

import tempfile
from pathlib import Path

import streamlit as st

from vae_core.completion.table_cells import FilledTable, fill_table
from vae_core.data.tables.file_formats import READERS
from vae_core.data.tables.reading import read
from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.export.csv_files import csv_file
from vae_ui.base import plain_text
from vae_ui.base.translation import ngettext, t
from vae_ui.complete import imputers, opened
from vae_ui.datasets import uploads

SHOWN = 200  # filled cells that are listed


def show(name: str, model: Explorer) -> None:
    """A person's table, filled; below it, how good the model is beside scikit-learn's imputers."""
    _own_table(name, model)
    imputers.show(name, model.info)


def _own_table(name: str, model: Explorer) -> None:
    """The upload, the cells that were filled, and the whole table as CSV."""
    columns = ", ".join(plain_text.markdown(column.name) for column in model.info.columns)
    st.markdown(t("The columns of this model: {columns}.", columns=columns))
    file = st.file_uploader(
        t("A table with these columns and empty cells"),
        [suffix[1:] for suffix in READERS],
        key="complete-table",
        max_upload_size=50,
    )
    uploads.say_refusal()
    if file is None:
        return
    try:
        found = _filled(name, file.getvalue(), Path(file.name).suffix)
    except UserError as error:
        plain_text.refuse(error)
        return
    st.success(
        ngettext(
            "{count:,} cell was filled.", "{count:,} cells were filled.", len(found.filled), count=len(found.filled)
        )
    )
    some = found.filled[:SHOWN]
    table = {
        t("Row"): [cell.row for cell in some],
        t("Column"): [cell.column for cell in some],
        t("Value"): [cell.value for cell in some],
    }
    st.dataframe(table, hide_index=True)
    if found.left:
        st.caption(
            t("{count:,} empty cells are left: they stand in columns that the model does not have.", count=found.left)
        )
    st.download_button(
        t("Download the filled table"),
        csv_file(found.columns),
        "filled.csv",
        "text/csv",
        key="complete-save",
        on_click="ignore",
        icon=":material/download:",
    )


def _filled(name: str, data: bytes, suffix: str) -> FilledTable:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table{suffix.lower()}"
        path.write_bytes(data)
        return fill_table(opened.checkpoint(name), read(path, fewest=1))
