"""Reconstruct: a picture in, what the model keeps of it out."""

import streamlit as st

from vae_ui.base.readable_errors import readable_errors
from vae_ui.reconstruct import inputs, result
from vae_ui.shell import address
from vae_ui.shell.frame import frame
from vae_ui.widgets import choose_image

name, model = frame(
    "What does the model keep of your picture?",
    "The encoder squeezes it through the code $z$, the decoder draws it again from nothing else.",
)
st.html(inputs.BELOW)
with st.container(key="reconstruct"):
    with inputs.controls(), readable_errors():
        given = inputs.choose_input(name, model)
        label = choose_image.label(name, model, "reconstruct-label", "Tell the model it is")
    with st.container(), readable_errors():
        seen = result.forward(model, given, label)
        inputs.remember(name, given, seen.reading.mean)
        near = result.nearest(model, seen)
        result.stage(name, model, seen, near)
        st.caption(result.caption(model, name))
if given.steps:
    st.subheader("How it was prepared", anchor=False)
    inputs.show_steps(given)
    st.caption("The last one goes in. If a step went wrong, switch it off or on.")
if model.codebook is not None:
    result.choices(name, model, seen)
left, centre, right = st.columns(3, gap="medium")
with left:
    result.difference(model, seen)
with centre:
    st.subheader("Nearest test images", anchor=False)
    result.neighbours(name, model, near)
    st.caption(result.neighbour_caption(model))
with right:
    st.subheader("How unusual", anchor=False)
    st.markdown(result.unusual(name, model, seen))
    st.button("Go on from its code", on_click=result.keep, args=(name, seen), help="Decode and Traverse begin here.")
if seen.reading.rate is not None and model.codebook is None:
    st.subheader("Drawn from q", anchor=False)
    result.samples(seen)
    st.caption("Codes drawn from the ellipse, decoded: what varies here, the code leaves open.")
address.write()
