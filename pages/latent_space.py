"""Latent space: the map of a model's codes."""

import streamlit as st

from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.export import html_and_onnx
from vae_ui.latent_space import figures, hole_hunt, map, space, wait_for_projection
from vae_ui.shell.frame import frame, live

name, model = frame(
    t("Where do the {things} live?"),
    t("Each dot is the code of one test image. Move the pointer over the map: the decoder draws the code under it."),
)


def stage() -> None:
    with readable_errors():
        view = map.choose_view(name, model)
        if view is None:
            wait_for_projection.draw(model)
            return
        if space.is_chosen(model):
            space.draw(name, model)
            map.reading(name, model, view)
            st.caption(space.caption(model))
            return
        map.draw_map(name, model, view)
        figures.captions(name, model, view)
        map.reading(name, model, view)
        hole_hunt.draw(name, model, view)
        st.caption(map.caption(name, model, view))
        html_and_onnx.draw(name, model, view)


live(stage)
