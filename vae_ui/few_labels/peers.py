"""The table of all methods with the same labels, on codes and on pixels, and M2 trained with as many labels."""

import math
from pathlib import Path

import streamlit as st

from vae_core.errors import UserError
from vae_core.experiments.runs_of_arms import BUSY, find_run
from vae_core.explore.explorer import Explorer
from vae_core.few_labels.classifiers import METHODS, accuracy
from vae_core.few_labels.curve_job import PLACES
from vae_core.few_labels.m2_run import m2_accuracy, m2_run
from vae_core.messages import Message
from vae_core.presets.run_config import RunConfig
from vae_core.runs import RunRow, Store
from vae_core.runs.many.listing import like
from vae_core.utils.arrays import Int64
from vae_ui.base import current_user, plain_text
from vae_ui.base.score_table import Score, score_table
from vae_ui.base.translation import Later, t
from vae_ui.few_labels import given, guesses
from vae_ui.widgets import model_cache
from vae_ui.widgets.job_status import begin_training, watch_training

WATCHED = Message("Training M2: {state} {share:.0%}")
TITLES = {"codes": Message("on codes"), "pixels": Message("on the data themselves")}


def show(name: str, model: Explorer, where: Int64, labels: Int64) -> None:
    """Draw the table, the best in bold, and below it M2."""
    classes = len(given.names(name, model))
    places = PLACES if model_cache.at_hand(name) else PLACES[:1]
    right = {
        (method, place): accuracy(
            guesses.guessed(name, method, place, where, labels, classes),
            model.latents.labels[: given.dots(model)],
            where,
        )
        for place in places
        for method in METHODS
    }
    run = m2_run(model.info, len(where))
    row = find_run(run, like(Store(), run, current_user.present()))
    m2 = _m2_right(row)
    st.html(_table(right, places, m2, run.data.labelled or 0))
    st.caption(
        t(
            "The same labels for all, the share of the others that is right; bold: the best. Where the column on the right is as good, "
            "the code is not needed."
        )
    )
    if len(places) == 1:
        st.caption(t("The data set is not on this computer, so nothing can be compared with the data themselves."))
    elif m2 is None:
        _m2(run, row)


def _table(right: dict[tuple[str, str], float], places: tuple[str, ...], m2: float | None, labels: int) -> str:
    best = max((value for value in (*right.values(), m2 or 0) if not math.isnan(value)), default=1)
    lines = [
        (t(method.title), [Score(f"{right[one, place]:.1%}", right[one, place] >= best) for place in places])
        for one, method in METHODS.items()
    ]
    if m2 is not None:
        score = Score(f"{m2:.1%}", m2 >= best, columns=len(places))
        lines.append((t("M2, trained with {labels} labels", labels=labels), [score]))
    return score_table(("", *(t(TITLES[place]) for place in places)), lines)


def _m2_right(row: RunRow | None) -> float | None:
    name = f"run-{row.id}" if row is not None and row.state == "done" else ""
    return _accuracy(*model_cache.key(name)) if name in model_cache.models() else None


@st.cache_data(max_entries=32, show_spinner=Later("Scoring the test examples ..."))
def _accuracy(folder: str, changed: int) -> float | None:
    try:
        return m2_accuracy(Path(folder))
    except UserError:
        return None


def _m2(run: RunConfig, row: RunRow | None) -> None:
    if row is not None and row.state in BUSY:
        st.fragment(watch_training, run_every=1)(run, row.id, WATCHED, "few-labels-m2")
        return
    if row is not None and row.state in ("failed", "lost"):
        plain_text.warn(t("The training failed. {reason} It can be started again.", reason=t(row.message)))
    label = t("Train M2 with {labels} labels", labels=run.data.labelled or 0)
    if st.button(label, icon=":material/play_arrow:", key="few-labels-m2"):
        begin_training(run)
    st.caption(
        t(
            "M2 learns from all training pictures and from as many labels of theirs, drawn at random, as you have given here, at least "
            "one a class. It takes up to five minutes in the background."
        )
    )
