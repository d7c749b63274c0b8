"""Beside the map: how a dot gets its label, how right the guesses are, and buttons for proposals, for undoing and for the file."""

import streamlit as st

from vae_core.explore.explorer import Explorer
from vae_core.few_labels.classifiers import Probabilities, accuracy
from vae_core.utils.arrays import Int64
from vae_ui.base import plain_text, state
from vae_ui.base.csv_download import csv_button
from vae_ui.base.scene_text import LONGEST_TITLE, MOST_TITLES
from vae_ui.base.translation import t
from vae_ui.few_labels import given, guesses
from vae_ui.views import view_of
from vae_ui.widgets import model_cache

NAME = "few-labels.name"  # what the next clicked dot is called


def choose_way(name: str, model: Explorer) -> None:
    """Whether a click reveals the true class, or gives a name of the person's own, with the name that it gives."""
    place = state.place(name)
    if given.has_truth(model):
        words = {False: t("A click reveals the class"), True: t("I name the dots")}
        st.segmented_control(
            t("Labels"),
            list(words),
            format_func=lambda own: words[own],
            required=True,
            label_visibility="collapsed",
            **state.bound("few-labels-way", place, "own_names"),
        )
    if given.by_name(name, model):
        _name(place.called)


def _name(called: list[str]) -> None:
    kept = st.session_state.get(NAME, "")
    offered = [*called] if not kept or kept in called else [*called, kept]
    st.session_state["few-labels-name"] = kept or None

    def keep() -> None:
        st.session_state[NAME] = str(st.session_state["few-labels-name"] or "").strip()[:LONGEST_TITLE]

    st.selectbox(
        t("Name for the dots that you click"),
        offered,
        key="few-labels-name",
        on_change=keep,
        accept_new_options=len(called) < MOST_TITLES,
        placeholder=t("Type a name, such as 'round'"),
    )


def click(name: str, model: Explorer, index: int) -> None:
    """Label the dot that was clicked, or take its label back."""
    given.give(state.place(name), given.by_name(name, model), index, str(st.session_state.get(NAME) or ""))


def show(name: str, model: Explorer, where: Int64, found: Probabilities | None) -> None:
    """The accuracy, the buttons, and the proposed picture."""
    place, own = state.place(name), given.by_name(name, model)
    _how_right(model, where, found, own)
    with st.container(horizontal=True, gap="small"):
        if own:
            st.button(
                t("Propose a dot"), type="primary", key="few-labels-propose", on_click=_propose, args=(name, model)
            )
        else:
            for count, label in ((1, t("Label the most useful dot")), (10, t("Ten of them"))):
                st.button(
                    label,
                    type="primary" if count == 1 else "secondary",
                    key=f"few-labels-next-{count}",
                    on_click=_reveal,
                    args=(name, model, count),
                    help=t("Active learning: the most typical example of the largest group without a label."),
                )
    with st.container(horizontal=True, gap="small"):
        st.button(
            t("Undo"), key="few-labels-undo", on_click=given.take_back, args=(place, own), disabled=not len(where)
        )
        st.button(t("Clear"), key="few-labels-clear", on_click=given.clear, args=(place, own), disabled=not len(where))
        if found is not None:
            titles = given.names(name, model)
            csv_button(
                lambda: given.table(model, titles, where, found), f"{name}-labels", "few-labels-csv", t("Labels (CSV)")
            )
    if own and place.proposed is not None:
        _proposed(name, model, place.proposed)


def _how_right(model: Explorer, where: Int64, found: Probabilities | None, own: bool) -> None:
    count = given.dots(model)
    if found is None:
        st.metric(t("Labels"), 0)
        st.markdown(t("Click a dot: all others are guessed from it."))
    elif own:
        st.metric(t("Labels"), len(where))
    else:
        right = accuracy(found, model.latents.labels[:count], where)
        st.metric(
            t("Right among the other {count:,}", count=count - len(where)),
            "–" if right != right else f"{right:.1%}",
            help=t("The share of the examples without a label whose guess is their true class."),
        )
        st.markdown(
            t("with {labels} labels of {seen} classes", labels=len(where), seen=len({*model.latents.labels[where]}))
        )


def _reveal(name: str, model: Explorer, count: int) -> None:
    where, _ = given.labels(name, model)
    for index in guesses.proposed(name, model, where, count):
        given.give(state.place(name), False, index, "")


def _propose(name: str, model: Explorer) -> None:
    where, _ = given.labels(name, model)
    found = guesses.proposed(name, model, where, 1)
    state.place(name).proposed = found[0] if found else None


def _proposed(name: str, model: Explorer, index: int) -> None:
    """The proposed example large, to be named here or on the map, where it has a ring."""
    word = t("Proposed: number {number}", number=index)
    st.html(view_of(model).figure(model_cache.test_images(name)[index], word, "x", 120))
    chosen = str(st.session_state.get(NAME) or "")
    label = t("Name it '{name}'", name=plain_text.markdown(chosen)) if chosen else t("Choose a name first")
    st.button(label, key="few-labels-give", on_click=click, args=(name, model, index), disabled=not chosen)
