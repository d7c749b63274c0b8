"""Where a person is: the lesson and the step in view, and how far each lesson is, kept on the server's disk."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from vae_core.explore.nearest_codes import Codes
from vae_core.lessons.folders import Lessons, find_lessons, roots
from vae_core.lessons.lesson import Lesson, Step
from vae_core.lessons.progress import Course, Progress, read_progress, write_progress
from vae_core.utils.paths import app_root, home
from vae_ui.base import current_user, state, translation
from vae_ui.widgets import model_cache

PROGRESS, START = "lesson-progress", "lesson-start"  # in the session
OF_THE_RUN = "run"  # as a step's model: the one that this lesson has trained


def lessons() -> Lessons:
    """All lessons; a file that changes is read again."""
    files = [path for root in roots() for path in sorted(root.glob("*/*.md"))]
    return _lessons(tuple((str(path), path.stat().st_mtime_ns) for path in files))


@st.cache_resource(max_entries=4, show_spinner=False)
def _lessons(stamp: tuple[tuple[str, int], ...]) -> Lessons:
    return find_lessons()


def present() -> tuple[Lesson, int] | None:
    """The lesson in view in this session's language, and the number of its step from 1; None where none is on."""
    at = state.choices().lesson
    lesson = lessons().get(at[0], translation.language()) if at else None
    if at is None or lesson is None:
        return None
    return lesson, max(1, min(at[1], len(lesson.steps)))


def progress() -> Progress:
    """How far this person is in each lesson."""
    if PROGRESS not in st.session_state:
        st.session_state[PROGRESS] = read_progress(home(), current_user.present())
    found: Progress = st.session_state[PROGRESS]
    return found


def course(id: str) -> Course:
    """How far this person is in one lesson."""
    return progress().course(id)


def change(id: str, **changes: Any) -> None:
    """Keep another state of one lesson; another tab's changes of other lessons stay."""
    mine = course(id).replace(**changes)
    kept = read_progress(home(), current_user.present())
    known = kept if kept.courses else progress()
    st.session_state[PROGRESS] = known.with_course(id, mine)
    write_progress(home(), current_user.present(), st.session_state[PROGRESS])


def start(lesson: Lesson, number: int) -> None:
    """Show a step: its page, with the scene that it sets. Does not return."""
    state.choices().lesson = (lesson.id, number)
    st.session_state.pop(START, None)
    change(lesson.id, step=number)
    step = lesson.steps[number - 1]
    set_scene(lesson, step)
    go_to(step.page)


def go_to(page: str) -> None:
    """Open a page, or draw the present one again. Does not return."""
    if page == state.choices().page:
        st.rerun()
    st.switch_page(app_root() / "pages" / f"{page}.py", query_params=state.address())


def leave() -> None:
    """End the lesson; the pages stay as they are."""
    state.choices().lesson = None


def set_scene(lesson: Lesson, step: Step) -> None:
    """The model of the step, or of the lesson, and the image and z that the step sets."""
    models = model_cache.models()
    name = step.scene.model or lesson.model
    name = f"run-{course(lesson.id).run}" if name == OF_THE_RUN else name
    if name in models and name != state.model():
        state.choose(name, models)
    if state.model() not in models:
        return
    model, place = model_cache.explorer(state.model()), state.place(state.model())
    if step.scene.image is not None and step.scene.image < len(model.latents.mean):
        place.picked, place.z = step.scene.image, model.latents.mean[step.scene.image]
        place.label = int(model.latents.labels[step.scene.image])
        state.choices().source = "test"
    if step.scene.z is not None and len(step.scene.z) == model.latent_dim:
        place.z = model.latents.mean[0] * 0 + step.scene.z


@dataclass
class Begun:
    """The scene as a step began: its step and model, z once there is one, and how often an eps had been drawn."""

    key: tuple[object, ...]
    z: Codes | None
    draws: int


def at_start() -> Begun:
    """The scene as it was when this step was first shown."""
    key, place = (state.choices().lesson, state.model()), state.place(state.model())
    begun: Begun | None = st.session_state.get(START)
    if begun is None or begun.key != key:
        begun = st.session_state[START] = Begun(key, None, place.draws)
    if begun.z is None and place.z is not None:
        begun.z = place.z.copy()
    return begun
