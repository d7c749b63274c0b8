"""Reconstruct: a picture in, what the model keeps of it out."""

import streamlit as st

from vae_ui import choose, inputs, reconstructing
from vae_ui.frame import frame, readable_errors

name, model = frame(
    "What does the model keep of your picture?",
    "The encoder squeezes it through the code $z$, the decoder draws it again from nothing else.",
)
st.html(inputs.BELOW)
with st.container(key="reconstruct"):
    with inputs.controls(), readable_errors():
        given = inputs.choose_input(name, model)
        label = choose.label(name, model, "reconstruct-label", "Tell the model it is")
    with st.container(), readable_errors():
        seen = reconstructing.look(model, given, label)
        near = reconstructing.nearest(model, seen)
        reconstructing.stage(name, model, seen, near)
        st.caption(reconstructing.caption(model, name))
if given.steps:
    st.subheader("How it was prepared", anchor=False)
    inputs.show_steps(given)
    st.caption("The last one goes in. If a step went wrong, switch it off or on.")
if model.codebook is not None:
    reconstructing.choices(name, model, seen)
left, centre, right = st.columns(3, gap="medium")
with left:
    reconstructing.difference(model, seen)
with centre:
    st.subheader("Nearest test images", anchor=False)
    reconstructing.neighbours(name, model, near)
    st.caption(reconstructing.neighbour_caption(model))
with right:
    st.subheader("How unusual", anchor=False)
    st.markdown(reconstructing.unusual(name, model, seen))
    st.button(
        "Go on from its code", on_click=reconstructing.keep, args=(name, seen), help="Decode and Traverse begin here."
    )
if seen.reading.rate is not None and model.codebook is None:
    st.subheader("Drawn from q", anchor=False)
    reconstructing.samples(seen)
    st.caption("Codes drawn from the ellipse, decoded: what varies here, the code leaves open.")
