"""Reconstruct: an image goes in, and the model's reconstruction of it comes out."""

import streamlit as st

from vae_ui.base import detail, plain_text
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.reconstruct import inputs, ledger, pair_parts, result
from vae_ui.shell import address
from vae_ui.shell.frame import frame
from vae_ui.widgets import choose_image

name, model = frame(
    t("What does the model keep of your image?"),
    t("The encoder turns the image into the code $z$; the decoder draws it again from this code alone."),
)
st.html(inputs.BELOW)
with st.container(key="reconstruct"):
    controls, below = inputs.controls(), st.container()
    with controls, readable_errors():
        parts = pair_parts.which(model)
        given = inputs.of_index(name) if parts == "words" else inputs.choose_input(name, model, below)
        given = pair_parts.with_words(name, model, given, parts, below)
        label = choose_image.label(name, model, "reconstruct-label", t("Class given to the model"))
    with st.container(), readable_errors():
        seen = result.forward(model, given, label)
        inputs.remember(name, given, seen.reading.mean)
        near = result.nearest(model, seen)
        result.stage(name, model, seen, near)
        if given.problem is not None and not given.drawn:  # of an empty pad the stage itself says so, where x' would be
            plain_text.warn(given.problem)
        st.caption(result.caption(model, name, given))
if given.steps:
    st.subheader(t("How the image was prepared"), anchor=False)
    inputs.show_steps(given)
    st.caption(t("The last image is the input of the model. Switch a step off or on if it went wrong."))
if not given.blank or given.missing:
    result.show_all(name, model, seen, near)
    if detail.in_full() and given.said is None:
        ledger.section(name, model, seen)
address.write()
