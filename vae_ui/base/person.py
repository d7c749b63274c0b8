"""Who the present person is, as the layers before Streamlit found out."""

import streamlit as st
from streamlit import runtime

from vae_core.runs.persons import MACHINE, Person
from vae_core.web.cookie import HEADER, read


def present() -> Person:
    """The person whose browser asks; the machine itself where there is no server, as in a test of a page."""
    if not runtime.exists() or type(runtime.get_instance()) is not runtime.Runtime:
        return MACHINE
    return read(st.context.headers.get(HEADER, "")) or Person()
