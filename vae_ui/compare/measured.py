"""All figures on the Compare page: measured in the background on demand, shown as a table, a heat map and a diagnosis."""

from collections.abc import Sequence

import streamlit as st

from vae_core.jobs.measurement import Measurement, Report
from vae_ui.base import current_user, plain_text
from vae_ui.base.csv_download import csv_button
from vae_ui.base.pictures import tint
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.compare import files
from vae_ui.comparison import charts, tables
from vae_ui.comparison.side_by_side import Model
from vae_ui.widgets import findings, model_cache
from vae_ui.widgets.job_status import how_far

SMALL = 1000  # test images below which measuring takes seconds


def section(group: Sequence[Model]) -> None:
    """The figures of measured models, and a button to measure the others."""
    st.header(t("All figures"), anchor=False)
    jobs = {model.title: Measurement.of(model.explorer.info) for model in group}
    reports = {title: found for title, job in jobs.items() if (found := job.load())}
    _measure(group, {title: job for title, job in jobs.items() if title not in reports})
    known = [model for model in group if model.title in reports]
    if known:
        _show(known, [reports[model.title] for model in known])


def _measure(group: Sequence[Model], jobs: dict[str, Measurement]) -> None:
    """Offer to measure the models of `jobs`, or show the progress."""
    if any(job.progress() is not None for job in jobs.values()):
        _watch(jobs)
    elif jobs and not model_cache.at_hand(group[0].name):
        st.info(
            t(
                "To measure {models}, the data set is needed, which is not on this computer: download it on the Train page.",
                models=plain_text.markdown(", ".join(jobs)),
            )
        )
    elif jobs:
        _offer(group, jobs)


def _offer(group: Sequence[Model], jobs: dict[str, Measurement]) -> None:
    models = plain_text.markdown(", ".join(jobs))
    if len(group[0].explorer.latents.mean) < SMALL:
        st.info(
            t(
                "Not measured yet: {models}. It takes some seconds for each model in the background; the result is kept.",
                models=models,
            )
        )
    else:
        st.info(
            t(
                "Not measured yet: {models}. It takes one to three minutes for each model in the background; the result is kept.",
                models=models,
            )
        )
    for title, job in jobs.items():
        if reason := job.failure():
            plain_text.refuse(t("Measuring {model} failed. {reason}", model=title, reason=t(reason)))
    if st.button(t("Measure"), type="primary", icon=":material/play_arrow:", key=f"measure-{group[0].data}"):
        with readable_errors():
            for job in jobs.values():
                job.start(current_user.present())
        st.rerun()


@st.fragment(run_every=1)
def _watch(jobs: dict[str, Measurement]) -> None:
    """Show the progress of each job; a finished one appears in the table at once."""
    done = {title: job.progress() for title, job in jobs.items()}
    running = {title: share for title, share in done.items() if share is not None}
    if not running or any(job.result.exists() for job in jobs.values()):
        st.rerun()
    for title, share in running.items():
        far = how_far(jobs[title], share)
        st.progress(share, t("Measuring {model}: {progress}", model=plain_text.markdown(title), progress=far))
    if st.button(t("Stop"), icon=":material/stop:", key=f"stop-{'-'.join(jobs)}"):
        for job in jobs.values():
            job.cancel()
        st.rerun()
    st.caption(t("You can use the app meanwhile."))


def _show(group: Sequence[Model], reports: Sequence[Report]) -> None:
    st.html(tables.measured(group, reports))
    st.caption(tables.measured_notes(group))
    csv_button(lambda: files.measured(group, reports), "all-figures", f"measured-csv-{group[0].data}")
    _factors(group, reports)
    st.html(
        "".join(
            findings.listed(model.title, each.findings, t("nothing found."))
            for model, each in zip(group, reports, strict=True)
        )
    )
    st.caption(t("The diagnosis: what the figures show to be wrong, and what to change in the next training run."))


def _factors(group: Sequence[Model], reports: Sequence[Report]) -> None:
    """The heat maps of true factors side by side, all on one scale."""
    drawn = [(model, report.factors) for model, report in zip(group, reports, strict=True) if report.factors]
    if not drawn:
        return
    most = max(share for _, factors in drawn for row in factors.shares for share in row)
    columns = st.columns(2)
    for place, (model, factors) in enumerate(drawn):
        columns[place % 2].plotly_chart(
            charts.heat_map(
                plain_text.plotly(model.title),
                [plain_text.plotly(t(name)) for name in factors.names],
                factors.shares,
                most,
                tint("loss"),
            ),
            config={"displayModeBar": False},
            key=f"factors-{model.name}",
        )
    st.caption(
        t(
            "The share of a true factor's entropy that each number of the code carries by itself. A disentangled code has one bright "
            "cell in each column and at most one in each row. A dark row is a number that carries nothing; a dark column is a factor "
            "that no single number carries."
        )
    )
