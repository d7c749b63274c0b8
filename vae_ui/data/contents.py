"""What is in the chosen data set: images of each class with their number, the splits, the values, and faults with what mends them."""

from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from vae_core.config import DataConfig
from vae_core.data import DATASETS, duplicates_and_imbalance, load
from vae_core.data.base import Fault
from vae_core.data.summary import ClassSummary, Summary, summarise
from vae_core.errors import UserError
from vae_core.images import writing
from vae_core.messages import Message
from vae_core.utils.memory import release_freed_memory
from vae_ui.base import pictures, plain_text
from vae_ui.base.palette import class_colours
from vae_ui.base.translation import Later, ngettext, t
from vae_ui.data import table_contents
from vae_ui.data.table_contents import TableExamples
from vae_ui.datasets import choose_data
from vae_ui.datasets.known_data import show_notes

EXAMPLES, POINTS_SHOWN = 12, 600  # of each class
CLASSES_SHOWN = 12


@dataclass(frozen=True)
class Contents:
    """A data set's summary, its faults, and notes on how it was read; or what is wrong with it. `table`: rows of a table."""

    summary: Summary | None
    faults: tuple[Fault, ...]
    notes: tuple[Message, ...] = ()
    table: TableExamples | None = None
    problem: str = ""


def show(data: DataConfig, place: DeltaGenerator | None = None) -> None:
    """All that the page says about the data; the examples go to `place` where one is given."""
    path = Path(data.path)
    found = _contents(data.model_dump_json(), path.stat().st_mtime_ns if path.is_file() else 0)
    if found.summary is None:
        plain_text.refuse(found.problem)
        return
    show_notes(found.notes)
    _faults(found.faults, data)
    with place or st.container():
        if found.table is not None:
            table_contents.show_rows(found.table)
        elif found.summary.is_points:
            _scatter(found.summary)
        else:
            _images(found.summary, DATASETS[data.dataset].title)
    left, right = st.columns(2, gap="medium")
    with left:
        _splits(found.summary)
    with right:
        if found.table is None:
            _values(found.summary)
        else:
            table_contents.show_columns(found.table)


@st.cache_data(max_entries=32, ttl="1h", show_spinner=Later("Reading the data set ..."))
def _contents(settings: str, changed: int) -> Contents:
    """Read once for all sessions, until an uploaded file changes."""
    try:
        data = load(DataConfig.parse(settings))
        summary = summarise(data, POINTS_SHOWN if len(data.shape) == 1 else EXAMPLES)
        table = table_contents.examples(data) if data.columns else None
        found = Contents(summary, tuple(duplicates_and_imbalance.faults(data)), data.notes, table)
    except UserError as error:
        found = Contents(None, (), problem=error.message)
    release_freed_memory()
    return found


def _faults(faults: tuple[Fault, ...], data: DataConfig) -> None:
    for number, fault in enumerate(faults):
        with st.container(horizontal=True, vertical_alignment="center"):
            plain_text.warn(fault.sentence)
            if fault.mend:
                st.button(
                    t("Mend this"),
                    key=f"data.mend.{number}",
                    icon=":material/build:",
                    on_click=choose_data.adopt,
                    args=(data.replace(**fault.mend),),
                )


def _images(summary: Summary, title: str) -> None:
    """A strip of training images for each class, with its name and a bar of their number."""
    most = max(sum(one.counts) for one in summary.classes)
    shown = summary.classes[:CLASSES_SHOWN]
    st.html("".join(_class_row(one, most, title) for one in shown))
    if hidden := len(summary.classes) - len(shown):
        st.caption(ngettext("{count} more class", "{count} more classes", hidden))


def _class_row(one: ClassSummary, most: int, title: str) -> str:
    count, name = sum(one.counts), one.name or t(title)
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


def _scatter(summary: Summary) -> None:
    figure = go.Figure()
    for one, colour in zip(summary.classes, class_colours(len(summary.classes)), strict=True):
        figure.add_scatter(
            x=one.examples[:, 0],
            y=one.examples[:, 1],
            mode="markers",
            name=plain_text.plotly(one.name or t("points")),
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


def _splits(summary: Summary) -> None:
    """How many images are for training, validation and test, as one bar."""
    counts = summary.counts
    names = (t("training"), t("validation"), t("test"))
    tints = (pictures.tint("x"), pictures.tint("q"), pictures.tint("z"))
    bars = "".join(
        f'<i style="flex:{count} 0 2px;background:{tint}"></i>' for count, tint in zip(counts, tints, strict=True)
    )
    legend = "".join(
        f'<span><i style="display:inline-block;width:.7rem;height:.7rem;border-radius:2px;background:{tint}"></i> '
        f"{escape(name)} <b>{count:,}</b></span>"
        for name, count, tint in zip(names, counts, tints, strict=True)
    )
    st.html(
        f'<div style="font-weight:600;margin-bottom:6px">{escape(t("Splits"))}</div>'
        f'<div style="display:flex;height:14px;border-radius:4px;overflow:hidden;gap:2px">{bars}</div>'
        f'<div style="display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;margin-top:6px">{legend}</div>'
    )
    st.caption(t("Validation images choose between models, test images judge the chosen one; neither is trained on."))


def _values(summary: Summary) -> None:
    """The histogram of the values, on a logarithmic scale so that rare values can be seen."""
    middle = (summary.edges[1:] + summary.edges[:-1]) / 2
    figure = go.Figure(go.Bar(x=middle, y=100 * summary.shares, marker={"color": pictures.tint("x")}))
    figure.update_xaxes(title=t("grey level, 0 black to 255 white") if not summary.is_points else t("value"))
    figure.update_yaxes(title=t("% of values"), type="log", range=[-2, 2.1], dtick=1)
    figure.update_layout(
        height=210, margin={"l": 10, "r": 10, "t": 6, "b": 10}, font={"size": 14}, bargap=0.05, dragmode=False
    )
    st.plotly_chart(figure, width="stretch", config={"displayModeBar": False})
