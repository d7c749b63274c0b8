"""Which parts of a pair go in: the picture, a sentence that a person types, or both. The other part is missing."""

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.messages import Message
from vae_ui.base import plain_text, state
from vae_ui.base.scene import GIVEN
from vae_ui.base.translation import language, t
from vae_ui.reconstruct.inputs import LONGEST, Given

PARTS: dict[str, Message] = {
    "picture": Message("Picture"),
    "words": Message("Words"),
    "both": Message("Both"),
}


def which(model: Explorer) -> str:
    """Draw the switch of a model of pairs; gives the parts that go in, which of every other model is the picture."""
    if model.info.caption is None:
        return "picture"
    chosen: str | None = st.segmented_control(
        t("What goes in"),
        GIVEN,
        format_func=lambda one: t(PARTS[one]),
        required=True,
        label_visibility="collapsed",
        **state.bound("reconstruct-given", state.choices(), "given", GIVEN),
    )
    return chosen or "picture"


def with_words(name: str, model: Explorer, given: Given, parts: str, below: DeltaGenerator) -> Given:
    """The input with the words that go in; those that the model reads from the picture until there are some that it knows."""
    caption, place = model.info.caption, state.place(name)
    if caption is None or parts == "picture":
        return given
    read = model.most_probable_words(model.posterior(given.x)[0][None])[0]
    words = tuple(int(one) for one in read)
    with below:
        text = st.text_input(
            t("Your sentence"),
            placeholder=caption.phrase(words, language()),
            max_chars=LONGEST,
            **state.bound("reconstruct-words", place, "sentence"),
        )
        place.said = None
        try:
            if text.strip():
                words = place.said = caption.parse(text, language())
        except UserError as error:
            plain_text.refuse(error)
        if words == tuple(read):
            st.caption(t("Until there is another one, the sentence is what the model reads from the picture."))
    return replace(given, said=words, missing=parts == "words")
