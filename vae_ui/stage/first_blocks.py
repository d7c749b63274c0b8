"""What a page fetches first: told to the server, whose index page then lets the next browser fetch it at once."""

from collections.abc import Sequence

import streamlit as st

from vae_core.runs.many.models import PREFIX
from vae_core.web.blocks import blocks
from vae_core.web.middleware.content.index_page import opened
from vae_ui.base import state
from vae_ui.base.translation import language
from vae_ui.bundles import code_name

CODE = ("stage", "shell", "glossary")  # of every page with a stage


def remember(names: Sequence[str]) -> None:
    """The page in view shows the blocks of these names to everyone who opens it at the address of this session.

    Nothing is told of a person's own model, nor while the address still names the model before.
    """
    choices = state.choices()
    asked = st.query_params.get(state.MODEL, "")
    if not choices.model.startswith(PREFIX) and asked in ("", choices.model):
        blocks().opens_with(opened(choices.page, asked, language()), [*map(code_name, CODE), *names])
