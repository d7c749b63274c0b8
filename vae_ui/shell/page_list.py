"""PAGES: the pages of the app with title and icon, their menu, and a link from one page to another."""

import streamlit as st

from vae_core.messages import Message
from vae_core.utils.paths import app_root
from vae_ui.base import state
from vae_ui.base.translation import t

# file -> (title in the menu, icon)
PAGES = {
    "start": (Message("Start"), ":material/home:"),
    "learn": (Message("Learn"), ":material/school:"),
    "latent_space": (Message("Latent space"), ":material/scatter_plot:"),
    "decode": (Message("Decode"), ":material/tune:"),
    "traverse": (Message("Traverse"), ":material/grid_on:"),
    "interpolate": (Message("Interpolate"), ":material/linear_scale:"),
    "reconstruct": (Message("Reconstruct"), ":material/photo_camera:"),
    "generate": (Message("Generate"), ":material/auto_awesome:"),
    "data": (Message("Data"), ":material/dataset:"),
    "models": (Message("Models"), ":material/category:"),
    "train": (Message("Train"), ":material/model_training:"),
    "compare": (Message("Compare"), ":material/compare:"),
    "experiments": (Message("Experiments"), ":material/science:"),
    "break_it": (Message("Break it"), ":material/bug_report:"),
}

# The ring of a code inside the ellipse of q(z|x). An icon name such as ":material/...:" would be fetched from another host.
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><ellipse cx="16" cy="16" rx="15" ry="10" fill="#fbbf24"'
    ' transform="rotate(-25 16 16)"/><circle cx="17" cy="15" r="6" fill="#1d5fc4" stroke="#fff" stroke-width="2.5"/></svg>'
)


def _folded() -> bool:
    choices = state.choices() if st.session_state.get(state.CHOICES) else None
    return choices is not None and (choices.present or choices.lesson is not None)


def menu() -> st.Page:
    """Draw the menu; gives the page to run. The sidebar is folded beside a lesson and for a projector, which need its place."""
    width: str | int = "collapsed" if _folded() else 280
    st.set_page_config(page_title="Latent Explorer", page_icon=ICON, layout="wide", initial_sidebar_state=width)
    folder = app_root() / "pages"
    return st.navigation(
        [
            st.Page(folder / f"{name}.py", title=t(title), icon=icon, url_path=name, default=name == "start")
            for name, (title, icon) in PAGES.items()
            if (folder / f"{name}.py").is_file()
        ],
        expanded=True,
    )


def go(page: str) -> None:
    """Leave this page for another one of PAGES, with model, seed and language as they are now chosen."""
    st.switch_page(app_root() / "pages" / f"{page}.py", query_params=state.address())


def link(page: str, label: str | None = None, *, help: str | None = None) -> None:
    """A link to another page of PAGES that keeps model, seed and language; nothing where that page does not exist."""
    title, icon = PAGES[page]
    path = app_root() / "pages" / f"{page}.py"
    if path.is_file():
        st.page_link(path, label=label or t(title), icon=icon, help=help, query_params=state.address())
