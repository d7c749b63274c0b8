"""Start: what a variational autoencoder is, in one picture."""

import streamlit as st

from vae_ui.base.readable_errors import readable_errors
from vae_ui.shell.frame import frame, link, live
from vae_ui.start import family_tree, worked_example

name, model = frame("What is a VAE?", "It draws by squeezing every picture through a few numbers and a little chance.")


def stage() -> None:
    with readable_errors():
        trip = worked_example.trip(name, model)
        worked_example.picture(name, model, trip)
    left, right = st.columns([1, 1.7], gap="medium", vertical_alignment="center")
    with left:
        worked_example.controls(name, model)
    with right:
        st.latex(worked_example.formula(trip))
    st.caption(worked_example.averages(model))
    st.markdown(worked_example.explanation(model))


live(stage)
with st.container(horizontal=True, gap="medium"):
    link("latent_space", "See where all codes live")
    link("decode", "Turn the numbers yourself")
    link("reconstruct", "Try a picture of your own")
    link("train", "Train one")
st.subheader("The family", anchor=False)
st.html(family_tree.tree())
st.caption("Each can be trained on the Train page, and explored here beside the others.")
