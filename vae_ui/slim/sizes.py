"""The curve of nats against bytes, measured in the background when asked for, and the same codes decoded by each model on it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.explore.explorer import Explorer
from vae_core.jobs.size_curve_job import SizeCurveJob
from vae_core.messages import Message
from vae_core.slim.size_curve import EXAMPLES, Curve, Point, shown
from vae_ui.base import pictures, plain_text
from vae_ui.base.translation import t
from vae_ui.slim import charts, measured
from vae_ui.slim.charts import Mark
from vae_ui.slim.pruned import Smaller
from vae_ui.views import Strip, view_of
from vae_ui.widgets import model_cache
from vae_ui.widgets.job_status import begin_job, watch_job

CELL = 40
WATCHED = Message("Measuring the model with fewer bits: {progress}")


@dataclass(frozen=True)
class Named:
    """A Point with the name under which it is shown."""

    name: str
    point: Point


def show(name: str, model: Explorer, smaller: Sequence[Smaller]) -> None:
    """Pictures by full and by 8-bit weights; once they are measured, the curve and the pictures of all models on it."""
    job = measured.job_of(name)
    left, right = st.columns([3, 2], gap="large")
    if (found := job.load()) is None:
        with left:
            _wait(job)
        strips = _at_once(name, model)
    else:
        with left:
            strips = _measured(name, model, found, smaller)
    with right:
        st.html(view_of(model).strips(strips, CELL, above=True))
        st.caption(
            t("The same codes, decoded by each model. Grey levels: the mean difference from 32 bits, of 255.")
            if found is not None and model.info.run.model.kind == "picture"
            else t("The same codes, decoded by each model.")
        )


def _wait(job: SizeCurveJob) -> None:
    """The progress of the curve, or the button that measures it."""
    if job.progress() is not None:
        st.fragment(watch_job, run_every=0.5)(job, WATCHED, "slim-curve")
        return
    if why := job.failure():
        plain_text.refuse(t("The last attempt failed. {reason} Start it again.", reason=t(why)))
    st.markdown(
        t("How many nats does the model lose with 16, 8, 6 or 4 bits for each weight, and how many bytes does it save?")
    )
    if st.button(t("Measure the curve"), icon=":material/play_arrow:", key="slim-curve-go"):
        begin_job(job)


def _at_once(name: str, model: Explorer) -> list[Strip]:
    """What full and 8-bit weights decode; the latter is what the browser has."""
    rows = shown(model.latents.labels)
    label = model.latents.labels[rows] if model.conditional else None
    first = {t("32 bits"): measured.full(name), t("8 bits"): model.decode(model.latents.mean[rows], label)}
    return [Strip(title, "", decoded, title) for title, decoded in first.items()]


def _measured(name: str, model: Explorer, found: Curve, smaller: Sequence[Smaller]) -> list[Strip]:
    """Draw the curve; gives what each model on it decodes."""
    rounded = [Named(t("{bits} bits", bits=bits), one) for bits, one in found.items()]
    pruned = [Named(one.name, measured.point_of(name, one.folder, one.bytes)) for one in smaller]
    _chart(model, rounded, pruned)
    st.caption(_how(name, model))
    return [_strip(model, one, found[32]) for one in [*rounded, *pruned]]


def _chart(model: Explorer, rounded: Sequence[Named], pruned: Sequence[Named]) -> None:
    marks = [[Mark(one.name, one.point.bytes, one.point.loss) for one in group] for group in (rounded, pruned)]
    bound = "−ELBO" if model.has_density else t("distortion")
    figure = charts.nats_by_bytes(marks[0], marks[1], bound, (pictures.tint("z"), pictures.tint("out")))
    st.plotly_chart(figure, config={"displayModeBar": False}, key="slim-curve")


def _how(name: str, model: Explorer) -> str:
    """On what the curve was measured, and what its points are."""
    count = min(EXAMPLES, len(model.latents.labels))
    if model_cache.at_hand(name):
        words = t("Measured on {count:,} test examples.", count=count)
    else:
        words = t(
            "The data are not on this computer: measured on {count:,} pictures that the model makes itself.",
            count=count,
        )
    return (
        words
        + " "
        + t(
            "From 8 bits down, layers that would lose too much have 16. Pages and saved files carry the 8 bits; no file holds 6 or 4."
        )
    )


def _strip(model: Explorer, one: Named, whole: Point) -> Strip:
    size = t("{size:,} kB", size=one.point.bytes // 1000)
    if one.point is whole:
        return Strip(one.name, size, whole.decoded, one.name)
    cost = t("{cost:+.2f} nats", cost=one.point.loss - whole.loss)
    note = f"{size} · {cost}"
    if model.info.run.model.kind == "picture":
        note += " · " + t("{levels:.1f} grey levels", levels=_grey(one.point.decoded, whole.decoded))
    return Strip(one.name, note, one.point.decoded, f"{one.name}: {note}")


def _grey(decoded: NDArray[np.float32], whole: NDArray[np.float32]) -> float:
    return float(255 * np.abs(decoded.clip(0, 1) - whole.clip(0, 1)).mean())
