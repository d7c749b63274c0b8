"""Start: what a variational autoencoder is, in one diagram."""

import streamlit as st

from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.shell.frame import frame, live
from vae_ui.shell.page_list import link
from vae_ui.start import family_tree, worked_example

name, model = frame(
    t("What is a VAE?"),
    t(
        "A variational autoencoder encodes each image as a few numbers with random noise, and draws the image again from them."
    ),
)


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
    link("latent_space", t("See where all codes lie"))
    link("decode", t("Change the numbers yourself"))
    link("reconstruct", t("Try an image of your own"))
    link("train", t("Train one"))
st.subheader(t("The family of models"), anchor=False)
st.html(family_tree.tree())
st.caption(t("Each of them can be trained on the Train page and then explored on these pages."))
