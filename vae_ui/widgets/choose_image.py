"""Widgets that choose a test image and the class of a conditional model; the choice is kept in `state`, not in the widgets."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from vae_core.config import DataConfig
from vae_core.data import DATASETS
from vae_core.explore.explorer import Explorer
from vae_core.messages import Message
from vae_ui.base import plain_text, state
from vae_ui.base.translation import t


def test_image(model: Explorer, key: str, index: int, put: Callable[[int], None]) -> None:
    """Widgets for the class (where there are labels), the next image of this class, and the number in the test split.

    They show test image `index` as chosen and call `put` with another choice.
    """
    classes(model, f"{key}-class", index, put, t("Test image"))
    number = f"{key}-number"
    st.session_state[number] = index
    st.number_input(
        t("Number in the test set"),
        0,
        len(model.latents.labels) - 1,
        key=number,
        on_change=lambda: put(int(st.session_state[number])),
    )


def classes(model: Explorer, key: str, index: int | None, put: Callable[[int], None], title: str) -> None:
    """The class of test image `index` (None: no test image is chosen) and a button for the next one of that class."""
    labels, label_text = model.latents.labels, plain_text.markdown(title)
    names = class_names(model) if model.info.classes else ()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", width="content"):
        if names:
            st.session_state[key] = None if index is None else int(labels[index])
            st.selectbox(
                label_text,
                range(len(names)),
                format_func=lambda label: names[label],
                key=key,
                placeholder=t("Class"),
                width=116,
                on_change=lambda: _first(labels, st.session_state[key], put),
            )
        st.button(
            t("Next"),
            key=f"{key}-next",
            on_click=lambda: put(0 if index is None else following(labels, int(labels[index]), index)),
            help=t("{image}: the next one of this class", image=label_text)
            if names
            else t("{image}: the next one", image=label_text),
        )


def _first(labels: np.ndarray, label: int | None, put: Callable[[int], None]) -> None:
    if label is not None:
        put(following(labels, int(label), -1))


def following(labels: np.ndarray, label: int, index: int) -> int:
    """The next number after `index` with this label, starting again at 0 after the last; `index` where there is none."""
    found = np.flatnonzero(labels == label)
    if not len(found):
        return max(index, 0)
    return int(found[np.searchsorted(found, index, side="right") % len(found)])


def tell_true_label(name: str, model: Explorer) -> None:
    """Set the class of a conditional model to that of a newly chosen test image, also if another page chose it."""
    place = state.place(name)
    if place.picked is not None and place.label_of != place.picked:
        place.label_of = place.picked
        place.label = int(model.latents.labels[place.picked])


def label(name: str, model: Explorer, key: str, title: str = "") -> int | None:
    """The class that a conditional model is given, with its widget; None and no widget for any other model."""
    if not model.conditional:
        return None
    place, names = state.place(name), class_names(model)
    st.session_state[key] = min(place.label, len(names) - 1)

    def keep() -> None:
        place.label = int(st.session_state[key])

    st.selectbox(
        title or t("Class to draw"),
        range(len(names)),
        format_func=lambda number: names[number],
        key=key,
        on_change=keep,
        help=t("This model is given the class of an image, so its code holds only the rest: the style."),
    )
    return place.label


def present_classes(model: Explorer) -> list[int]:
    """The classes that have test images, for a data set with labels; none without labels."""
    known = np.unique(model.latents.labels).tolist() if model.info.classes else []
    return [int(label) for label in known]


def class_names(model: Explorer) -> tuple[str, ...]:
    """A name for each class in the session's language, or its number where the data set has no names."""
    count = max(model.info.run.model.classes, len(model.info.classes), 1)
    names, data = model.info.classes, model.info.run.data
    return tuple(class_title(names[label], data) if names else str(label) for label in range(count))


def class_name(model: Explorer, label: int) -> Message | str:
    """The name of a class: a Message for a data set of this app, plain text where a person's own files gave it."""
    name = model.info.classes[label]
    return Message(name) if _is_ours(model.info.run.data) else name


def class_title(name: str, data: DataConfig) -> str:
    """The name of a class of these data, in the session's language where it is a data set of this app."""
    return t(Message(name)) if _is_ours(data) else name


def _is_ours(data: DataConfig) -> bool:
    return data.dataset in DATASETS and not DATASETS[data.dataset].own
