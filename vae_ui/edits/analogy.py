"""A - B + C: what tells one picture or class from another, added to a third; the decoded answer and the nearest real codes."""

import numpy as np
import streamlit as st

from vae_core.explore.code_arithmetic import analogy
from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes, nearest_codes
from vae_ui.base import pictures, state
from vae_ui.base.translation import t
from vae_ui.edits import operands
from vae_ui.edits.operands import IMAGE, Operand
from vae_ui.views import view_of
from vae_ui.widgets import model_cache

NEAREST = 6


def section(name: str, model: Explorer) -> None:
    """A fold with the three operands and the answer; nothing is computed before it is opened."""
    fold = st.expander("A − B + C", key="edits-analogy", on_change="rerun")
    if fold.open:
        with fold:
            _analogy(name, model)


def _analogy(name: str, model: Explorer) -> None:
    offered = [IMAGE, *operands.groups(name, model)]
    columns = st.columns(4, gap="small", vertical_alignment="bottom")
    found: list[Operand] = []
    for letter, column, example in zip("ABC", columns, operands.examples(model), strict=False):
        with column:
            found.append(operands.choose(name, model, letter, offered, example))
    a, b, c = found
    z = analogy(a.code, b.code, c.code)
    with columns[3]:
        st.button(
            t("Put z there"), key="edits-put-analogy", on_click=_move, args=(name, z), icon=":material/my_location:"
        )
    made = model.decode(np.stack([a.code, b.code, c.code, z]), _label(name, model))
    signs = ("", "− ", "+ ", "= ")
    words = [a.words, b.words, c.words, "A − B + C"]
    view = view_of(model)
    pictures.beside(
        [
            (view.figure(x, word, "z" if sign != "= " else "out", 150), "z" if sign != "= " else "out", sign + word)
            for x, word, sign in zip(made, words, signs, strict=True)
        ],
        170,
    )
    _nearest(name, model, z)
    st.caption(
        t("What tells A from B is added to C. Each image is decoded from a code: a mean, or the code of an image.")
    )


def _nearest(name: str, model: Explorer, z: Codes) -> None:
    near = nearest_codes(model.latents.mean, z, NEAREST)
    words = [operands.image_words(model, int(index)) for index in near]
    st.markdown(t("**The test examples whose codes are nearest**"))
    st.html(view_of(model).gallery(model_cache.test_images(name)[near], words, words, "x"))


def _move(name: str, z: Codes) -> None:
    """The stage then edits this code."""
    place = state.place(name)
    place.z, place.picked, place.strength = np.array(z, np.float32), None, 0.0


def _label(name: str, model: Explorer) -> int | None:
    return state.place(name).label if model.conditional else None
