"""How the class gets in: the code in large digits and the link's QR code, to be projected."""

import streamlit as st

from vae_core.room.access import shown, with_new_code
from vae_core.room.classroom import classroom
from vae_core.utils.paths import home
from vae_core.web.qr_code import as_picture
from vae_ui.base import plain_text
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t

STYLE = """<style>
.way-in { display: flex; gap: 1.6rem; align-items: center; flex-wrap: wrap; }
.way-in img { width: 168px; height: 168px; border-radius: 8px; image-rendering: pixelated; }
.way-in .code { font-size: clamp(2.2rem, 6vw, 3.6rem); font-weight: 700; letter-spacing: .06em; line-height: 1.1; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
.way-in .url { font-size: 1.15rem; overflow-wrap: anywhere; }
</style>"""


def draw() -> None:
    """The address, the code and both in one picture."""
    here = classroom()
    if here.room is None:
        return
    code, safe = here.room.code, plain_text.attribute
    link = f"{here.url}/?room={code}" if code else here.url
    said = f'<div class="code">{shown(code)}</div>' if code else f"<div>{safe(t('No code is asked for.'))}</div>"
    picture, alt = as_picture(link), safe(t("QR code of the link"))
    st.html(
        f'{STYLE}<div class="way-in"><img src="{picture}" alt="{alt}"><div><div class="url">{safe(here.url)}</div>{said}</div></div>'
    )
    if code:
        st.button(
            t("New code"),
            icon=":material/refresh:",
            type="tertiary",
            on_click=_renew,
            help=t("Everyone types the new code the next time they open the app; pages that are open stay open."),
        )


def _renew() -> None:
    here = classroom()
    with readable_errors():
        if here.room is not None:
            here.room = with_new_code(home(), here.room)
