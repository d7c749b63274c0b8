"""Choosing a test image, and the label of a conditional model; what was chosen is kept in `state`, not in the widgets."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from vae_core.explore.explorer import Explorer
from vae_ui.base import plain_text, state


def test_image(model: Explorer, key: str, index: int, put: Callable[[int], None], title: str = "Test image") -> None:
    """Widgets that show the test image of number `index` as chosen, and hand another choice to `put`.

    A class (where there are labels), the next of the same class, and the number in the test split.
    """
    classes(model, f"{key}-class", index, put, title)
    number = f"{key}-number"
    st.session_state[number] = index
    st.number_input(
        "Number in the test set",
        0,
        len(model.latents.labels) - 1,
        key=number,
        on_change=lambda: put(int(st.session_state[number])),
    )


def classes(model: Explorer, key: str, index: int | None, put: Callable[[int], None], title: str) -> None:
    """The class of the chosen test image (None: it is none) and a button for the next one of that class."""
    labels, names, said = model.latents.labels, model.info.classes, plain_text.markdown(title)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        if names:
            st.session_state[key] = None if index is None else int(labels[index])
            st.selectbox(
                said,
                range(len(names)),
                format_func=lambda label: names[label],
                key=key,
                placeholder="Class",
                width=116,
                on_change=lambda: _first(labels, st.session_state[key], put),
            )
        st.button(
            "Next",
            key=f"{key}-next",
            on_click=lambda: put(0 if index is None else following(labels, int(labels[index]), index)),
            help=f"{said}: the next one of this class" if names else f"{said}: the next one",
        )


def _first(labels: np.ndarray, label: int | None, put: Callable[[int], None]) -> None:
    if label is not None:
        put(following(labels, int(label), -1))


def following(labels: np.ndarray, label: int, index: int) -> int:
    """The next number after `index` whose label is `label`, going round; `index` itself where there is none."""
    found = np.flatnonzero(labels == label)
    if not len(found):
        return max(index, 0)
    return int(found[np.searchsorted(found, index, side="right") % len(found)])


def tell_true_label(name: str, model: Explorer) -> None:
    """A test image picked since the last time, also on another page, brings its own label along."""
    place = state.place(name)
    if place.picked is not None and place.label_of != place.picked:
        place.label_of = place.picked
        place.label = int(model.latents.labels[place.picked])


def label(name: str, model: Explorer, key: str, title: str = "Draw as") -> int | None:
    """The class that a conditional model is told; None, and no widget, for any other model."""
    if not model.conditional:
        return None
    place, names = state.place(name), class_names(model)
    st.session_state[key] = min(place.label, len(names) - 1)

    def keep() -> None:
        place.label = int(st.session_state[key])

    st.selectbox(
        title,
        range(len(names)),
        format_func=lambda number: names[number],
        key=key,
        on_change=keep,
        help="This model is told the class of a picture besides its code: the code need only hold the rest, its style.",
    )
    return place.label


def class_names(model: Explorer) -> tuple[str, ...]:
    """A name for each label that the model knows, its number where the data set has no names."""
    count = max(model.info.run.model.classes, len(model.info.classes), 1)
    return model.info.classes or tuple(map(str, range(count)))
