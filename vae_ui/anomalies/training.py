"""What is normal, and the training on it alone: started with one click, watched, and found again the next time."""

from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from vae_core.anomalies.normal_run import normal_run
from vae_core.config import DataConfig
from vae_core.experiments.runs_of_arms import BUSY, find_run
from vae_core.messages import Message
from vae_core.presets.run_config import RunConfig
from vae_core.runs import RunRow, Store
from vae_core.runs.many.listing import like
from vae_ui.base import current_user, plain_text, state
from vae_ui.base.translation import t
from vae_ui.datasets import choose_data, examples
from vae_ui.datasets.known_data import look
from vae_ui.widgets import choose_image, model_cache
from vae_ui.widgets.job_status import begin_training, watch_training

FIRST = "breast-cancer"  # small and real: trained in seconds
WATCHED = Message("Training on normal examples: {state} {share:.0%}")
WRAPPED = """<style>
.st-key-anomalies-normal [data-testid="stButtonGroup"] > div { flex-wrap: wrap; overflow: visible; gap: .3rem; }
</style>"""
OF = "anomalies.of"  # the data set that the chosen classes belong to


def choose() -> RunConfig | None:
    """Draw the choice of data and of what is normal; gives the training, None where the data are not here yet."""
    choose_data.begin_with(FIRST)
    data = choose_data.choose()
    state.choices().data = data
    if data is None:
        return None
    known = look(data)
    normal = _normal(data, known.classes) if len(known.classes) > 1 else ()
    if not normal and len(known.classes) < 2:
        st.caption(t("There are no classes, so all examples count as normal, and no curve can be drawn."))
    return normal_run(data, known.shape, known.classes if len(known.classes) > 1 else (), normal, known.layout)


def _normal(data: DataConfig, classes: tuple[str, ...]) -> tuple[str, ...]:
    """The classes that are normal: all but the last at first."""
    of, choices = f"{data.dataset} {data.variant} {data.path} {data.label_column}", state.choices()
    if st.session_state.setdefault(OF, of) != of:
        st.session_state[OF], choices.normal = of, ()
    chosen = tuple(i for i in choices.normal if i < len(classes)) or tuple(range(len(classes) - 1))
    key = f"anomalies.normal.{Path(of).name}"
    st.session_state[key] = list(chosen)

    def keep() -> None:
        choices.normal = tuple(sorted(st.session_state[key]))

    st.html(WRAPPED)
    with st.container(key="anomalies-normal"):
        picked = st.pills(
            t("Normal"),
            range(len(classes)),
            selection_mode="multi",
            format_func=lambda label: choose_image.class_title(classes[label], data),
            key=key,
            on_change=keep,
            help=t("The model is trained on these classes alone; all others are anomalies to be found."),
        )
    return tuple(classes[label] for label in picked)


def model(run: RunConfig) -> str:
    """The name of the trained model of this run, "" while there is none; draws what to do about it."""
    row = find_run(run, like(Store(), run, current_user.present()))
    if row is not None and row.state in BUSY:
        st.fragment(watch_training, run_every=0.5)(run, row.id, WATCHED, "anomalies")
        return ""
    name = f"run-{row.id}" if row is not None and row.state == "done" else ""
    if name in model_cache.models():
        return name
    _offer(run, row)
    return ""


def _offer(run: RunConfig, row: RunRow | None) -> None:
    """The button that trains, below a sentence on a training that ended without a model."""
    if row is not None and row.state in ("failed", "lost"):
        plain_text.warn(t("The training failed. {reason} It can be started again.", reason=t(row.message)))
    elif row is not None:
        plain_text.warn(t("The training was stopped. It can be started again."))
    st.markdown(t("No model has learnt yet what is normal here."))
    if st.button(t("Train on normal examples"), type="primary", icon=":material/play_arrow:", key="anomalies-train"):
        begin_training(run)
    st.caption(
        t("It takes seconds for a table, some minutes for 60,000 pictures, in the background; the model is kept.")
    )
    found = examples.contents_of(run.data.replace(only_classes=()))
    if found.summary is not None:
        _say(run, tuple(one.name for one in found.summary.classes))
        examples.show(run.data, found)


def _say(run: RunConfig, classes: tuple[str, ...]) -> None:
    """Which classes the examples below belong to: those that the model will learn, and those that it never sees."""
    normal = run.data.only_classes
    if normal:
        strange = [name for name in classes if name not in normal]
        said = t(
            "The model learns {normal} alone. It never sees {strange}:",
            normal=_named(normal, run),
            strange=_named(strange, run),
        )
        st.markdown(plain_text.markdown(said))


def _named(classes: Iterable[str], run: RunConfig) -> str:
    return ", ".join(choose_image.class_title(name, run.data) for name in classes)
