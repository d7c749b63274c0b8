"""Work in the background on a page: a job or a training is started, watched with its progress, and stopped."""

import streamlit as st

from vae_core.experiments.runs_of_arms import BUSY, find_run
from vae_core.jobs.job import Job
from vae_core.messages import Message
from vae_core.presets.run_config import RunConfig
from vae_core.runs import Store
from vae_core.runs.many.listing import like
from vae_core.scheduling.start_scheduler import ensure_scheduler
from vae_ui.base import current_user
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t


def how_far(job: Job, share: float) -> str:
    """The share that is done, or the job's place in the queue."""
    place = None if share else job.position()
    return f"{share:.0%}" if place is None else t("waiting, number {place} in the queue", place=place)


def begin_job(job: Job) -> None:
    """Put a job into the queue for whoever looks at the page, which is then drawn again."""
    with readable_errors():
        job.start(current_user.present())
    st.rerun()


def watch_job(job: Job, title: Message, key: str, **words: object) -> None:
    """How far the job is, by a `title` with {progress} and other `words`; the page is drawn again when it has ended."""
    done = job.progress()
    if done is None:
        st.rerun()
    share = done or 0.0
    st.progress(share, t(title, progress=how_far(job, share), **words))
    if st.button(t("Stop"), icon=":material/stop:", key=f"{key}-stop"):
        job.cancel()
        st.rerun()


def begin_training(run: RunConfig) -> None:
    """Put a run into the queue for whoever looks at the page, which is then drawn again."""
    with readable_errors():
        store = Store()
        store.create(run, user=current_user.present())
        ensure_scheduler(store.home)
    st.rerun()


def watch_training(run: RunConfig, id: str, title: Message, key: str) -> None:
    """How far the training is, by a `title` with {state} and {share}; the page is drawn again when it has ended."""
    store = Store()
    ensure_scheduler(store.home)
    row = find_run(run, like(store, run, current_user.present()))
    if row is None or row.id != id or row.state not in BUSY:
        st.rerun()
    assert row is not None
    share = min(1.0, row.progress)
    st.progress(share, t(title, state=t(row.state), share=share))
    if st.button(t("Stop"), icon=":material/stop:", key=f"{key}-stop") and "stop" in row.commands:
        with readable_errors():
            store.command(row.id, "stop", current_user.present())
        st.rerun()
