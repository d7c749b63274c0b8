"""Arithmetic with codes on the Decode page: A - B + C, and the difference of two means as a direction with a slider."""

import numpy as np
import streamlit as st

from vae_core.explore.code_arithmetic import along, analogy
from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes
from vae_core.export.csv_files import Table
from vae_core.messages import Message
from vae_ui.base import pictures, plain_text, state
from vae_ui.base.csv_download import codes, csv_button
from vae_ui.base.state import Place
from vae_ui.base.translation import t
from vae_ui.decode import operands
from vae_ui.decode.operands import IMAGE, Operand
from vae_ui.views import Strip, view_of

KINDS = {"direction": Message("A direction"), "analogy": Message("A − B + C")}
REACH, SHOWN = 2.0, 9  # of the slider for t, and the outputs along it


def section(name: str, model: Explorer) -> None:
    """A fold with both kinds of arithmetic; nothing is computed before it is opened."""
    fold = st.expander(t("Arithmetic with codes"), key="decode-arithmetic", on_change="rerun")
    if not fold.open:
        return
    with fold:
        kind = st.segmented_control(
            t("Kind"),
            list(KINDS),
            format_func=lambda one: t(KINDS[one]),
            default="direction",
            required=True,
            label_visibility="collapsed",
            key="decode-arithmetic-kind",
            persist_state="session",
        )
        if not operands.labelled(model):
            st.caption(
                t(
                    "This data set has no labels, so no class has a mean: select dots on Latent space, or take single images."
                )
            )
        if model.conditional:
            st.caption(t("The decoder is given the class, so the code and its means hold only the style."))
        if kind == "analogy":
            _analogy(name, model)
        else:
            _direction(name, model)


def _analogy(name: str, model: Explorer) -> None:
    offered = [*operands.groups(name, model), IMAGE]
    columns = st.columns(4, gap="small", vertical_alignment="bottom")
    found: list[Operand] = []
    for letter, column, first in zip("ABC", columns, (0, 1, 2), strict=False):
        with column:
            found.append(operands.choose(name, model, letter, offered, first))
    a, b, c = found
    z = analogy(a.code, b.code, c.code)
    with columns[3]:
        _put(name, z, "analogy")
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
    st.caption(
        t("What tells A from B is added to C. Each image is decoded from a code: a mean, or the code of an image.")
    )


def _direction(name: str, model: Explorer) -> None:
    place, offered = state.place(name), operands.groups(name, model)
    assert place.z is not None
    left, centre, right = st.columns([1, 1, 2], gap="small")
    with left:
        a = operands.choose(name, model, t("Towards A"), offered, 0)
    with centre:
        b = operands.choose(name, model, t("Away from B"), offered, len(offered) - 1)
    with right:
        amount = st.slider("t", -REACH, REACH, 1.0, 0.1, key="decode-direction-t", persist_state="session")
    steps, label = np.linspace(-REACH, REACH, SHOWN, dtype=np.float32), _label(name, model)
    path, z = along(place.z, a.code - b.code, steps), along(place.z, a.code - b.code, np.array([amount], np.float32))[0]
    _strip(model, path, steps, amount, label)
    view = view_of(model)
    pictures.beside(
        [
            (view.figure(model.decode(place.z[None], label)[0], t("The image at z"), "z", 150), "z", t("z, t = 0")),
            (
                view.figure(model.decode(z[None], label)[0], t("The image at z + t · (A − B)"), "out", 150),
                "out",
                f"t = {amount:.1f}",
            ),
        ],
        170,
    )
    with st.container(horizontal=True):
        _put(name, z, "direction")
        csv_button(lambda: path_table(path, steps), f"{name}-direction", "decode-direction-csv", t("Codes (CSV)"))
    st.caption(
        t(
            "z + t · (A − B), with A the {a} and B the {b}. The slider says how far; at t = 0 it is the z above.",
            a=plain_text.markdown(a.words),
            b=plain_text.markdown(b.words),
        )
    )


def _strip(model: Explorer, path: Codes, steps: Codes, amount: float, label: int | None) -> None:
    header = [f"{step:+.1f}".replace("-", "−").replace("+0.0", "0") for step in steps]
    at = ((amount + REACH) / (2 * REACH) * (SHOWN - 1) + 0.5) / SHOWN
    alt = t("{count} images from t = {low:g} to t = {high:g}", count=SHOWN, low=-REACH, high=REACH)
    st.html(view_of(model).strips([Strip("t", "", model.decode(path, label), alt, at)], 84, header, above=True))


def _put(name: str, z: Codes, key: str) -> None:
    st.button(
        t("Put z there"),
        key=f"decode-put-{key}",
        on_click=_move,
        args=(state.place(name), z),
        icon=":material/my_location:",
    )


def _move(place: Place, z: Codes) -> None:
    place.z = np.array(z, np.float32)


def _label(name: str, model: Explorer) -> int | None:
    return state.place(name).label if model.conditional else None


def path_table(path: Codes, steps: Codes) -> Table:
    """The codes along the direction, with t."""
    return {"t": steps, **codes(path)}
