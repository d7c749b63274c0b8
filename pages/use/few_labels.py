"""Few labels: some dots of the map are given labels, and all others are guessed from them."""

import streamlit as st

from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.few_labels import accuracy_curve, controls, given, guesses, map, peers
from vae_ui.shell.frame import frame, live

name, model = frame(
    t("How far do ten labels go?"),
    t("Click a dot to label it. Every other dot is guessed from the labels given so far."),
)


def stage() -> None:
    with readable_errors():
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            view = map.choose_view(model)
            controls.choose_way(name, model)
        middle, side = st.columns([2.6, 1], gap="medium")
        with middle:
            shown = map.dots(name, model, view)
            if shown is None:
                map.wait(model)
            else:
                map.show(
                    name, shown, lambda: guesses.current(name, model), lambda index: controls.click(name, model, index)
                )
        where, found = guesses.current(name, model)
        with side:
            controls.show(name, model, where, found)
        st.caption(map.caption(model))


def below() -> None:
    if given.by_name(name, model):
        return
    with readable_errors():
        where, labels = given.labels(name, model)
        st.subheader(t("The same labels, other methods"), anchor=False)
        if not len(where):
            st.caption(t("Appears with the first label."))
        else:
            peers.show(name, model, where, labels)
        st.subheader(t("How accuracy grows with labels"), anchor=False)
        accuracy_curve.show(model.info)


live(stage, below)
