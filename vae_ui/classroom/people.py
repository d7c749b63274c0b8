"""Who is here: how many on which page, and by name where the teacher wants to know."""

from collections import Counter

import streamlit as st

from vae_core.room.classroom import classroom
from vae_ui.base import current_user, plain_text
from vae_ui.base.translation import ngettext, t
from vae_ui.classroom.names import names_of
from vae_ui.shell.page_list import PAGES

NAMES = "classroom-names"  # in the session: whether names are shown


def draw() -> None:
    """The count, the pages with how many show each, and the names if they are asked for."""
    me = current_user.present().id
    here = {person: page for person, page in classroom().presence.pages().items() if person != me}
    st.subheader(ngettext("{count} person is here", "{count} people are here", len(here)), anchor=False)
    if not here:
        st.caption(t("Nobody yet: show the code above."))
        return
    counts = Counter(here.values())
    rows = [
        (title(page), count, [one for one, at in here.items() if at == page]) for page, count in counts.most_common()
    ]
    named = st.toggle(t("Show names"), key=NAMES)
    names = names_of(here) if named else {}
    most = max(counts.values())
    lines = "".join(
        f'<dt>{plain_text.attribute(page)}</dt><dd><i style="width:{100 * count / most:.0f}%"></i><b>{count}</b>'
        f"<span>{plain_text.attribute(', '.join(sorted(names[one] for one in some))) if named else ''}</span></dd>"
        for page, count, some in rows
    )
    st.html(f'{STYLE}<dl class="class-pages">{lines}</dl>')


def title(page: str) -> str:
    """A page's title as the menu has it; "…" while it is not drawn yet."""
    return t(PAGES[page][0]) if page in PAGES else "…"


STYLE = """<style>
.class-pages { display: grid; grid-template-columns: max-content 1fr; gap: .3rem .9rem; margin: 0; align-items: center; }
.class-pages dd { margin: 0; display: flex; gap: .5rem; align-items: center; flex-wrap: wrap; }
.class-pages i { height: 14px; border-radius: 4px; max-width: 55%; background: light-dark(#1d5fc4, #7ab2ff); }
.class-pages span { opacity: .8; font-size: .9rem; flex-basis: 100%; }
</style>"""
