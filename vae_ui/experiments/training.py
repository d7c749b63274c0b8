"""The runs of an experiment: started with one click, watched, and found again when the experiment is opened another time."""

import streamlit as st

from vae_core.errors import UserError
from vae_core.experiments.catalogue import EXPERIMENTS, Experiment
from vae_core.experiments.runs_of_arms import BUSY, find_runs
from vae_core.presets.run_config import RunConfig
from vae_core.runs import RunRow, Store
from vae_core.runs.many.listing import like
from vae_core.scheduling.start_scheduler import ensure_scheduler
from vae_ui.base import current_user, plain_text, state
from vae_ui.base.translation import t
from vae_ui.comparison.side_by_side import Model
from vae_ui.widgets import model_cache


def choose() -> Experiment:
    """Draw the list of experiments; gives the one that is chosen."""
    st.radio(
        t("The experiment"),
        list(EXPERIMENTS),
        format_func=lambda id: t(EXPERIMENTS[id].title),
        **state.bound("experiment-choice", state.choices(), "experiment", EXPERIMENTS),
    )
    return EXPERIMENTS[state.choices().experiment]


def models(experiment: Experiment) -> list[Model]:
    """The models of the experiment that are there, in the order of its arms; draws what to do about the others."""
    rows = find_runs(experiment, _alike)
    names = [_name(arm.bundled, row) for arm, row in zip(experiment.arms, rows, strict=True)]
    missing = [index for index, name in enumerate(names) if not name]
    if busy := _busy(rows):
        st.fragment(_watch, run_every=0.5)(experiment, busy)
    elif missing and experiment.bundled:
        st.info(t("The models of this experiment come with the app, and are not here: run `make checkpoints`."))
    elif missing:
        _offer(experiment, missing, rows)
    return [
        Model(name, t(arm.title), model_cache.explorer(name))
        for arm, name in zip(experiment.arms, names, strict=True)
        if name
    ]


def _alike(run: RunConfig) -> list[RunRow]:
    return like(Store(), run, current_user.present())


def _busy(rows: list[RunRow | None]) -> int:
    return sum(row is not None and row.state in BUSY for row in rows)


def _name(bundled: str, row: RunRow | None) -> str:
    """The name of an arm's model among all models; "" where there is none yet."""
    name = bundled or (f"run-{row.id}" if row is not None and row.state == "done" else "")
    return name if name in model_cache.models() else ""


def _offer(experiment: Experiment, missing: list[int], rows: list[RunRow | None]) -> None:
    """The button that trains what is missing, below a sentence on each run that ended without a result."""
    for index in missing:
        if row := rows[index]:
            plain_text.warn(_ended(t(experiment.arms[index].title), row))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        pressed = st.button(t("Train them"), type="primary", icon=":material/play_arrow:", key="experiment-train")
        st.caption(
            t(
                "Less than a minute, on the 8x8 digits, with equal seed and number of steps. "
                "The models are kept and open at once the next time."
            )
        )
    if pressed:
        _start(experiment, missing)


def _ended(title: str, row: RunRow) -> str:
    """Why a run has no model to show: it failed, was stopped or paused, or its files are damaged."""
    if row.state in ("failed", "lost"):
        return t(
            "The training of {model} failed. {reason} It can be trained again.", model=title, reason=t(row.message)
        )
    if row.state == "done":
        return t("The model of {model} is damaged. It can be trained again.", model=title)
    return t("The training of {model} was stopped. It can be trained again.", model=title)


def _start(experiment: Experiment, missing: list[int]) -> None:
    try:
        store = Store()
        for index in missing:
            store.create(experiment.arms[index].run(experiment.title), user=current_user.present())
        ensure_scheduler(store.home)
    except UserError as error:
        plain_text.refuse(error)
        return
    st.rerun()


def _watch(experiment: Experiment, busy: int) -> None:
    """How far each training is; the page is drawn again when not `busy` of them wait or train any more."""
    store = Store()
    ensure_scheduler(store.home)
    rows = find_runs(experiment, _alike)
    if _busy(rows) != busy:
        st.rerun()
    for arm, row in zip(experiment.arms, rows, strict=True):
        if row is not None and row.state in BUSY:
            title = plain_text.markdown(t(arm.title))
            st.progress(
                min(1.0, row.progress),
                t("{model}: {state} {share:.0%}", model=title, state=t(row.state), share=row.progress),
            )
    if st.button(t("Stop"), icon=":material/stop:", key="experiment-stop"):
        _stop(store, rows)


def _stop(store: Store, rows: list[RunRow | None]) -> None:
    for row in rows:
        if row is not None and "stop" in row.commands:
            try:
                store.command(row.id, "stop", current_user.present())
            except UserError as error:
                st.toast(plain_text.markdown(t(error)))
    st.rerun()
