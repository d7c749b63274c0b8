"""What is in the chosen data set: images of each class with their number, the splits, the values, and faults with what mends them."""

from html import escape

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from vae_core.config import DataConfig
from vae_core.data.base import Fault
from vae_core.data.summary import Summary
from vae_ui.base import pictures, plain_text
from vae_ui.base.translation import t
from vae_ui.data import table_contents
from vae_ui.datasets import choose_data, examples
from vae_ui.datasets.known_data import show_notes


def show(data: DataConfig, place: DeltaGenerator | None = None) -> None:
    """All that the page says about the data; the examples go to `place` where one is given."""
    found = examples.contents_of(data)
    if found.summary is None:
        plain_text.refuse(found.problem)
        return
    show_notes(found.notes)
    _faults(found.faults, data)
    with place or st.container():
        examples.show(data, found)
    left, right = st.columns(2, gap="medium")
    with left:
        _splits(found.summary)
    with right:
        if found.table is not None:
            table_contents.show_columns(found.table)
        elif found.sentences is None:
            _values(found.summary)


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
