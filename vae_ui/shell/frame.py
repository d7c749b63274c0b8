"""The frame of every page: the menu, the sidebar with the choice of a model, and the heading."""

from collections.abc import Callable

import streamlit as st

from vae_core.checkpoints import CheckpointInfo
from vae_core.explore.explorer import Explorer
from vae_core.messages import Message
from vae_core.room.classroom import classroom
from vae_core.web.streamlit_internals import session_name
from vae_ui.base import current_user, detail, plain_text, scene, state, translation
from vae_ui.base.palette import GROUND, INK
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.lessons import panel, presenting
from vae_ui.room import following, switches
from vae_ui.shell import address, copy_link, page_list, sidebar
from vae_ui.widgets import model_cache

OTHER_THINGS = Message("pictures")
THINGS = {  # data set -> what its images show
    "mnist": Message("digits"),
    "digits": Message("digits"),
    "fashion-mnist": Message("clothes"),
    "kmnist": Message("characters"),
    "shapes": Message("shapes"),
    "points": Message("points"),
    "iris": Message("flowers"),
    "wine": Message("wines"),
    "breast-cancer": Message("tumours"),
    "diabetes": Message("patients"),
    "table": Message("rows"),
    "sentences": Message("sentences"),
    "molecules": Message("molecules"),
    "names": Message("names"),
    "text": Message("sentences"),
}

# The heading is low, so that the main figure fits on the first screen. The padding below a formula keeps it from becoming a
# scrolling box that the keyboard cannot reach. Captions, texts on filled buttons and
# on the button with the focus have the contrast of WCAG 2.2 AA in both themes.
HEAD = """<style>
[data-testid="stMainBlockContainer"] { padding-left: 2.5rem; padding-right: 2.5rem; }
[data-testid="stMainBlockContainer"] [data-testid="stHeading"] h1 { padding: 0 0 .1rem; line-height: 1.2; }
.st-key-head { flex-wrap: nowrap; }
.st-key-head > [data-testid="stLayoutWrapper"] { flex: none; width: auto; margin: -6px 0; }
[data-testid="stApp"]:lang(zh) { line-break: strict; overflow-wrap: break-word; text-autospace: normal; }
[data-testid="stFileUploaderDropzone"] * { white-space: normal; overflow: visible; }
[data-testid="stSidebarHeader"] { height: 2.4rem; margin-bottom: 0; }
[data-testid="stMain"] .katex-display { padding: 0 .15em .45em; }
[data-testid="stMain"] .katex-display .katex { font-size: 1.1em; }
[data-testid="stCaptionContainer"] { opacity: .75; }
[data-testid^="stBaseButton-primary"], [data-testid="stMultiSelect"] [data-tag] { color: light-dark(GROUND); }
[data-testid="stButtonGroup"] button[data-focused="true"] * { color: light-dark(INK); }
@media (min-width: 641px) and (max-height: 800px) {  /* the choice of a model stays on the first screen below the menu */
  [data-testid="stSidebarNavLinkContainer"] { margin-top: 0; margin-bottom: 0; }
  [data-testid="stSidebarNavItems"] li { margin: 0; line-height: 1.1; }
}
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding-left: 1rem; padding-right: 1rem; padding-top: 3.9rem; }
  [data-testid="stMainBlockContainer"] [data-testid="stHeading"] h1 { font-size: 1.6rem; }
  [data-testid="stMain"] .katex-display .katex { font-size: .82em; }
  .st-key-head { align-items: flex-start; }
  .st-key-controls-below > * > [data-testid="stHorizontalBlock"], .st-key-controls-below > [data-testid="stHorizontalBlock"] {
    flex-direction: column-reverse; }
}
</style>""".replace("GROUND", ", ".join(GROUND)).replace("INK", ", ".join(INK))


def navigate() -> st.Page:
    """Draw the menu and the sidebar, which all pages share; gives the page to run."""
    translation.arrive()
    detail.arrive()
    page = page_list.menu()
    name = page.url_path or "start"
    st.html(HEAD)
    asked = address.read(name)
    own = address.current if asked is None else lambda read=asked: read[0]
    if (shown := following.asked(name, own, page_list.go)) is not None:
        asked = shown, ()
    _attend(name)
    with st.sidebar:
        sidebar.draw(asked[0].model if asked else None)
    choices = state.choices()
    if choices.page != name:
        choices.page, choices.ignored = name, ()
    if asked:
        address.adopt(*asked)
    if choices.present:
        presenting.draw()
    following.draw()
    panel.draw()
    return page


def _attend(page: str) -> None:
    """Tell the class which page this window shows."""
    here = classroom()
    if page != switches.CLASS:
        here.watching.discard(session_name() or "")
    if here.presence.show(current_user.present().id, page):
        here.on_news()


def live(draw: Callable[[], None], below: Callable[[], None] = lambda: None) -> None:
    """The part of a page that runs again by itself when a person does something on it; its address follows.

    `below` is drawn after the address, since it may take seconds.
    """

    @st.fragment
    def part() -> None:
        draw()
        address.write()
        below()
        panel.follow()

    part()


def frame(question: str, sentence: str) -> tuple[str, Explorer]:
    """Draw the heading; gives the name of the chosen model and the opened model, or stops the page with a sentence.

    `question` and `sentence` are in the session's language; "{things}" in them becomes what the data show, such as "digits".
    """
    name = state.model()
    found = model_cache.models().get(name)
    shown = t(OTHER_THINGS) if found is None else things(found)
    head(question.replace("{things}", shown), sentence.replace("{things}", shown))
    if found is None:
        st.info(t("There is no model yet: train one on the Train page, or run `make checkpoints`."))
        st.stop()
    with readable_errors():
        return name, model_cache.explorer(name)
    st.stop()


def head(question: str, sentence: str) -> None:
    """Draw the question as title, the sentence, and a warning where the model in the URL cannot be shown."""
    st.title(question, anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="head"):
        st.markdown(sentence, width="stretch")
        copy_link.draw()
    if missed := state.missed():
        why = model_cache.models().why_not(missed) or t(
            "There is no model '{name}': choose one in the sidebar.", name=missed
        )
        plain_text.warn(t("{why} Another model is shown until then.", why=t(why)))
    if left_out := scene.sentence(state.choices().ignored):
        plain_text.warn(left_out)


def things(info: CheckpointInfo) -> str:
    """What the images of the model's data show, in the session's language."""
    return t(THINGS.get(info.run.data.dataset, OTHER_THINGS))
