"""What code arithmetic works with: the mean code of a class, of the selection on the map or of all images, or one image's code."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from vae_core.explore.code_arithmetic import mean_code
from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes, nearest_codes
from vae_ui.base import state
from vae_ui.base.translation import t
from vae_ui.edits.ways import nearest_pair
from vae_ui.widgets import choose_image

ALL, SELECTION, IMAGE = "all", "selection", "image"
REACH = 1.5  # standard deviations from the middle of a class to A and to B
Choice = int | str  # a class, or one of the above


@dataclass(frozen=True)
class Operand:
    """A code (L,) and what it is, in words."""

    code: Codes
    words: str


def groups(name: str, model: Explorer) -> list[Choice]:
    """The groups of images that have a mean code."""
    selected = state.place(name).selected
    return [*choose_image.present_classes(model), *([] if selected is None else [SELECTION]), ALL]


def examples(model: Explorer) -> list[int]:
    """Three test images to begin with: A and B of one class, apart where its codes differ most, and C of another class in B's style.

    So A - B + C should be of C's class in A's style.
    """
    codes, labels = model.latents.mean, model.latents.labels
    if len(choose_image.present_classes(model)) < 2:
        return [min(i, len(codes) - 1) for i in range(3)]
    first, other = (np.flatnonzero(labels == label) for label in nearest_pair(model))
    style, other_style = (codes[members] - codes[members].mean(0) for members in (first, other))
    _, spread, axes = np.linalg.svd(style, full_matrices=False)
    reach = REACH * spread[0] / np.sqrt(len(first)) * axes[0]
    a, b = (int(nearest_codes(style, end, 1)[0]) for end in (reach, -reach))
    return [int(first[a]), int(first[b]), int(other[nearest_codes(other_style, style[b], 1)[0]])]


def choose(name: str, model: Explorer, letter: str, offered: list[Choice], example: int) -> Operand:
    """The widgets that choose one operand, at first the first of those offered, or that test image."""
    key = f"edits-operand-{letter}-{name}"
    chosen = st.selectbox(
        letter,
        offered,
        format_func=lambda choice: words(name, model, choice),
        key=key,
        persist_state="session",
    )
    if chosen != IMAGE:
        return of_group(name, model, chosen)
    last = len(model.latents.mean) - 1
    index = int(
        st.number_input(t("Number in the test set"), 0, last, example, key=f"{key}-number", persist_state="session")
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
