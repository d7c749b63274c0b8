"""Examples of a data set as they are: pictures of each class with their number, the first rows of a table, or points of the plane."""

from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from vae_core.config import DataConfig
from vae_core.data import DATASETS, Dataset, duplicates_and_imbalance, load
from vae_core.data.base import Array, Fault
from vae_core.data.summary import ClassSummary, Summary, summarise
from vae_core.data.tables.columns import Cell, Column
from vae_core.data.text.molecules import MOLECULES
from vae_core.data.text.vocabulary import Vocabulary
from vae_core.errors import UserError
from vae_core.images import writing
from vae_core.messages import Message
from vae_core.utils.arrays import Int64
from vae_core.utils.memory import release_freed_memory
from vae_ui.base import pictures, plain_text
from vae_ui.base.palette import class_colours
from vae_ui.base.translation import Later, ngettext, t
from vae_ui.views.molecule import drawn
from vae_ui.views.row import formats
from vae_ui.widgets.choose_image import class_title

EXAMPLES, POINTS_SHOWN = 12, 600  # of each class
CLASSES_SHOWN = 12
ROWS_SHOWN = 100


@dataclass(frozen=True)
class TableExamples:
    """Some training rows by column with their labels, and of each column its settings and the number of missing training values."""

    cells: dict[str, list[Cell]]
    labels: list[str]
    columns: tuple[Column, ...]
    missing: tuple[int, ...]


@dataclass(frozen=True)
class Contents:
    """A data set's summary, its faults, and notes on how it was read; or what is wrong with it.

    `table`: rows of a table; `sentences`: some sentences by class, of molecules their SMILES.
    """

    summary: Summary | None
    faults: tuple[Fault, ...]
    notes: tuple[Message, ...] = ()
    table: TableExamples | None = None
    sentences: dict[str, list[str]] | None = None
    problem: str = ""


def contents_of(data: DataConfig) -> Contents:
    """What is in a data set, read once for all sessions until an uploaded file changes."""
    path = Path(data.path)
    return _read(data.model_dump_json(), path.stat().st_mtime_ns if path.is_file() else 0)


def show(data: DataConfig, found: Contents) -> None:
    """Draw the examples of contents that could be read."""
    if found.table is not None:
        _rows(found.table, data)
    elif found.sentences is not None and data.dataset == MOLECULES.name:
        _molecules(found.sentences)
    elif found.sentences is not None:
        _sentences(found.sentences, data)
    elif found.summary is not None and found.summary.is_points:
        _scatter(found.summary, data)
    elif found.summary is not None:
        _images(found.summary, data)


@st.cache_data(max_entries=32, ttl=3600, show_spinner=Later("Reading the data set ..."))
def _read(settings: str, changed: int) -> Contents:
    try:
        data = load(DataConfig.parse(settings))
        summary = summarise(data, POINTS_SHOWN if len(data.shape) == 1 else EXAMPLES)
        table = _table(data) if data.columns else None
        words = data.vocabulary
        texts = None if words is None else {one.name: _texts(words, one.examples) for one in summary.classes}
        found = Contents(summary, tuple(duplicates_and_imbalance.faults(data)), data.notes, table, texts)
    except UserError as error:
        found = Contents(None, (), problem=error.message)
    release_freed_memory()
    return found


def _table(data: Dataset) -> TableExamples:
    """Some training rows of a table, of which the classes take turns, and its columns."""
    x, layout = data.train.x, data.layout
    lacking = dict(zip(layout.missing, x[:, layout.flags].sum(0).tolist(), strict=True))
    rows = _in_turns(data.train.labels.numpy())[:ROWS_SHOWN]
    labels = [data.classes[label] for label in data.train.labels[rows].tolist()] if data.classes else []
    missing = tuple(int(lacking.get(place, 0)) for place in range(len(data.columns)))
    return TableExamples(data.cells(x[rows]), labels, data.columns, missing)


def _in_turns(labels: Int64) -> Int64:
    """The order of examples in which the first of each class come first, then the second ones, and so on."""
    by_class = np.argsort(labels, kind="stable")
    _, starts, counts = np.unique(labels[by_class], return_index=True, return_counts=True)
    turns = np.empty(len(labels), np.int64)
    turns[by_class] = np.arange(len(labels)) - np.repeat(starts, counts)
    return np.lexsort((labels, turns))


def _rows(found: TableExamples, data: DataConfig) -> None:
    """Draw the rows as a table, the label first."""
    label = {t("label"): [class_title(name, data) for name in found.labels]} if found.labels else {}
    st.dataframe({**label, **found.cells}, height=360, hide_index=True, column_config=formats(found.columns))


def _sentences(found: dict[str, list[str]], data: DataConfig) -> None:
    """Draw some sentences of each class in a table."""
    pairs = [(class_title(name, data), text) for name, texts in found.items() for text in texts[:EXAMPLES]]
    label = {t("label"): [name for name, _ in pairs]} if len(found) > 1 else {}
    st.dataframe({**label, t("sentence"): [text for _, text in pairs]}, height=360, hide_index=True)


def _texts(words: Vocabulary, ids: Array) -> list[str]:
    """Sentences, or molecules as SMILES."""
    return words.smiles(ids[:EXAMPLES]) if words.notation else words.sentences(ids)


def _molecules(found: dict[str, list[str]]) -> None:
    """Draw the structures of some molecules of each class."""
    for name, texts in found.items():
        cells = "".join(f'<div style="flex:0 0 110px">{drawn(one, one, None, 110)}</div>' for one in texts)
        st.html(
            f'<div style="margin-bottom:8px"><b>{escape(name)}</b><div role="group" tabindex="0" aria-label="{escape(name)}" '
            f'style="display:flex;gap:6px;overflow-x:auto">{cells}</div></div>'
        )


def _images(summary: Summary, data: DataConfig) -> None:
    """A strip of training images for each class, with its name and a bar of their number."""
    most = max(sum(one.counts) for one in summary.classes)
    shown = summary.classes[:CLASSES_SHOWN]
    st.html("".join(_class_row(one, most, data) for one in shown))
    if hidden := len(summary.classes) - len(shown):
        st.caption(ngettext("{count} more class", "{count} more classes", hidden))


def _class_row(one: ClassSummary, most: int, data: DataConfig) -> str:
    count, name = sum(one.counts), class_title(one.name, data) if one.name else t(DATASETS[data.dataset].title)
    picture = (
        writing.sheet(writing.pictures(one.examples), len(one.examples))
        if len(one.examples)
        else np.zeros((1, 1), np.uint8)
    )
    alt = t("Training images of {name}", name=name)
    bar = f"width:{max(1, 100 * count / most):.1f}%;height:5px;border-radius:3px;background:{pictures.tint('x')}"
    return (
        '<div style="display:flex;gap:.9rem;align-items:center;margin-bottom:6px">'
        f'<div style="flex:0 0 7.2rem;line-height:1.25;overflow-wrap:anywhere"><b>{escape(name)}</b>'
        f'<div style="font-size:.85rem;opacity:.75">{count:,}</div><div style="{bar}"></div></div>'
        f'<div style="flex:1 1 0;min-width:0;max-width:{64 * len(one.examples)}px;overflow:hidden">'
        f"{pictures.image(picture, alt, width=f'max(100%, {44 * len(one.examples)}px)')}</div></div>"
    )


def _scatter(summary: Summary, data: DataConfig) -> None:
    figure = go.Figure()
    for one, colour in zip(summary.classes, class_colours(len(summary.classes)), strict=True):
        figure.add_scatter(
            x=one.examples[:, 0],
            y=one.examples[:, 1],
            mode="markers",
            name=plain_text.plotly(class_title(one.name, data) if one.name else t("points")),
            marker={"size": 5, "color": colour, "opacity": 0.6},
        )
    figure.update_xaxes(title="x1", zeroline=False)
    figure.update_yaxes(title="x2", zeroline=False, scaleanchor="x")
    figure.update_layout(
        height=430,
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        font={"size": 15},
        dragmode=False,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"},
    )
    st.plotly_chart(figure, width="stretch", config={"displayModeBar": False})
