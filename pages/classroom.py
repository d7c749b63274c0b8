"""Classroom: the teacher's own page."""

import streamlit as st

from vae_core.room.classroom import classroom
from vae_core.web.streamlit_internals import session_name
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.classroom import machine, people, plane, predictions, take_home, way_in
from vae_ui.room import switches
from vae_ui.shell import address
from vae_ui.shell.frame import head

SECONDS = 10.0  # after which the figures of the machine are read again


@st.fragment(run_every=SECONDS)
def load() -> None:
    with readable_errors():
        machine.draw()


if switches.teaches():
    classroom().watching.add(session_name() or "")
    head(
        t("Who is here, and what do they predict?"),
        t("Only you see this page. What you show to everyone is switched on in the sidebar."),
    )
    with readable_errors():
        left, right = st.columns([3, 2], gap="large")
        with left:
            way_in.draw()
            answers = predictions.draw()
            plane.draw()
        with right:
            people.draw()
            load()
            take_home.draw(answers)
else:
    head(
        t("This is the teacher's page"),
        t("It opens by the link for teachers, which is shown where the app was started."),
    )
address.write()
