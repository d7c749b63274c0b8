"""A pad on which a person draws a density in the plane, from which points are sampled.

The browser owns the drawing while a hand is at work, and sends it on release with a number (see `stage.events`): each is taken
over once, and the answer names the last one taken, so that an older answer never moves the drawing back.
"""

import base64
import binascii
from collections.abc import Callable

import numpy as np
import streamlit as st

from vae_core.data.made import drawn_density
from vae_core.data.made.drawn_density import CELLS, LEVELS, SIDE
from vae_core.errors import UserError
from vae_core.utils.arrays import UInt8
from vae_ui.base import translation
from vae_ui.base.palette import LANGUAGE
from vae_ui.bundles import loader

SEEN = "density-seen"


def draw(drawing: str, on_drawing: Callable[[str], None], key: str) -> None:
    """Show the pad with a drawing ("" for an empty one); `on_drawing` is called with the text of each new one."""
    own = translation.own_key(key)

    def take() -> None:
        told = (st.session_state.get(own) or {}).get("drawing")
        if not isinstance(told, dict) or type(told.get("number")) is not int:
            return
        st.session_state[SEEN] = {"visit": str(told.get("visit"))[:32], "seen": told["number"]}
        levels = _levels(str(told.get("levels", ""))[:1000])
        if levels is not None:
            on_drawing(drawn_density.encode(levels) if levels.any() else "")

    data = {
        "levels": _text(drawing),
        "side": SIDE,
        "most": LEVELS - 1,
        "language": LANGUAGE,
        "words": translation.table(),
    }
    answer = st.session_state.get(SEEN, {"visit": "", "seen": 0})
    _pad(data=data | answer, key=own, on_drawing_change=take)


def _levels(text: str) -> UInt8 | None:
    """What the browser sent: four cells a byte, in base64; None where that is malformed."""
    try:
        packed = np.frombuffer(base64.b64decode(text, validate=True), np.uint8)
    except (binascii.Error, ValueError):
        return None
    return drawn_density.unpacked(packed) if len(packed) == CELLS // 4 else None


def _text(drawing: str) -> str:
    try:
        levels = drawn_density.decode(drawing)
    except UserError:
        levels = np.zeros((SIDE, SIDE), np.uint8)
    return base64.b64encode(drawn_density.packed(levels).tobytes()).decode()


_pad = st.components.v2.component(
    "latent_density_pad", html='<div class="density-pad"></div>\n', js=loader("density_pad")
)
