"""The two buttons that start a run: into the queue, or paused, to be taken step by step."""

from typing import Literal

import streamlit as st

from vae_core.errors import UserError
from vae_core.presets.run_config import RunConfig
from vae_core.runs import Store
from vae_core.scheduling.start_scheduler import ensure_scheduler
from vae_ui.base import current_user, plain_text
from vae_ui.base.translation import t
from vae_ui.train.run_view import look_at

# A number out of its range stays in the browser, which shows it red, and the server keeps the last one: nothing starts meanwhile.
REFUSED = """<style>
.train-refused { display: none; }
.st-key-train:has([aria-invalid="true"]) .train-refused { display: block; }
.st-key-train:has([aria-invalid="true"]) .st-key-train-start { display: none; }
</style><p class="train-refused" role="alert">WORDS</p>"""


def buttons(store: Store, run: RunConfig | None) -> None:
    """Draw the buttons, and start the run where one is pressed; both are off where the form gives no run."""
    off = run is None
    st.html(
        REFUSED.replace("WORDS", plain_text.attribute(t("A number that is red is not used: change it, then start.")))
    )
    with st.container(key="train-start"):
        pressed, paused = _pressed(off)
    if run is not None and (pressed or paused):
        _start(store, run, "paused" if paused else "queued")


def _pressed(off: bool) -> tuple[bool, bool]:
    pressed = st.button(t("Start"), type="primary", icon=":material/play_arrow:", width="stretch", disabled=off)
    paused = st.button(
        t("Start paused"),
        icon=":material/footprint:",
        width="stretch",
        disabled=off,
        help=t("Go through the training one step, or one epoch, at a time."),
    )
    return pressed, paused


def _start(store: Store, run: RunConfig, state: Literal["queued", "paused"]) -> None:
    try:
        look_at(store.create(run, user=current_user.present(), state=state))
        ensure_scheduler(store.home)
        st.toast(t("This page shows the new run now."))  # which is out of sight on a phone, above the form
    except UserError as error:  # the runs stay visible: the person may have to stop one
        plain_text.refuse(error)
