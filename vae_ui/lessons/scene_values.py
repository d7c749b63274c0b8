"""The values that a card names, measured on the scene in view: the page, z, the image, the models and the run of the lesson."""

from collections.abc import Collection

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.data.made.points import DRAWN
from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes
from vae_core.lessons import measuring, paths, slow_figures
from vae_core.lessons.conditions import Condition
from vae_core.lessons.lesson import Lesson, Prediction, Step
from vae_core.lessons.predictions import answer_of
from vae_core.lessons.quantities import OF_PAIRS, PREDICTED, QUANTITIES, SLOW_OF_A_MODEL, Value, written
from vae_core.lessons.texts import NAMED
from vae_ui.base import state
from vae_ui.base.translation import t
from vae_ui.lessons import course, mistake_values, path_values
from vae_ui.lessons.opened_models import opened
from vae_ui.widgets import model_cache

PATHS = {*OF_PAIRS, "path class", "path certainty", "middle certainty", "other middle certainty"}


def values_for(lesson: Lesson, number: int, text: str, conditions: Collection[Condition] = ()) -> dict[str, Value]:
    """The values that a text and conditions name, None where not known, and no others, since some take milliseconds."""
    names = {*NAMED.findall(text), *(one.name for one in conditions)}
    found = values(lesson, names - {*PREDICTED})
    if names & {*PREDICTED}:
        found |= predicted(lesson, number)
    return {name: found.get(name) for name in names}


def values(lesson: Lesson, names: Collection[str]) -> dict[str, Value]:
    """The values of these names on the present scene."""
    names, chosen = {*names}, state.choices()
    found: dict[str, Value] = {"page": chosen.page, "temperature": chosen.temperature, "sampler": chosen.sampler}
    found["painted"] = "yes" if chosen.drawing and chosen.data is not None and chosen.data.variant == DRAWN else "no"
    found["slope"] = paths.slope_at_two() if "slope" in names else None
    for whose, name in (("model", lesson.model), ("other", lesson.other), ("run", _run(lesson))):
        if any(one.startswith(f"{whose} ") for one in names):
            found |= measuring.of_model(opened(name), whose)
        asked = {slow_figures.group_of(slow) for slow in SLOW_OF_A_MODEL if f"{whose} {slow}" in names}
        for group in asked if name in model_cache.models() else ():
            found |= {f"{whose} {one}": value for one, value in _slow(*model_cache.key(name), name, group).items()}
    if "run seconds" in names:
        found["run seconds"] = run_seconds(lesson)
    if names & mistake_values.NAMES:
        found |= mistake_values.values()
    if names & PATHS:
        found |= path_values.values(lesson, names)
    if (own := opened(lesson.model)) is not None:
        found |= {"pixels": int(np.prod(own.shape)), "test images": len(own.latents.mean)}
    model = opened(state.model())
    if model is not None:
        found |= _of_scene(model, names)
    return {name: value for name, value in found.items() if name in QUANTITIES}


def _of_scene(model: Explorer, names: Collection[str]) -> dict[str, Value]:
    name = state.model()
    place = state.place(name)
    found: dict[str, Value] = {}
    mine, own = own_picture(model), own_code(model)
    found["own picture"] = "no" if own is None else "yes"
    if "own class" in names and own is not None and model.info.run.model.kind == "picture":
        label = place.label if model.conditional else None
        found["own class"] = int(measuring.digit_probabilities(model.decode(own[None], label)).argmax())
    found["told class"] = place.label if model.conditional else None
    found["chosen class"] = None if place.picked is None else int(model.latents.labels[place.picked])
    if place.z is not None and len(place.z) == model.latent_dim:
        label = place.label if model.conditional else None
        found |= measuring.of_code(model, place.z, course.at_start().z, label)
        found["rank"] = model_cache.density(name).rank(place.z) if "rank" in names else None
    found["draws"] = max(0, place.draws - course.at_start().draws)
    if any(one.startswith(("image ", "own d")) for one in names):
        x = mine if mine is not None else model_cache.test_images(name)[place.picked or 0]
        seen = model.analyse(x, place.label if model.conditional else None)
        found |= {"image distortion": seen.distortion, "image rate": seen.rate}
        found["own distortion"] = None if mine is None else seen.distortion
        found["image cloud size"] = measuring.cloud_size(seen.scale)
        if "image gap" in names and model.has_density:
            found["image gap"] = _gap(*model_cache.key(name), name, x, state.seed())
    return found


def own_picture(model: Explorer) -> NDArray[np.generic] | None:
    """The person's own picture on the Reconstruct page, where that is its input: a drawing, a file or a photograph."""
    source, drawn = state.choices().source, state.choices().drawn.get(model.shape)
    if source == "draw":
        return drawn if drawn is not None and drawn.any() else None
    return state.place(state.model()).own_input if source in ("file", "camera") else None


def own_code(model: Explorer) -> Codes | None:
    """The code of that picture."""
    own = state.place(state.model()).own
    if own is None or own_picture(model) is None or len(own) != model.latent_dim:
        return None
    return own


@st.cache_data(max_entries=64, show_spinner=False)
def _slow(folder: str, changed: int, _name: str, group: int) -> dict[str, Value]:
    model = opened(_name)
    return {} if model is None else slow_figures.measure(model, model_cache.test_images(_name), group)


@st.cache_data(max_entries=64, show_spinner=False)
def _gap(folder: str, changed: int, _name: str, x: NDArray[np.generic], seed: int) -> float:
    return slow_figures.gap(model_cache.explorer(_name), x, seed)


def run_seconds(lesson: Lesson) -> Value:
    """How long the lesson's run trained."""
    model = opened(_run(lesson))
    return None if model is None else model.info.training.get("seconds")


def _run(lesson: Lesson) -> str:
    id = course.course(lesson.id).run
    return f"run-{id}" if id else ""


def predicted(lesson: Lesson, number: int) -> dict[str, Value]:
    """What was guessed and what is right, as words, for the last prediction before a step; the right answer is computed now."""
    at = asked_before(lesson, number)
    if at is None:
        return {}
    asked, kept = lesson.steps[at - 1].prediction, course.course(lesson.id)
    right, guess = right_answer(lesson, asked), kept.guesses.get(at)
    found: dict[str, Value] = {
        "guess": t("no answer") if guess is None else answer_words(asked, guess),
        "answer": None if right is None else answer_words(asked, right),
    }
    if asked.mark is not None and guess is not None and right is not None and len(guess) == len(right):
        found["miss"] = float(np.linalg.norm(np.subtract(guess, right)))
    return found


def asked_before(lesson: Lesson, number: int) -> int | None:
    """The number of the last prediction before a step."""
    return next((n for n in range(number - 1, 0, -1) if lesson.steps[n - 1].kind == "predict"), None)


def right_answer(lesson: Lesson, asked: Prediction) -> tuple[float, ...] | None:
    """The computed answer as it is kept: the number of a choice, a number, or a code."""
    if asked.mark is not None:
        code = right_place(lesson, asked.mark)
        return None if code is None else tuple(map(float, code))
    found = answer_of(asked, values(lesson, {asked.quantity, asked.compared}))
    return None if found is None else (float(found),)


def right_place(lesson: Lesson, mark: int | str) -> Codes | None:
    """The right place of a mark: the mean code of a class, or the code of the person's own picture."""
    model = opened(lesson.model)
    if model is None:
        return None
    return own_code(model) if isinstance(mark, str) else measuring.mean_code(model, mark)


def answer_words(asked: Prediction, answer: tuple[float, ...]) -> str:
    """A guess or an answer as people read it: a choice's own words, a number, or a place."""
    if asked.mark is not None:
        return "(" + ", ".join(f"{v:.2f}".replace("-", "\u2212") for v in answer) + ")"
    if asked.choices:
        at = int(answer[0])
        return asked.choices[at] if 0 <= at < len(asked.choices) else "…"
    return written(asked.quantity, answer[0])


def is_done(lesson: Lesson, number: int) -> bool:
    """Whether a step is done: kept as done, or its conditions hold now."""
    step: Step = lesson.steps[number - 1]
    kept = course.course(lesson.id)
    if step.kind == "predict":
        return number in kept.guesses
    if step.kind in ("read", "reveal") or number in kept.done:
        return True
    if step.kind == "run" or step.page != state.choices().page:
        return False
    found = values_for(lesson, number, "", step.done)
    return all(condition.holds(found) for condition in step.done)
