"""The curve of nats against bytes, and beside it the same codes decoded by each model on it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.explore.explorer import Explorer
from vae_core.slim.size_curve import Point
from vae_ui.base import pictures
from vae_ui.base.translation import t
from vae_ui.slim import charts, measured
from vae_ui.slim.charts import Mark
from vae_ui.slim.pruned import Smaller
from vae_ui.views import Strip, view_of
from vae_ui.widgets import model_cache

CELL = 40


@dataclass(frozen=True)
class Named:
    """A Point with the name under which it is shown."""

    name: str
    point: Point


def show(name: str, model: Explorer, smaller: Sequence[Smaller]) -> None:
    """Pictures by full and by 8-bit weights at once; when they are measured, the curve and those of all models on it."""
    left, right = st.columns([3, 2], gap="large")
    codes = model.latents
    with right:
        place = st.empty()
        rows = measured.shown(name)
        label = codes.labels[rows] if model.conditional else None
        first = {t("32 bits"): measured.full(name), t("8 bits"): model.decode(codes.mean[rows], label)}
        place.html(_strips(model, [Strip(title, "", decoded, title) for title, decoded in first.items()]))
    with left:
        found = measured.curve_of(name)
        rounded = [Named(t("{bits} bits", bits=bits), one) for bits, one in found.items()]
        pruned = [Named(one.name, measured.point_of(name, one.folder, one.bytes)) for one in smaller]
        _chart(model, rounded, pruned)
        st.caption(_how(name, model))
    strips = [_strip(model, one, found[32]) for one in [*rounded, *pruned]]
    place.html(_strips(model, strips))
    with right:
        st.caption(
            t("The same codes, decoded by each model. Grey levels: the mean difference from 32 bits, of 255.")
            if model.info.run.model.kind == "picture"
            else t("The same codes, decoded by each model.")
        )


def _chart(model: Explorer, rounded: Sequence[Named], pruned: Sequence[Named]) -> None:
    marks = [[Mark(one.name, one.point.bytes, one.point.loss) for one in group] for group in (rounded, pruned)]
    bound = "−ELBO" if model.has_density else t("distortion")
    figure = charts.nats_by_bytes(marks[0], marks[1], bound, (pictures.tint("z"), pictures.tint("out")))
    st.plotly_chart(figure, config={"displayModeBar": False}, key="slim-curve")


def _how(name: str, model: Explorer) -> str:
    """On what the curve was measured, and what its points are."""
    count = min(measured.EXAMPLES, len(model.latents.labels))
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


def _strips(model: Explorer, strips: Sequence[Strip]) -> str:
    return view_of(model).strips(strips, CELL, above=True)
