"""The Decode page of a quantised model: choose a place of the code map and another entry for it."""

import numpy as np
import streamlit as st

from vae_core.explore.explorer import Explorer
from vae_ui.base import pictures, state
from vae_ui.decode import sliders
from vae_ui.widgets import code_map, walks
from vae_ui.widgets.two_columns import two_columns

ROW, COLUMN, ENTRY = "code-map-row", "code-map-column", "code-map-entry"


def stage(name: str, model: Explorer) -> None:
    """The Decode page: choose a place and another entry for it, and see what changes in the picture."""
    place = state.place(name)
    if place.z is None:
        place.picked = place.picked or 0
        place.z = np.array(model.latents.mean[place.picked], np.float32)
    choices = model.code_map(place.z)
    controls, middle = two_columns("decode")
    with controls:
        chosen = _chosen(choices)
        st.session_state[ENTRY] = int(choices[chosen])
        last = code_map.entries(model) - 1
        st.number_input("Entry", 0, last, key=ENTRY, on_change=_put, args=(name, model, chosen))
        sliders.encode(name, model)
        sliders.download(name, model, place)
    with middle:
        out = walks.drawn(model, place.z[None], place.label if model.conditional else None)[0]
        pictures.beside(
            [
                (code_map.board(choices, chosen), "z", "z: the code map"),
                (pictures.image(out, "What the decoder makes of the map", "out"), "out", "x\u2032: the picture"),
            ],
            320,
        )
        st.caption(
            "The ring is the place whose entry you choose: give it another one and look how far the change reaches in the picture. "
            "There is nothing between two entries."
        )
    code_map.usage(name, model)


def _chosen(choices: code_map.Choices) -> tuple[int, int]:
    """The place that the widgets show, row and column counted from one."""
    found = []
    for key, title, count in zip((ROW, COLUMN), ("Row", "Column"), choices.shape, strict=True):
        st.session_state[key] = min(st.session_state.get(key, (count + 1) // 2), count)
        found.append(int(st.number_input(title, 1, count, key=key)) - 1)
    return found[0], found[1]


def _put(name: str, model: Explorer, chosen: tuple[int, int]) -> None:
    """The chosen place takes the entry of the widget."""
    place = state.place(name)
    assert place.z is not None and model.codebook is not None
    choices = model.code_map(place.z)
    choices[chosen] = st.session_state[ENTRY]
    place.z = model.codebook[choices].reshape(-1)
