"""Reconstruct: a picture in, what the model keeps of it out."""

import streamlit as st

from vae_ui import choose, inputs, reconstructing
from vae_ui.frame import frame, readable_errors
from vae_ui.sides import sides

name, model = frame(
    "What does the model keep of your picture?",
    "The encoder squeezes it through the code $z$, the decoder draws it again from nothing else.",
)
controls, middle = sides("reconstruct", 2.6)
with controls, readable_errors():
    given = inputs.choose_input(name, model)
    label = choose.label(name, model, "reconstruct-label", "Tell the model it is")
with readable_errors():
    seen = reconstructing.look(model, given, label)
near = reconstructing.nearest(model, seen)
with controls:
    st.button(
        "Go on from its code", on_click=reconstructing.keep, args=(name, seen), help="Decode and Traverse begin here."
    )
with middle:
    pictures, numbers = st.columns([2.9, 1], gap="medium")
    with pictures:
        reconstructing.both(seen)
        st.caption(reconstructing.both_caption(model, name))
    with numbers:
        reconstructing.figures(name, model, seen)
if given.steps:
    st.subheader("How it was prepared", anchor=False)
    inputs.show_steps(given)
    st.caption("The last one goes in. If a step went wrong, switch it off or on.")
left, centre, right = st.columns([1, 1.3, 1], gap="medium")
with left:
    reconstructing.difference(model, seen)
with centre:
    st.subheader("Where it lands", anchor=False)
    reconstructing.chart(name, model, seen, near)
    st.caption(reconstructing.place_caption(model))
with right:
    if seen.reading.rate is not None:
        st.subheader("Drawn from q", anchor=False)
        reconstructing.samples(seen)
        st.caption("Codes drawn from the ellipse, decoded: what varies here, the code leaves open.")
    st.subheader("Nearest test images", anchor=False)
    reconstructing.neighbours(name, model, near)
    st.caption(reconstructing.neighbour_caption(model))
