"""The step that trains: it starts a real run of at most a minute beside all others, and waits for its result."""

import streamlit as st

from vae_core.errors import UserError
from vae_core.lessons.lesson import Lesson, Training
from vae_core.presets.build_run import build_run
from vae_core.presets.run_config import RunConfig
from vae_core.runs import RunRow, Store
from vae_core.scheduling.start_scheduler import ensure_scheduler
from vae_ui.base import current_user, plain_text, state
from vae_ui.base.translation import t
from vae_ui.datasets.known_data import look
from vae_ui.lessons import course
from vae_ui.widgets import model_cache

ENDED = ("done", "stopped")


def run_of(lesson: Lesson, training: Training) -> RunConfig:
    """The settings of the run: the lesson's own data, the preset, and what the step changes; raises UserError."""
    data = model_cache.explorer(lesson.model).info.run.data
    known = look(data)
    changes = {name: int(v) if name in ("latent_dim", "epochs", "seed") else v for name, v in training.settings}
    title = t("Lesson: {title}", title=lesson.title)[:80]
    settings = {**known.layout, **changes, "seconds": training.seconds, "title": title}
    return build_run(training.preset, data, known.shape, len(known.classes), **settings)


def draw(lesson: Lesson, number: int, training: Training) -> None:
    """The button that starts the run, or how far it is; a run that ends completes the step."""
    row = row_of(lesson)
    if row is None or row.state in ("failed", "lost"):
        if row is not None:
            st.caption(plain_text.markdown(t(row.message)))
        _start(lesson, training)
    elif row.state in ENDED:
        finish(lesson, number)
        st.html(f'<div class="lesson-done">{plain_text.attribute(t("Trained."))}</div>')
    else:
        st.fragment(_watch, run_every=0.5)(lesson, number)


def row_of(lesson: Lesson) -> RunRow | None:
    """The lesson's run, as long as there is one."""
    id = course.course(lesson.id).run
    try:
        return Store().get(id, current_user.present()) if id else None
    except UserError:
        return None


def finish(lesson: Lesson, number: int) -> None:
    """Keep that the step is done."""
    kept = course.course(lesson.id)
    if number not in kept.done:
        course.add(lesson.id, done=(number,))


def _start(lesson: Lesson, training: Training) -> None:
    label = t("Train it, at most {seconds:.0f} s", seconds=training.seconds)
    if not st.button(label, type="primary", icon=":material/play_arrow:", key="lesson-train", width="stretch"):
        return
    try:
        store = Store()
        id = store.create(run_of(lesson, training), user=current_user.present())
        ensure_scheduler(store.home)
    except UserError as error:
        plain_text.refuse(error)
        return
    course.add(lesson.id, run=id)
    state.choices().run, state.choices().time = id, None
    st.rerun()


def _watch(lesson: Lesson, number: int) -> None:
    row = row_of(lesson)
    if row is None or row.state in (*ENDED, "failed", "lost"):
        st.rerun()
        return
    st.progress(min(1.0, row.progress), t("{state}: {share:.0%}", state=t(row.state), share=row.progress))
