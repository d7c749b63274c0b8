"""The switch of the page Break it: which mistake is on, and the training of its pair in the background."""

import streamlit as st

from vae_core.messages import Message
from vae_core.mistakes.catalogue import MISTAKES
from vae_core.mistakes.outcome import Pair
from vae_core.mistakes.pair_job import PairJob
from vae_ui.base import current_user, plain_text, state
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.widgets.job_status import watch_job

WATCHED = Message("Training both programs: {progress}")
SEED = 0  # of all pairs, so that the right program is the same beside each mistake


def choose() -> str:
    """Draw the list of mistakes; gives the id of the one that is on."""
    st.radio(
        t("The mistake"),
        list(MISTAKES),
        format_func=lambda id: t(MISTAKES[id].title),
        **state.bound("mistake-choice", state.choices(), "mistake", MISTAKES),
    )
    return state.choices().mistake


def result(id: str) -> Pair | None:
    """The trained pair; where there is none, the button that trains it, or how far the training is.

    What another person has trained is shown once this one has pressed the button too, at once: one predicts before one sees.
    """
    job, trained = PairJob.of(id, SEED), state.choices().trained
    pair = job.load()
    if id in trained and pair is not None:
        return pair
    if id in trained and job.progress() is not None:
        st.fragment(watch_job, run_every=0.5)(job, WATCHED, "break")
    elif _offer(job):
        with readable_errors():
            if pair is None and job.progress() is None:
                job.start(current_user.present())
            trained.add(id)
        st.rerun()
    return None


def _offer(job: PairJob) -> bool:
    """The button that trains the pair; whether it was pressed."""
    if reason := job.failure():
        plain_text.refuse(t("The training failed. {reason}", reason=t(reason)))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        pressed = st.button(t("Train both"), type="primary", icon=":material/play_arrow:", key="break-train")
        st.caption(
            t("About ten seconds: 600 steps each on 1,257 digits, with equal first weights, order of images and noise.")
        )
    return pressed
