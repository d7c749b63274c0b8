"""What every page has around it: the menu, the choice of a model, the seed, and a place for one-sentence errors."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from vae_core.errors import UserError
from vae_core.explorer import Explorer
from vae_core.paths import app_root
from vae_ui import cache, state

# file -> (title in the menu, icon)
PAGES = {
    "start": ("Start", ":material/home:"),
    "latent_space": ("Latent space", ":material/scatter_plot:"),
    "decode": ("Decode", ":material/tune:"),
    "traverse": ("Traverse", ":material/grid_on:"),
    "interpolate": ("Interpolate", ":material/linear_scale:"),
    "reconstruct": ("Reconstruct", ":material/photo_camera:"),
    "generate": ("Generate", ":material/auto_awesome:"),
    "train": ("Train", ":material/model_training:"),
    "compare": ("Compare", ":material/compare:"),
}
DEFAULT_MODEL = "mnist-vae-2d"


def navigate() -> st.Page:
    """The menu; called by app.py and, through `frame`, by every page, so that a link to a page works on a cold server."""
    st.set_page_config(page_title="Latent Explorer", page_icon=":material/bubble_chart:", layout="wide")
    pages = [
        st.Page(app_root() / "pages" / f"{name}.py", title=title, icon=icon, url_path=name, default=name == "start")
        for name, (title, icon) in PAGES.items()
    ]
    return st.navigation(pages)


def frame(question: str, sentence: str) -> tuple[str, Explorer]:
    """Draw the page's head and sidebar; gives the chosen model's name and the opened model, or stops with a sentence."""
    navigate()
    name = sidebar()
    st.title(question)
    st.markdown(sentence)
    with readable_errors():
        return name, cache.explorer(name)
    st.stop()


def sidebar() -> str:
    """The choice of a model, its facts, and the seed; gives the model's name."""
    models = cache.models()
    if not models:
        st.error("There is no model yet: run `make checkpoints`, or train one on the Train page.")
        st.stop()
    names = list(models)
    before = st.session_state.get("model_before")
    with st.sidebar:
        name = st.selectbox(
            "Model",
            names,
            index=names.index(DEFAULT_MODEL) if DEFAULT_MODEL in names else 0,
            format_func=lambda key: models[key].title if key in models else key,
            key=state.MODEL,
            bind="query-params",
        )
        st.number_input("Seed", 0, 999_999, 0, key=state.SEED, bind="query-params", help="The same seed draws the same chance again.")
    if before is not None and before != name and before in models:
        state.carry(before, name, models[name].run.model.latent_dim)
    st.session_state["model_before"] = name
    return str(name)


@contextmanager
def readable_errors() -> Iterator[None]:
    """Show what a person can act on as one sentence where it happened, and stop the page there."""
    try:
        yield
    except UserError as error:
        st.error(str(error))
        st.stop()
