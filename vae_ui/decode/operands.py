"""What code arithmetic works with: the mean code of a class, of the selection on the map or of all images, or one image's code."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from vae_core.explore.code_arithmetic import mean_code
from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes
from vae_ui.base import plain_text, state
from vae_ui.base.translation import t
from vae_ui.widgets import choose_image

ALL, SELECTION, IMAGE = "all", "selection", "image"
Choice = int | str  # a class, or one of the above


@dataclass(frozen=True)
class Operand:
    """A code (L,) and what it is, in words."""

    code: Codes
    words: str


def labelled(model: Explorer) -> list[int]:
    """The classes that have test images, for a data set with labels; none without labels."""
    known = np.unique(model.latents.labels).tolist() if model.info.classes else []
    return [int(label) for label in known]


def groups(name: str, model: Explorer) -> list[Choice]:
    """The groups of images that have a mean code."""
    selected = state.place(name).selected
    return [*labelled(model), *([] if selected is None else [SELECTION]), ALL]


def choose(name: str, model: Explorer, letter: str, offered: list[Choice], first: int) -> Operand:
    """The widgets that choose one operand, at first the one at place `first` of those offered."""
    key = f"decode-operand-{letter}-{name}"
    chosen = st.selectbox(
        letter,
        offered,
        min(first, len(offered) - 1),
        format_func=lambda choice: plain_text.markdown(words(name, model, choice)),
        key=key,
        persist_state="session",
    )
    if chosen != IMAGE:
        return of_group(name, model, chosen)
    last = len(model.latents.mean) - 1
    index = int(
        st.number_input(t("Number in the test set"), 0, last, first, key=f"{key}-number", persist_state="session")
    )
    return Operand(model.latents.mean[index], image_words(model, index))


def of_group(name: str, model: Explorer, choice: Choice) -> Operand:
    """The mean code of a group."""
    return Operand(mean_code(model.latents.mean, members(name, model, choice)), words(name, model, choice))


def members(name: str, model: Explorer, choice: Choice) -> np.ndarray:
    """The numbers of a group's test images."""
    selected = state.place(name).selected
    if choice == SELECTION and selected is not None:
        return selected
    if choice in (ALL, SELECTION):
        return np.arange(len(model.latents.mean))
    return np.flatnonzero(model.latents.labels == choice)


def words(name: str, model: Explorer, choice: Choice) -> str:
    """An operand in words."""
    if choice == IMAGE:
        return t("one test image")
    if choice == ALL:
        return t("mean of all")
    if choice == SELECTION:
        return t("mean of the {count:,} selected", count=len(members(name, model, choice)))
    return t("mean of {name}", name=choose_image.class_names(model)[int(choice)])


def image_words(model: Explorer, index: int) -> str:
    """A test image in words, with its class where there is one."""
    if not model.info.classes:
        return t("image {number}", number=index)
    return t("{name}, image {number}", name=choose_image.class_names(model)[model.latents.labels[index]], number=index)
