"""Start: what a variational autoencoder is, in one picture."""

import streamlit as st

from vae_ui import family, overview
from vae_ui.frame import frame, link, readable_errors

name, model = frame("What is a VAE?", "It draws by squeezing every picture through a few numbers and a little chance.")


@st.fragment
def stage() -> None:
    with readable_errors():
        trip = overview.trip(name, model)
        overview.picture(name, model, trip)
    left, right = st.columns([1, 1.7], gap="medium", vertical_alignment="center")
    with left:
        overview.controls(name, model)
    with right:
        st.latex(overview.formula(trip))
    st.caption(overview.averages(model))
    st.markdown(overview.explanation(model))


stage()
with st.container(horizontal=True, gap="medium"):
    link("latent_space", "See where all codes live")
    link("decode", "Turn the numbers yourself")
    link("reconstruct", "Try a picture of your own")
    link("train", "Train one")
st.subheader("The family", anchor=False)
st.html(family.tree())
st.caption("Each can be trained on the Train page, and explored here beside the others.")
