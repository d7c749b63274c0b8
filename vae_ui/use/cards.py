"""A card for each job, with a link to its page."""

import streamlit as st

from vae_ui.base.translation import t
from vae_ui.shell.page_list import JOBS, PAGES, link

IN_A_ROW = 2
STYLE = """<style>[class*="st-key-job-"] [data-testid="stPageLink-NavLink"] p { font-size: 1.2rem; font-weight: 650; }</style>"""


def draw() -> None:
    """Draw the cards, two in a row, on a phone one below the other."""
    st.html(STYLE)
    jobs = list(JOBS)
    for first in range(0, len(jobs), IN_A_ROW):
        for column, page in zip(st.columns(IN_A_ROW, gap="medium"), jobs[first : first + IN_A_ROW], strict=False):
            with column, st.container(key=f"job-{page}", border=True, height="stretch"):
                link(page, t(PAGES[page][0]))
                st.markdown(t(JOBS[page]))
