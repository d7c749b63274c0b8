"""The values of paths: at the slider's place of the Interpolate page, and over all pairs of digits."""

from collections.abc import Collection

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.explore.explorer import Explorer
from vae_core.explore.interpolation import Path
from vae_core.lessons import paths
from vae_core.lessons.lesson import Lesson
from vae_core.lessons.quantities import OF_PAIRS, Value
from vae_core.utils.arrays import unit
from vae_ui.base import state
from vae_ui.lessons.opened_models import opened
from vae_ui.widgets import model_cache


def values(lesson: Lesson, names: Collection[str]) -> dict[str, Value]:
    """The values of these names, of the path in view and of the lesson's two models."""
    found: dict[str, Value] = {}
    model, other = opened(state.model()), opened(lesson.other)
    if {*OF_PAIRS} & {*names} and lesson.other in model_cache.models():
        found |= _pairs(*model_cache.key(lesson.model), *model_cache.key(lesson.other), lesson.model, lesson.other)
    if model is not None and model.info.run.model.kind == "picture":
        found |= _in_view(model, other)
    return found


def _in_view(model: Explorer, other: Explorer | None) -> dict[str, Value]:
    place, kind = state.place(state.model()), _kind()
    a, b = place.ends.get("A"), place.ends.get("B")
    if a is None or b is None:
        return {}
    label = place.label if model.conditional else None
    digit, sure = paths.at(model, a.code, b.code, place.way, kind, label)
    found: dict[str, Value] = {"path class": digit, "path certainty": sure}
    found["middle certainty"] = paths.at(model, a.code, b.code, 0.5, kind, label)[1]
    if other is not None and other.shape == model.shape:
        codes, _ = other.encode(np.stack([_picture(model, end, label) for end in (a, b)]))
        found["other middle certainty"] = paths.at(other, codes[0], codes[1], 0.5, kind, None)[1]
    return found


def _picture(model: Explorer, end: state.End, label: int | None) -> NDArray[np.float32]:
    """The picture of an end, which the Interpolate page works out when it is first drawn: of a test image, or of a code."""
    if end.picture is not None:
        return end.picture
    if end.index is None:
        return model.decode(end.code[None], label)[0]
    return unit(model_cache.test_images(state.model())[end.index])


def _kind() -> Path:
    return "spherical" if state.choices().path == "spherical" else "linear"


@st.cache_data(max_entries=8, show_spinner=False)
def _pairs(
    folder: str, changed: int, other_folder: str, other_changed: int, _model: str, _other: str
) -> dict[str, Value]:
    model, other = opened(_model), opened(_other)
    if model is None or other is None:
        return {}
    return paths.of_pairs(model, other, unit(model_cache.test_images(_model)[paths.typical_digits(model)]))
