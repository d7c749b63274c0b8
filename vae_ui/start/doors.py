"""The three ways on from the Start page, as large links."""

import streamlit as st

from vae_core.messages import Message
from vae_ui.base.palette import LANGUAGE
from vae_ui.base.translation import t
from vae_ui.shell.page_list import link

# page: (title, one sentence, the part of the model whose colour it has)
DOORS = {
    "latent_space": (
        Message("Explore"),
        Message("Move over the map of all codes, and see what the decoder draws there."),
        "z",
    ),
    "learn": (Message("Learn"), Message("Lessons that go along on these pages, for you or for a class."), "q"),
    "train": (Message("Train"), Message("Train a model of your own in seconds, and watch its map grow."), "out"),
}


def draw() -> None:
    """Draw the doors side by side, on a phone one below the other."""
    st.html(_style())
    for column, (page, (title, sentence, _)) in zip(st.columns(len(DOORS), gap="medium"), DOORS.items(), strict=True):
        with column, st.container(key=f"door-{page}", height="stretch"):
            link(page, t(title))
            st.markdown(t(sentence))


def _style() -> str:
    edge = ", ".join(LANGUAGE["prior"])
    rules = [
        f".st-key-door-{page} {{ border: 1px solid light-dark({edge}); border-top: 5px solid light-dark({', '.join(LANGUAGE[part])}); "
        "border-radius: 10px; padding: .5rem 1rem .3rem; gap: .1rem; }\n"
        f".st-key-door-{page} [data-testid='stPageLink-NavLink'] p {{ font-size: 1.35rem; font-weight: 650; }}"
        for page, (_, _, part) in DOORS.items()
    ]
    return "<style>{}</style>".format("\n".join(rules))
