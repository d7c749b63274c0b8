"""What the doctor sees, drawn the same on every page, and what it sees of the run in view."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

import streamlit as st

from vae_core import checkpoints
from vae_core.errors import UserError
from vae_core.metrics.doctor import Finding, examine
from vae_core.metrics.history import of_run
from vae_core.runs import RunRow
from vae_core.runs.curves import Series
from vae_ui.pictures import tint

ENDED = ("done", "stopped")


def listed(title: str, findings: Sequence[Finding], nothing: str = "Nothing found.") -> str:
    """The findings under a title as HTML, each with its figure, its meaning and what to try; else `nothing`."""
    found = "".join(
        f'<li><b style="color:{tint("eps")}">{escape(each.name)}</b> ({escape(each.figure)}): {escape(each.sentence)} '
        f"<i>{escape(each.advice)}</i></li>"
        for each in findings
    )
    said = f'<ul style="margin:.2rem 0 .8rem;padding-left:1.2rem">{found}</ul>' if found else escape(nothing)
    return f'<div style="margin-bottom:.5rem;line-height:1.4"><b>{escape(title)}</b>: {said}</div>'


def of(row: RunRow, series: Series) -> tuple[Finding, ...]:
    """The findings on a run, worst first: by its curves while it trains, by its codes too once its model is whole."""
    weights = row.folder / checkpoints.WEIGHTS
    try:
        if row.state in ENDED and weights.exists():
            return _of_model(str(row.folder), weights.stat().st_mtime_ns, row.state, row, series)
    except (
        UserError,
        OSError,
    ):  # a model that cannot be opened says so where one opens it; the curves are there all the same
        pass
    return examine(of_run(row, series))


@st.cache_data(max_entries=64, show_spinner=False)
def _of_model(folder: str, changed: int, state: str, _row: RunRow, _series: Series) -> tuple[Finding, ...]:
    return examine(of_run(_row, _series, checkpoints.load(Path(folder))))


def section(row: RunRow, series: Series) -> None:
    """The findings on the run in view, in a place of their own, so that nothing moves when one comes or goes."""
    found = of(row, series)
    if found or row.state not in ("queued", "failed"):
        st.html(listed("What the doctor sees", found, "Nothing found." if row.state in ENDED else "nothing so far."))
