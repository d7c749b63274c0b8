"""What the doctor sees, drawn the same on every page, and what it sees of the run in view."""

from collections.abc import Sequence
from contextlib import suppress
from html import escape
from pathlib import Path

import streamlit as st

from vae_core import checkpoints
from vae_core.errors import UserError
from vae_core.jobs.diagnosis_evidence import evidence_of_run, failure_finding
from vae_core.metrics.diagnosis import Finding, diagnose
from vae_core.runs import RunRow, Series
from vae_ui.base.pictures import tint

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
    """The findings on a run, worst first: by its curves while it trains, by its codes too once its model is whole.

    The cause of a failure is not among them: it is the sentence with which the run ended.
    """
    weights = row.folder / checkpoints.WEIGHTS
    if row.state in ENDED:
        with suppress(
            UserError, OSError
        ):  # a model that cannot be opened says so where one opens it; the curves are there
            return _of_model(str(row.folder), weights.stat().st_mtime_ns, row.state, row, series)
    return tuple(finding for finding in diagnose(evidence_of_run(row, series)) if finding != failure_finding(row))


@st.cache_data(max_entries=64, show_spinner=False)
def _of_model(folder: str, changed: int, state: str, _row: RunRow, _series: Series) -> tuple[Finding, ...]:
    return diagnose(evidence_of_run(_row, _series, checkpoints.load(Path(folder))))


def section(row: RunRow, found: Sequence[Finding]) -> None:
    """The findings on the run in view."""
    if found or row.state not in ("queued", "failed"):
        st.html(listed("What the doctor sees", found, "Nothing found." if row.state in ENDED else "nothing so far."))
