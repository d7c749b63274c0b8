"""What is known of a chosen data set once it has been read: its shape, classes and columns, and notes on how it was read."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils.memory import release_freed_memory
from vae_ui.base import plain_text
from vae_ui.base.translation import Later, ngettext, t

NOTES_SHOWN = 3  # the others are folded


@dataclass(frozen=True)
class Known:
    """What a form needs of a data set: the shape of an image, the names of the labels, and notes on how it was read.

    Of a table also the settings of a model that its columns need, and the columns that could be the label or hold texts.
    """

    shape: tuple[int, ...]
    classes: tuple[str, ...]
    notes: tuple[Message, ...]
    layout: dict[str, Any]
    label_columns: tuple[str, ...]
    text_columns: tuple[str, ...]


def show_notes(notes: tuple[Message, ...]) -> None:
    """Draw the notes, a line for each."""
    for note in notes[:NOTES_SHOWN]:
        st.caption(plain_text.markdown(t(note)))
    if rest := notes[NOTES_SHOWN:]:
        with st.expander(ngettext("{count} more note", "{count} more notes", len(rest))):
            for note in rest:
                st.caption(plain_text.markdown(t(note)))


def look(data: DataConfig) -> Known:
    """What is known of the data set; raises UserError where it cannot be read."""
    path = Path(data.path)
    settings = data.replace(target="grey").model_dump_json()
    known, problem = _read(settings, path.stat().st_mtime_ns if path.is_file() else 0)
    if known is None:
        raise UserError(problem)
    return known


@st.cache_data(max_entries=64, ttl=3600, show_spinner=Later("Reading the data set ..."))
def _read(data: str, changed: int) -> tuple[Known | None, str]:
    """The same, or what is wrong with an upload: read once, however often the form is drawn again."""
    try:
        found = load(DataConfig.parse(data))
    except UserError as error:
        if not changed:  # not an upload: it may be put right at any time
            raise
        return None, error.message
    columns = found.label_columns, found.text_columns
    known = Known(found.shape, found.classes, found.notes, found.layout_settings, *columns)
    del found
    release_freed_memory()
    return known, ""
