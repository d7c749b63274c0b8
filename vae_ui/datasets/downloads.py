"""Downloads of data sets in the background, one for each data set, shown to all sessions; a click starts them."""

import threading
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from vae_core.data import DATASETS
from vae_core.data.download import download
from vae_core.data.published.sources import PUBLISHED
from vae_core.errors import UserError
from vae_core.utils.paths import data_dir
from vae_ui.base import plain_text
from vae_ui.base.translation import t


@dataclass
class Job:
    """One download: its progress, and how it ended; `error` is a sentence for people."""

    file: str = ""
    done: int = 0
    total: int = 0
    error: str = ""
    ended: bool = False
    cancelled: threading.Event = field(default_factory=threading.Event)

    def run(self, name: str, folder: Path, variant: str = "") -> None:
        steps = download(name, folder, variant=variant)
        try:
            for step in steps:
                self.file, self.done, self.total = step.file, step.done_bytes, step.total_bytes
                if self.cancelled.is_set():
                    break
        except UserError as error:
            self.error = error.message
        finally:
            steps.close()  # removes an incomplete file
            self.ended = True


@st.cache_resource
def _jobs() -> dict[str, Job]:
    return {}


def _key(name: str, variant: str) -> str:
    """The download's own name: a data set whose variants are files of their own has several."""
    return f"{name} {variant}".strip() if len(PUBLISHED[name].files) > 1 else name


def start(name: str, variant: str = "") -> None:
    """Start the download unless it is running."""
    key = _key(name, variant)
    if (job := _jobs().get(key)) is None or job.ended:
        _jobs()[key] = job = Job()
        threading.Thread(target=job.run, args=(name, data_dir(), variant), daemon=True).start()


def cancel(name: str, variant: str = "") -> None:
    """Stop the download at its next step; complete files stay."""
    if job := _jobs().get(_key(name, variant)):
        job.cancelled.set()


def offer(name: str, variant: str = "") -> bool:
    """Whether the data set is on this computer; if not, draw a button to download it, or the progress with a button to cancel."""
    if not DATASETS[name].needs_download or DATASETS[name].available(data_dir(), variant):
        return True  # one that an extra library holds says how to install it when it is read
    job = _jobs().get(_key(name, variant))
    busy = job is not None and not job.ended
    st.fragment(_state, run_every=0.5 if busy else None)(name, variant, busy)
    return False


def _state(name: str, variant: str, was_busy: bool) -> None:
    job = _jobs().get(_key(name, variant))
    if job is None or job.ended:
        if was_busy or DATASETS[name].available(data_dir(), variant):
            st.rerun()  # the whole page, so that the form appears and the timer ends
        if job is not None and job.error:
            plain_text.refuse(job.error)
        st.info(t("{data} is not on this computer yet.", data=plain_text.markdown(t(DATASETS[name].title))))
        if st.button(
            t("Download"), icon=":material/download:", on_click=start, args=(name, variant), key=f"get-{name}"
        ):
            st.rerun()
        return
    share = min(1.0, job.done / job.total) if job.total else 0.0
    st.progress(
        share,
        t(
            "{file}: {done:.1f} of {total:.1f} MB",
            file=job.file or t("Connecting"),
            done=job.done / 1e6,
            total=job.total / 1e6,
        ),
    )
    if st.button(t("Cancel"), icon=":material/close:", on_click=cancel, args=(name, variant), key=f"cancel-{name}"):
        st.rerun()
