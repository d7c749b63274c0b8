"""What every page has around it: the menu, the choice of a model, and a place for one-sentence errors."""

from collections.abc import Callable

import streamlit as st

from vae_core.checkpoints import CheckpointInfo
from vae_core.explore.explorer import Explorer
from vae_core.utils.paths import app_root
from vae_ui.base import plain_text, scene, state
from vae_ui.base.palette import GROUND
from vae_ui.base.readable_errors import readable_errors
from vae_ui.shell import address, copy_link, sidebar
from vae_ui.widgets import model_cache

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

THINGS = {
    "mnist": "digits",
    "digits": "digits",
    "fashion-mnist": "clothes",
    "kmnist": "characters",
    "shapes": "shapes",
    "points": "points",
}

# A code's ring inside q's ellipse; a name such as ":material/...:" would be fetched from another host.
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><ellipse cx="16" cy="16" rx="15" ry="10" fill="#fbbf24"'
    ' transform="rotate(-25 16 16)"/><circle cx="17" cy="15" r="6" fill="#1d5fc4" stroke="#fff" stroke-width="2.5"/></svg>'
)

# A page's head leaves the first screenful to what one came for; the sidebar's menu takes no more than its lines.
# A formula has room for what hangs out of its line, else it counts as a box that scrolls and no key reaches; captions and the
# words on filled buttons and tags have the contrast of WCAG 2.2 AA in both themes.
HEAD = """<style>
[data-testid="stMainBlockContainer"] { padding-left: 2.5rem; padding-right: 2.5rem; }
[data-testid="stMainBlockContainer"] [data-testid="stHeading"] h1 { padding: 0 0 .1rem; line-height: 1.2; }
.st-key-head { flex-wrap: nowrap; }
.st-key-head > [data-testid="stLayoutWrapper"] { flex: none; width: auto; margin: -6px 0; }
[data-testid="stSidebarHeader"] { height: 2.4rem; margin-bottom: 0; }
[data-testid="stMain"] .katex-display { padding: 0 .15em .45em; }
[data-testid="stMain"] .katex-display .katex { font-size: 1.1em; }
[data-testid="stCaptionContainer"] { opacity: .75; }
[data-testid^="stBaseButton-primary"], [data-testid="stMultiSelect"] [data-tag] { color: light-dark(GROUND); }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding-left: 1rem; padding-right: 1rem; padding-top: 3.9rem; }
  [data-testid="stMainBlockContainer"] [data-testid="stHeading"] h1 { font-size: 1.6rem; }
  [data-testid="stMain"] .katex-display .katex { font-size: .82em; }
  .st-key-head { align-items: flex-start; }
  .st-key-controls-below > * > [data-testid="stHorizontalBlock"], .st-key-controls-below > [data-testid="stHorizontalBlock"] {
    flex-direction: column-reverse; }
}
</style>""".replace("GROUND", ", ".join(GROUND))


def navigate() -> st.Page:
    """The menu and the sidebar's choice of a model, drawn once for all pages by app.py; gives the page to run."""
    page = _menu()
    name = page.url_path or "start"
    st.html(HEAD)
    asked = address.read(name)
    with st.sidebar:
        sidebar.draw(asked[0].model if asked else None)
    choices = state.choices()
    if choices.page != name:
        choices.page, choices.ignored = name, ()
    if asked:
        address.adopt(*asked)
    return page


def live(draw: Callable[[], None]) -> None:
    """The part of a page that runs again by itself when a person does something on it; its address follows."""

    @st.fragment
    def part() -> None:
        draw()
        address.write()

    part()


def frame(question: str, sentence: str) -> tuple[str, Explorer]:
    """Draw the page's head; gives the chosen model's name and the opened model, or stops with a sentence.

    "{things}" in the question or the sentence becomes what the model's data show, such as "digits".
    """
    name = state.model()
    found = model_cache.models().get(name)
    shown = "pictures" if found is None else things(found)
    head(question.replace("{things}", shown), sentence.replace("{things}", shown))
    if found is None:
        st.info("There is no model to look at yet: run `make checkpoints`, or train one on the Train page.")
        st.stop()
    with readable_errors():
        return name, model_cache.explorer(name)
    st.stop()


def head(question: str, sentence: str) -> None:
    """The question, the sentence, and why a model that was asked for is not the one that is shown."""
    st.title(question, anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="head"):
        st.markdown(sentence, width="stretch")
        copy_link.draw()
    if missed := state.missed():
        why = model_cache.left_out().get(missed) or f"There is no model '{missed}': choose one in the sidebar."
        plain_text.warn(f"{why} Until then another model is shown.")
    if left_out := scene.sentence(state.choices().ignored):
        plain_text.warn(left_out)


def things(info: CheckpointInfo) -> str:
    """What the pictures of the model's data show."""
    return THINGS.get(info.run.data.dataset, "pictures")


def link(page: str, label: str | None = None, *, help: str | None = None) -> None:
    """A link to another page of PAGES that takes the model and the seed along; nothing where that page is not there."""
    title, icon = PAGES[page]
    path = app_root() / "pages" / f"{page}.py"
    if path.is_file():
        st.page_link(path, label=label or title, icon=icon, help=help, query_params=state.address())


def _menu() -> st.Page:
    st.set_page_config(page_title="Latent Explorer", page_icon=ICON, layout="wide", initial_sidebar_state=280)
    folder = app_root() / "pages"
    return st.navigation(
        [
            st.Page(folder / f"{name}.py", title=title, icon=icon, url_path=name, default=name == "start")
            for name, (title, icon) in PAGES.items()
            if (folder / f"{name}.py").is_file()
        ],
        expanded=True,
    )
