"""The button on every page that copies the page's address, and shows it as a QR code (js/copy_link.js)."""

import streamlit as st

from vae_core.messages import Message
from vae_core.room.classroom import classroom
from vae_core.web.qr_code import as_picture
from vae_ui.base.translation import t
from vae_ui.bundles import loader
from vae_ui.room import switches
from vae_ui.shell import streamlit_words

LONGEST = 40_000  # letters of an address that a browser may send
WORDS = {
    "copy": Message("Copy link"),
    "copied": Message("The link is copied."),
    "copyByHand": Message("Copy the link from here:"),
    "scan": Message("Scan it to see this on a phone."),
    "long": Message("This link is too long for a QR code."),
    "close": Message("Close"),
}
# The button has no name before the script gives it one in the person's language: until then it cannot be reached.
HTML = """<button type="button" class="copy" style="visibility: hidden"></button>
<div popover role="dialog"><div class="head"><span class="status" role="status"></span>
<button type="button" class="close">×</button></div><input readonly spellcheck="false">
<div class="code"><img hidden alt="" width="248" height="248"></div><div class="note"></div></div>
"""


@st.fragment
def draw() -> None:
    """The button; the picture of the code is made when the browser asks for it, of the address that it shows."""
    asked = (st.session_state.get("copy-link") or {}).get("link")
    link = asked if isinstance(asked, str) and asked.startswith("http") and len(asked) <= LONGEST else ""
    code = as_picture(link) if link else ""
    texts = {name: t(text) for name, text in WORDS.items()}
    _button(
        data={"words": texts, "streamlit": streamlit_words.table(), "link": link, "code": code, **_way_in()},
        key="copy-link",
        width="content",
        on_link_change=_nothing,
    )


def _way_in() -> dict[str, str]:
    """For a teacher, what a link needs to open in the class: the address by which others reach the server, and the room's code."""
    here = classroom()
    if here.room is None or not switches.teaches():
        return {"origin": "", "room": ""}
    return {"origin": here.url, "room": here.room.code}


def _nothing() -> None:
    """Streamlit keeps what a component tells only under names that have a callback."""


_button = st.components.v2.component("copy_link", html=HTML, js=loader("shell"))
