"""PAGES: the pages of the app with title and icon, their menu, and a link from one page to another."""

from collections.abc import Mapping
from copy import copy
from functools import cache, lru_cache
from pathlib import Path

import streamlit as st

from vae_core.messages import Message
from vae_core.utils.paths import app_root
from vae_ui.base import state
from vae_ui.base.translation import t
from vae_ui.room import switches

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
    "use": (Message("Use"), ":material/handyman:"),
    "anomalies": (Message("Anomalies"), ":material/troubleshoot:"),
    "complete": (Message("Complete"), ":material/draw:"),
    "compress": (Message("Compress"), ":material/compress:"),
    "few_labels": (Message("Few labels"), ":material/new_label:"),
    "features": (Message("Features"), ":material/output:"),
    "edits": (Message("Edits"), ":material/auto_fix_high:"),
    "slim": (Message("Smaller"), ":material/photo_size_select_small:"),
    "data": (Message("Data"), ":material/dataset:"),
    "models": (Message("Models"), ":material/category:"),
    "train": (Message("Train"), ":material/model_training:"),
    "compare": (Message("Compare"), ":material/compare:"),
    "experiments": (Message("Experiments"), ":material/science:"),
    "break_it": (Message("Break it"), ":material/bug_report:"),
    "classroom": (Message("Classroom"), ":material/groups:"),
}

# What a model is used for: the pages of the folder pages/use, which stand in the menu below Use while one of them is open. Each
# has a sentence for the cards of Use.
JOBS: dict[str, Message] = {
    "anomalies": Message(
        "Find what does not belong: a model learns what is normal, and scores how strange each other example is."
    ),
    "complete": Message(
        "Fill in what is hidden: parts of a picture that you paint over, or empty cells of a table, several times over."
    ),
    "compress": Message(
        "Store pictures in a file and get back the same bits: how few bytes the model needs, beside PNG, gzip and others."
    ),
    "few_labels": Message(
        "Label ten examples and have all others guessed: the map of codes spreads each label to what lies near it."
    ),
    "features": Message(
        "Give codes to a classifier or a regressor: how well it learns from them, and whether it would from the data or from PCA."
    ),
    "edits": Message(
        "Turn one class into another, or give a picture more of a property: a direction in the latent space, with a slider."
    ),
    "slim": Message(
        "Make the model itself smaller: weights of fewer bits, or fewer of them, and what that costs in nats."
    ),
}

# The ring of a code inside the ellipse of q(z|x). An icon name such as ":material/...:" would be fetched from another host.
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><ellipse cx="16" cy="16" rx="15" ry="10" fill="#fbbf24"'
    ' transform="rotate(-25 16 16)"/><circle cx="17" cy="15" r="6" fill="#1d5fc4" stroke="#fff" stroke-width="2.5"/></svg>'
)


WITH_JOBS = "menu-with-jobs"  # of the session: whether the menu has them


def _folded() -> bool:
    choices = state.choices() if st.session_state.get(state.CHOICES) else None
    return choices is not None and (choices.present or choices.lesson is not None)


def menu() -> st.Page:
    """Draw the menu; gives the page to run. The sidebar is folded beside a lesson and for a projector, which need its place.

    The jobs stand below Use while that page or one of them is open. Which page that is, Streamlit says once it has the menu; so where
    the jobs come or go, the menu is drawn again.
    """
    width: str | int = "collapsed" if _folded() else 280
    st.set_page_config(page_title="Latent Explorer", page_icon=ICON, layout="wide", initial_sidebar_state=width)
    jobs = st.session_state.get(WITH_JOBS, False)
    page = st.navigation([_entry(name, _seen(name, jobs)) for name in PAGES if _is_there(name)], expanded=True)
    if jobs != (page.url_path == "use" or page.url_path in JOBS):
        st.session_state[WITH_JOBS] = not jobs
        st.rerun()
    if jobs:
        st.html(_indented_jobs())
    return page


def _seen(name: str, jobs: bool) -> bool:
    """Whether the menu has this page: a job beside Use only, the class for its teacher only."""
    return switches.teaches() if name == switches.CLASS else jobs or name not in JOBS


def _entry(name: str, seen: bool) -> st.Page:
    return copy(_page(name, t(PAGES[name][0]), seen))  # Streamlit marks the pages of a menu


@lru_cache(maxsize=512)
def _page(name: str, title: str, seen: bool) -> st.Page:
    """Made once for all sessions: each looks at every folder of its path."""
    return st.Page(
        file(name),
        title=title,
        icon=PAGES[name][1],
        url_path=name,
        default=name == "start",
        visibility="visible" if seen else "hidden",
    )


@cache
def _is_there(page: str) -> bool:
    return file(page).is_file()


@cache
def file(page: str) -> Path:
    """The script of a page of PAGES."""
    return app_root() / "pages" / ("use" if page in JOBS else "") / f"{page}.py"


def _indented_jobs() -> str:
    """The style of the jobs in the menu."""
    jobs = ", ".join(f'[href$="/{page}"]' for page in JOBS)
    return f"""<style>[data-testid="stSidebarNavItems"] li:has(a:is({jobs})) {{ padding-left: 1.4rem; }}</style>"""


def go(page: str) -> None:
    """Leave this page for another one of PAGES, with model, seed and language as they are now chosen."""
    st.switch_page(file(page), query_params=state.address())


def link(
    page: str, label: str | None = None, *, help: str | None = None, asks: Mapping[str, str] | None = None
) -> None:
    """A link to another page of PAGES that keeps model, seed and language, and asks for more; nothing where there is no such page."""
    title, icon = PAGES[page]
    if _is_there(page):
        query = state.address() | dict(asks or {})
        st.page_link(file(page), label=label or t(title), icon=icon, help=help, query_params=query)
