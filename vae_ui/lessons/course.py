"""Where a person is: the lesson and the step in view, and how far each lesson is, kept on the server's disk."""

import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes, typical
from vae_core.lessons.folders import Lessons, find_lessons, roots
from vae_core.lessons.lesson import Lesson, Step
from vae_core.lessons.progress import Course, Progress, add_progress, read_progress
from vae_core.room.classroom import classroom
from vae_core.utils.paths import app_root, home
from vae_ui.base import current_user, state, translation
from vae_ui.widgets import model_cache

PROGRESS, START, PLACED = "lesson-progress", "lesson-start", "lesson-placed"  # in the session
OF_THE_RUN = "run"  # as a step's model: the one that this lesson has trained


def lessons() -> Lessons:
    """All lessons; a file that changes is read again within a second."""
    return _lessons(_files(tuple(roots()), int(time.monotonic())))


@lru_cache(maxsize=4)
def _files(folders: tuple[Path, ...], second: int) -> tuple[tuple[str, int], ...]:
    """The files of all lessons and their times, looked at once a second for all sessions: a class that comes at once asks 30 times."""
    files = [path for folder in folders for path in sorted(folder.glob("*/*.md"))]
    return tuple((str(path), path.stat().st_mtime_ns) for path in files)


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


def add(id: str, ends: bool = False, **more: Any) -> None:
    """Keep more of one lesson: a step, what is done, answers; what other windows of this person have added stays."""
    new = Course(**more)
    kept = add_progress(home(), current_user.present(), id, new, ends)
    if kept is None:  # a person without a cookie, or a full disk: for this session only
        mine = course(id).with_more(new)
        kept = progress().with_course(id, mine.replace(step=1, finished=True) if ends else mine)
    st.session_state[PROGRESS] = kept
    if new.guesses:
        classroom().on_news()


def start(lesson: Lesson, number: int) -> None:
    """Show a step: its page, with the scene that it sets. Does not return."""
    state.choices().lesson = (lesson.id, number)
    for name in (START, PLACED):
        st.session_state.pop(name, None)
    add(lesson.id, step=number)
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
    state.choices().mistake = step.scene.mistake or state.choices().mistake
    models = model_cache.models()
    name = name_of(lesson, step.scene.model or lesson.model)
    if name in models and name != state.model():
        state.choose(name, models)
    if state.model() not in models:
        return
    model, place = model_cache.explorer(state.model()), state.place(state.model())
    if step.scene.image is not None and step.scene.image < len(model.latents.mean):
        place.picked, place.z = step.scene.image, model.latents.mean[step.scene.image]
        place.label = int(model.latents.labels[step.scene.image])
        state.choices().source = "test"
    if step.scene.ends is not None:
        set_path(model, place, step.scene.ends)
    if step.scene.models:
        place.compared = [one for name in step.scene.models if (one := name_of(lesson, name)) in models]
    if step.scene.z is not None and len(step.scene.z) == model.latent_dim:
        place.z = model.latents.mean[0] * 0 + step.scene.z


def name_of(lesson: Lesson, name: str) -> str:
    """The name of a model as a lesson calls it: "run" is the one that this lesson has trained."""
    return f"run-{course(lesson.id).run}" if name == OF_THE_RUN else name


def set_path(model: Explorer, place: state.Place, ends: tuple[int, int]) -> None:
    """A straight path between the typical test images of two classes, with the slider at A."""
    state.choices().path, state.choices().four, place.way = "linear", False, 0.0
    for letter, label in zip("AB", ends, strict=True):
        index = typical(model.latents.mean, model.latents.labels, label)
        if index is not None:
            place.ends[letter] = state.End(np.asarray(model.latents.mean[index]), index)


def show_place(code: tuple[float, ...]) -> None:
    """Set z to the right place of a mark, once in a step: then the person may go on from there."""
    place = state.place(state.model())
    if PLACED in st.session_state or place.z is None or len(place.z) != len(code):
        return
    st.session_state[PLACED] = True
    place.z, place.picked = np.array(code, np.float32), None


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
