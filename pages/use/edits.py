"""Edits: a direction in the latent space turns one class into another, or gives a picture more of a property."""

import streamlit as st

from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.edits import analogy, example, meaning, molecules, stage, ways
from vae_ui.shell.frame import frame, live

name, model = frame(
    t("What lies along a direction?"),
    t("A direction in the latent space turns one class into another, or gives more of a property. Drag the strength."),
)


def edit() -> None:
    with readable_errors():
        ways.begin(name, model)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            way = ways.choose(name, model)
            example.choose(name, model)
        shown, below = st.container(), st.container()
        with below:
            st.caption(stage.caption(model, way))
            own = example.upload(name, model)
        with shown:
            stage.show(name, model, way, own)
        molecules.section(name, model, way)
        analogy.section(name, model)
        meaning.section(name, model, example.given(name, model, own))


live(edit)
