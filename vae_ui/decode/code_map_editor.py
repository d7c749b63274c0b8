"""The Decode page of a quantised model: choose a position of the code map and another codebook entry for it."""

import numpy as np
import streamlit as st

from vae_core.explore.explorer import Explorer
from vae_ui.base import pictures, state
from vae_ui.base.translation import t
from vae_ui.decode import sliders
from vae_ui.widgets import code_map, decoded_traversals
from vae_ui.widgets.two_columns import two_columns

ROW, COLUMN, ENTRY = "code-map-row", "code-map-column", "code-map-entry"


def stage(name: str, model: Explorer) -> None:
    """Draw the widgets that choose a position and its entry, the code map, and the decoded image."""
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
        st.number_input(t("Codebook entry"), 0, last, key=ENTRY, on_change=_put, args=(name, model, chosen))
        sliders.encode(name, model)
        sliders.download(name, model, place)
    with middle:
        out = decoded_traversals.drawn(model, place.z[None], place.label if model.conditional else None)[0]
        pictures.beside(
            [
                (code_map.board(choices, chosen), "z", t("z: the code map")),
                (pictures.image(out, t("The image decoded from the map"), "out"), "out", t("x′: the image")),
            ],
            320,
        )
        st.caption(
            t(
                "The ring marks the position whose entry you choose. Choose another entry and look how far the change reaches in the "
                "image. There are no values between two entries."
            )
        )
    code_map.usage(name, model)


def _chosen(choices: code_map.Choices) -> tuple[int, int]:
    """The position that the widgets show; they count rows and columns from 1."""
    found = []
    for key, title, count in zip((ROW, COLUMN), (t("Row"), t("Column")), choices.shape, strict=True):
        st.session_state[key] = min(st.session_state.get(key, (count + 1) // 2), count)
        found.append(int(st.number_input(title, 1, count, key=key)) - 1)
    return found[0], found[1]


def _put(name: str, model: Explorer, chosen: tuple[int, int]) -> None:
    """Put the entry of the widget at the chosen position."""
    place = state.place(name)
    assert place.z is not None and model.codebook is not None
    choices = model.code_map(place.z)
    choices[chosen] = st.session_state[ENTRY]
    place.z = model.codebook[choices].reshape(-1)
