"""Choosing a test image, and the label of a conditional model; what was chosen is kept in `state`, not in the widgets."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from vae_core.explorer import Explorer
from vae_ui import state


def test_image(model: Explorer, key: str, index: int, put: Callable[[int], None], title: str = "Test image") -> None:
    """Widgets that show the test image of number `index` as chosen, and hand another choice to `put`.

    A class (where there are labels), the next of the same class, and the number in the test split.
    """
    labels, names = model.latents.labels, model.info.classes
    number, kind = f"{key}-number", f"{key}-class"
    st.session_state[number] = index
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if names:
            st.session_state[kind] = int(labels[index])
            st.selectbox(
                title,
                range(len(names)),
                format_func=lambda label: names[label],
                key=kind,
                on_change=lambda: put(following(labels, int(st.session_state[kind]), -1)),
                width=150,
            )
        st.button(
            "Another",
            key=f"{key}-next",
            icon=":material/navigate_next:",
            on_click=lambda: put(following(labels, int(labels[index]), index)),
            help="The next one of this class in the test set." if names else "The next one in the test set.",
        )
    st.number_input(
        "Number in the test set",
        0,
        len(labels) - 1,
        key=number,
        on_change=lambda: put(int(st.session_state[number])),
        label_visibility="collapsed" if names else "visible",
        help="Its number in the test set.",
    )


def following(labels: np.ndarray, label: int, index: int) -> int:
    """The next number after `index` whose label is `label`, going round; `index` itself where there is none."""
    found = np.flatnonzero(labels == label)
    if not len(found):
        return max(index, 0)
    return int(found[np.searchsorted(found, index, side="right") % len(found)])


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
