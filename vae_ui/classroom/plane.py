"""All runs of one data set on the plane of rate and distortion, each with its owner."""

from collections import Counter

import streamlit as st

from vae_core.runs import Store
from vae_core.runs.run_rows import RunRow
from vae_core.runs.state_machine import DELETED
from vae_ui.base import plain_text
from vae_ui.base.palette import themed
from vae_ui.base.translation import t
from vae_ui.classroom.names import names_of
from vae_ui.comparison import charts
from vae_ui.widgets import model_cache

LOOKED_AT, MOST = 300, 60  # of the newest runs, and dots


def draw() -> None:
    """The newest runs of the data set that most of them use, without private ones; nothing while none has finished an epoch."""
    newest = [
        row for row in Store().rows("state != ? AND NOT private", [DELETED], LOOKED_AT) if isinstance(row, RunRow)
    ]
    rows = [(row, terms) for row in newest if (terms := figures_of(row)) is not None]
    if not rows:
        return
    data = Counter(row.run.data.dataset for row, _ in rows).most_common(1)[0][0]
    some = [(row, terms) for row, terms in rows if row.run.data.dataset == data][:MOST]
    st.subheader(t("All runs"), anchor=False)
    shown = plain_text.markdown(model_cache.data_title(data))
    st.caption(t("{data}: the last epoch of each run on validation data, in nats per example.", data=shown))
    names = names_of(row.owner for row, _ in some)
    dots = [_dot(row, names[row.owner], *terms) for row, terms in some]
    colours = [themed(name)[0] for name in ("primary", "primary", "text")]
    st.plotly_chart(
        charts.rate_distortion(dots, *colours), config={"displayModeBar": False}, key="class-plane", width="stretch"
    )


def figures_of(row: RunRow) -> tuple[float, float] | None:
    """Rate and distortion of a run's last epoch on validation data, None before its first epoch and where there is no rate."""
    terms = row.latest.get("epoch", {}).get("val", {})
    return (terms["rate"], terms["distortion"]) if {"rate", "distortion"} <= terms.keys() else None


def _dot(row: RunRow, name: str, rate: float, distortion: float) -> charts.Dot:
    owner = plain_text.plotly(name)
    return charts.Dot(owner, rate, distortion, False, f"{plain_text.plotly(row.title)}<br>{owner}")
