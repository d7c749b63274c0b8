"""The diagnosis of a model or a run: its findings as HTML, the same on every page."""

from collections.abc import Sequence
from contextlib import suppress
from html import escape
from pathlib import Path

import streamlit as st

from vae_core import checkpoints
from vae_core.errors import UserError
from vae_core.jobs.diagnosis_evidence import evidence_of_run, failure_finding
from vae_core.metrics.diagnosis.checks import diagnose
from vae_core.metrics.diagnosis.finding_and_evidence import Finding
from vae_core.runs import RunRow, Series
from vae_ui.base.pictures import tint
from vae_ui.base.translation import t

ENDED = ("done", "stopped")
PARTS = ("figure", "sentence", "advice")  # of a finding, which have numbers in them


def listed(title: str, findings: Sequence[Finding], nothing: str) -> str:
    """The findings under a title as HTML, each with its figure, its meaning and advice; the text `nothing` for none."""
    found = "".join(
        f'<li><b style="color:{tint("eps")}">{escape(t(each.name))}</b> ({_part(each, n, "figure")}): {_part(each, n, "sentence")} '
        f"<i>{_part(each, n, 'advice')}</i></li>"
        for n, each in enumerate(findings)
    )
    shown = f'<ul style="margin:.2rem 0 .8rem;padding-left:1.2rem">{found}</ul>' if found else escape(nothing)
    return f'<div style="margin-bottom:.5rem;line-height:1.4"><b>{escape(title)}</b>: {shown}</div>'


def texts(findings: Sequence[Finding]) -> dict[str, str]:
    """What of the listed findings changes while a run trains, by the name that it has on the page."""
    return {f"{part}-{n}": t(getattr(each, part)) for n, each in enumerate(findings) for part in PARTS}


def _part(each: Finding, n: int, part: str) -> str:
    return f'<span data-live="{part}-{n}">{escape(t(getattr(each, part)))}</span>'


def of(row: RunRow, series: Series) -> tuple[Finding, ...]:
    """The findings on a run, worst first: from its curves while it trains, and from its codes too once it has ended.

    The cause of a failure is not among them: it is the message of the run.
    """
    weights = row.folder / checkpoints.WEIGHTS
    if row.state in ENDED:
        with suppress(UserError, OSError):  # a damaged model is reported where it is opened; the curves remain
            return _of_model(str(row.folder), weights.stat().st_mtime_ns, row.state, row, series)
    return tuple(finding for finding in diagnose(evidence_of_run(row, series)) if finding != failure_finding(row))


@st.cache_data(max_entries=64, show_spinner=False)
def _of_model(folder: str, changed: int, state: str, _row: RunRow, _series: Series) -> tuple[Finding, ...]:
    return diagnose(evidence_of_run(_row, _series, checkpoints.load(Path(folder))))


def section(row: RunRow, found: Sequence[Finding]) -> None:
    """Show the findings on the run."""
    if found or row.state not in ("queued", "failed"):
        st.html(
            listed(t("Diagnosis"), found, t("nothing found.") if row.state in ENDED else t("nothing found so far."))
        )
