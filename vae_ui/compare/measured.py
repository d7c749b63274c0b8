"""All figures on the Compare page: measured in the background when asked for, then as a table, a heat map and a diagnosis."""

from collections.abc import Sequence

import streamlit as st

from vae_core.jobs.measurement import Measurement, Report
from vae_ui.base import person, plain_text
from vae_ui.base.pictures import tint
from vae_ui.base.readable_errors import readable_errors
from vae_ui.compare import tables
from vae_ui.compare.side_by_side import Model
from vae_ui.widgets import charts, findings, model_cache
from vae_ui.widgets.job_status import how_far

SMALL = 1000  # test images: the measuring takes seconds


def section(group: Sequence[Model]) -> None:
    """What has been measured of the models, and the way to measure the others."""
    st.header("All figures", anchor=False)
    jobs = {model.title: Measurement.of(model.explorer.info) for model in group}
    reports = {title: found for title, job in jobs.items() if (found := job.load())}
    _measure(group, {title: job for title, job in jobs.items() if title not in reports})
    known = [model for model in group if model.title in reports]
    if known:
        _show(known, [reports[model.title] for model in known])


def _measure(group: Sequence[Model], jobs: dict[str, Measurement]) -> None:
    """Offer to measure those that have not been, or show how far they are."""
    if any(job.progress() is not None for job in jobs.values()):
        _watch(jobs)
    elif jobs and not model_cache.at_hand(group[0].name):
        st.info(
            f"Measuring {plain_text.markdown(', '.join(jobs))} needs the data set, which is not on this computer: "
            "the Train page can download it."
        )
    elif jobs:
        _offer(group, jobs)


def _offer(group: Sequence[Model], jobs: dict[str, Measurement]) -> None:
    long = "some seconds" if len(group[0].explorer.latents.mean) < SMALL else "one to three minutes"
    st.info(
        f"Not measured yet: {plain_text.markdown(', '.join(jobs))}. "
        f"It takes {long} a model in the background, when its turn has come; the result is kept."
    )
    for title, job in jobs.items():
        if reason := job.failure():
            plain_text.refuse(f"Measuring {title} did not work. {reason}")
    if st.button("Measure them", type="primary", icon=":material/play_arrow:", key=f"measure-{group[0].data}"):
        with readable_errors():
            for job in jobs.values():
                job.start(person.present().id)
        st.rerun()


@st.fragment(run_every=1)
def _watch(jobs: dict[str, Measurement]) -> None:
    """How far each is; what has ended joins the table at once."""
    done = {title: job.progress() for title, job in jobs.items()}
    running = {title: share for title, share in done.items() if share is not None}
    if not running or any(job.result.exists() for job in jobs.values()):
        st.rerun()
    for title, share in running.items():
        st.progress(share, f"Measuring {plain_text.markdown(title)}: {how_far(jobs[title], share)}")
    if st.button("Stop", icon=":material/stop:", key=f"stop-{'-'.join(jobs)}"):
        for job in jobs.values():
            job.cancel()
        st.rerun()
    st.caption("You can go on meanwhile.")


def _show(group: Sequence[Model], reports: Sequence[Report]) -> None:
    st.html(tables.measured(group, reports))
    st.caption(tables.measured_notes(group))
    _factors(group, reports)
    st.html("".join(findings.listed(model.title, each.findings) for model, each in zip(group, reports, strict=True)))
    st.caption("What the figures say is wrong, and what to try at the next training.")


def _factors(group: Sequence[Model], reports: Sequence[Report]) -> None:
    """The heat maps side by side, all to one scale."""
    drawn = [(model, report.factors) for model, report in zip(group, reports, strict=True) if report.factors]
    if not drawn:
        return
    most = max(share for _, factors in drawn for row in factors.shares for share in row)
    columns = st.columns(2)
    for place, (model, factors) in enumerate(drawn):
        columns[place % 2].plotly_chart(
            charts.heat_map(
                plain_text.plotly(model.title),
                [plain_text.plotly(name) for name in factors.names],
                factors.shares,
                most,
                tint("loss"),
            ),
            config={"displayModeBar": False},
            key=f"factors-{model.name}",
        )
    st.caption(
        "What share of a true factor each number of the code tells by itself. A disentangled code has one bright cell in each column "
        "and at most one in each row; a dark row tells nothing, a dark column is a factor that no number tells alone."
    )
