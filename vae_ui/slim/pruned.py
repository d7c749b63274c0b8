"""Pruning with fine-tuning in the background, and what is done with the smaller model: downloads, and keeping it as one's own."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from itertools import product
from pathlib import Path

import streamlit as st

from vae_core import checkpoints
from vae_core.explore.explorer import Explorer
from vae_core.export.onnx import in_onnx
from vae_core.jobs.slim_job import Outcome, SlimJob
from vae_core.messages import Message
from vae_core.runs import Store
from vae_core.runs.kept_models import keep_model
from vae_core.slim.slimming import SlimSettings
from vae_ui.base import current_user, plain_text, translation
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.widgets import model_cache
from vae_ui.widgets.job_status import begin_job, watch_job

WHAT = {"prune": Message("Single weights"), "units": Message("Hidden units")}  # by field of SlimSettings
WATCHED = Message("Pruning and training: {progress}. You can use the app meanwhile.")
SHARES = (0.25, 0.5, 0.75)
SECONDS = (20, 60, 180)


@dataclass(frozen=True)
class Smaller:
    """A smaller model that has been made: its name, its checkpoint, and what it costs."""

    name: str
    folder: Path
    outcome: Outcome

    @property
    def bytes(self) -> int:
        return self.outcome.bytes


def made(model: Explorer) -> list[Smaller]:
    """All smaller models of this one that are there."""
    found = []
    for what, share, seconds in product(WHAT, SHARES, SECONDS):
        job = SlimJob.of(model.info, _settings(what, share, seconds))
        if job.result.exists() and (outcome := job.load()):
            found.append(Smaller(_name(what, share, seconds), job.folder, outcome))
    return found


def _settings(what: str, share: float, seconds: int) -> SlimSettings:
    return SlimSettings(bits=8, seconds=seconds, **{what: share})


def _name(what: str, share: float, seconds: int) -> str:
    words = {
        "prune": Message("{share:.0%} of weights gone, {seconds} s"),
        "units": Message("{share:.0%} of units gone, {seconds} s"),
    }
    return t(words[what], share=share, seconds=seconds)


def show(name: str, model: Explorer) -> None:
    """The choice of what is pruned, and the job or its result."""
    st.subheader(t("Prune, then train further"), anchor=False)
    st.caption(
        t(
            "Weights or whole hidden units that the others make up for best are taken away. Then the model is trained further, and its "
            "weights are rounded to 8 bits."
        )
    )
    left, middle, right = st.columns(3)
    with left:
        what = st.segmented_control(
            t("What goes"),
            list(WHAT),
            default="prune",
            format_func=lambda one: t(WHAT[one]),
            required=True,
            key="slim-what",
        )
    with middle:
        share = st.segmented_control(
            t("How many"), SHARES, default=0.5, format_func=lambda one: f"{one:.0%}", required=True, key="slim-share"
        )
    with right:
        seconds = st.segmented_control(
            t("Seconds of training"), SECONDS, default=60, format_func=str, required=True, key="slim-seconds"
        )
    settings = _settings(str(what), float(share or 0.5), int(seconds or 60))
    job = SlimJob.of(model.info, settings)
    if (outcome := job.load()) is not None:
        _result(name, Smaller(_name(str(what), float(share or 0.5), int(seconds or 60)), job.folder, outcome))
    elif job.progress() is not None:
        st.fragment(watch_job, run_every=1)(job, WATCHED, "slim")
    else:
        _offer(name, job)


def _offer(name: str, job: SlimJob) -> None:
    if not model_cache.at_hand(name):
        st.info(t("Training further needs the data set, which is not on this computer: download it on the Train page."))
        return
    if why := job.failure():
        plain_text.refuse(t("The last attempt failed. {reason} Start it again.", reason=t(why)))
    if st.button(t("Prune it"), type="primary", icon=":material/content_cut:", key="slim-start"):
        begin_job(job)


def _result(name: str, smaller: Smaller) -> None:
    outcome = smaller.outcome
    st.success(
        t(
            "On all test examples: {before:.2f} nats before, {after:.2f} after ({cost:+.2f}), with {small:,} kB of weights instead of "
            "{large:,}.",
            before=outcome.loss_before,
            after=outcome.loss,
            cost=outcome.cost,
            small=outcome.bytes // 1000,
            large=outcome.bytes_before // 1000,
        )
    )
    with st.container(horizontal=True):
        _download(t("Checkpoint (zip)"), partial(_checkpoint, smaller.folder), f"{name}-small.zip", "slim-zip")
        if in_onnx(model_cache.explorer(name).info.run.model):
            _download(
                t("ONNX (encoder, decoder)"), partial(_onnx, smaller.folder), f"{name}-small-onnx.zip", "slim-onnx"
            )
        if st.button(t("Keep as my own model"), icon=":material/bookmark_add:", key="slim-keep"):
            _keep(smaller)


def _keep(smaller: Smaller) -> None:
    with readable_errors():
        info = checkpoints.info(smaller.folder)
        keep_model(Store(), smaller.folder, info.run, current_user.present())
    st.toast(t("It is in the list of models now: {model}", model=plain_text.markdown(info.title)))


def _download(label: str, content: Callable[[], bytes], file: str, key: str) -> None:
    st.download_button(
        label,
        translation.kept(content),
        file,
        "application/zip",
        key=key,
        on_click="ignore",
        icon=":material/download:",
    )


def _checkpoint(folder: Path) -> bytes:
    files = (checkpoints.RUN, checkpoints.WEIGHTS, checkpoints.LATENTS)
    return _zipped({name: (folder / name).read_bytes() for name in files})


def _onnx(folder: Path) -> bytes:
    from vae_core.export.onnx import onnx_models  # imports `onnx`, which nothing else needs

    found = checkpoints.load(folder)
    return _zipped(onnx_models(found.vae, found.info.title, found.info.classes))


def _zipped(files: dict[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()
