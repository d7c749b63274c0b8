"""The table of all methods with the same labels, on codes and on pixels, and M2 trained with as many labels."""

import math
from html import escape
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
from vae_core.scheduling.start_scheduler import ensure_scheduler
from vae_core.utils.arrays import Int64
from vae_ui.base import current_user, plain_text
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import Later, t
from vae_ui.few_labels import given, guesses
from vae_ui.widgets import model_cache

CELL = "padding:4px 18px 4px 0;text-align:{side};border-bottom:1px solid rgb(128 128 128 / 30%);font-variant-numeric:tabular-nums"
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
    row = find_run(run, Store().runs())
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
    head = "".join(_cell("th", text, i) for i, text in enumerate(("", *(t(TITLES[place]) for place in places))))
    lines = "".join(
        _row(t(method.title), [right[one, place] for place in places], best) for one, method in METHODS.items()
    )
    if m2 is not None:
        lines += _row(t("M2, trained with {labels} labels", labels=labels), [m2], best, len(places))
    return (
        f'<div style="overflow-x:auto"><table style="border-collapse:collapse"><thead><tr>{head}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _row(title: str, values: list[float], best: float, span: int = 1) -> str:
    cells = "".join(_cell("td", f"{value:.1%}", 1, value >= best, span) for value in values)
    return f"<tr>{_cell('td', title, 0)}{cells}</tr>"


def _cell(tag: str, text: str, column: int, strong: bool = False, span: int = 1) -> str:
    content = f"<b>{escape(text)}</b>" if strong else escape(text)
    return f'<{tag} colspan="{span}" style="{CELL.format(side="right" if column else "left")}">{content}</{tag}>'


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
        st.fragment(_watch, run_every=1)(run, row.id)
        return
    if row is not None and row.state in ("failed", "lost"):
        plain_text.warn(t("The training failed. {reason} It can be started again.", reason=t(row.message)))
    label = t("Train M2 with {labels} labels", labels=run.data.labelled or 0)
    if st.button(label, icon=":material/play_arrow:", key="few-labels-m2"):
        with readable_errors():
            store = Store()
            store.create(run, user=current_user.present())
            ensure_scheduler(store.home)
        st.rerun()
    st.caption(
        t(
            "M2 learns from all training pictures and from as many labels of theirs, drawn at random, as you have given here, at least "
            "one a class. It takes up to five minutes in the background."
        )
    )


def _watch(run: RunConfig, id: str) -> None:
    store = Store()
    ensure_scheduler(store.home)
    row = find_run(run, store.runs())
    if row is None or row.id != id or row.state not in BUSY:
        st.rerun()
    assert row is not None
    share = min(1.0, row.progress)
    st.progress(share, t("Training M2: {state} {share:.0%}", state=t(row.state), share=share))
    if st.button(t("Stop"), icon=":material/stop:", key="few-labels-m2-stop") and "stop" in row.commands:
        with readable_errors():
            store.command(row.id, "stop", current_user.present())
        st.rerun()
