"""The ledger of one image on the Reconstruct page: its nats by pixel and by number of the code, and the bound that closes with k."""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.explore.explorer import Explorer
from vae_core.explore.one_image.importance_bounds import ImportanceBound
from vae_core.explore.one_image.ledger import DRAWS, Ledger
from vae_core.export.csv_files import Table
from vae_ui.base import pictures, state
from vae_ui.base.csv_download import csv_button
from vae_ui.base.translation import Later, t
from vae_ui.reconstruct import charts
from vae_ui.reconstruct.result import ForwardPass
from vae_ui.views import view_of
from vae_ui.views.bars import bars
from vae_ui.widgets import model_cache

MOST = 12  # numbers of the code with a bar of their own


def section(name: str, model: Explorer, seen: ForwardPass) -> None:
    """A fold with the ledger; nothing is computed before it is opened."""
    fold = st.expander(
        t("The ledger of this image: where its nats come from"), key="reconstruct-ledger", on_change="rerun"
    )
    if not fold.open:
        return
    with fold:
        found = model.ledger(seen.given.x, seen.label)
        left, right = st.columns(2, gap="large")
        with left:
            by_pixel(name, model, seen.given.x, found)
        with right:
            by_dimension(name, found)
            if found.by_dimension.size:
                closing(name, seen)


def by_pixel(name: str, model: Explorer, x: NDArray[np.generic], found: Ledger) -> None:
    """The distortion by pixel or by column, and its sum."""
    st.subheader(t("Distortion, by pixel"), anchor=False)
    alt = t("Nats of each pixel, {total:.1f} together", total=found.distortion)
    st.html(view_of(model).nats(x, found.by_pixel, alt))
    st.caption(
        t(
            "The pixels add up to {total:.1f} nats, the distortion that the stage shows with “Mean only”.",
            total=found.distortion,
        )
    )
    csv_button(lambda: pixel_table(found), f"{name}-nats-by-pixel", "ledger-pixels")


def by_dimension(name: str, found: Ledger) -> None:
    """The rate by number of the code, and its sum."""
    st.subheader(t("Rate, by number of the code"), anchor=False)
    if not found.by_dimension.size:
        st.caption(t("A plain autoencoder has no rate."))
        return
    names = (
        [t("all numbers together")]
        if len(found.by_dimension) == 1
        else [f"z{i + 1}" for i in range(len(found.by_dimension))]
    )
    order = np.argsort(-found.by_dimension)[:MOST]
    values = found.by_dimension[order]
    alt = t("Nats of each number of the code, {total:.1f} together", total=found.rate)
    st.html(bars([names[i] for i in order], values.tolist(), [f"{v:.2f}" for v in values], alt, ("distortion", "rate")))
    words = [t("The numbers add up to {total:.1f} nats: the rate.", total=found.rate)]
    if len(order) < len(found.by_dimension):
        words.insert(0, t("The {count} largest of {all}.", count=len(order), all=len(found.by_dimension)))
    if found.is_sampled:
        words.append(t("This KL has no closed form: it is a mean over {count} samples of z.", count=DRAWS))
    st.caption(" ".join(words))
    csv_button(
        lambda: {t("number of the code"): names, t("rate (nats)"): found.by_dimension},
        f"{name}-nats-by-number",
        "ledger-rate",
    )


def closing(name: str, seen: ForwardPass) -> None:
    """The curve of L_k towards ln p(x)."""
    st.subheader(t("The bound closes with k samples"), anchor=False)
    found, truth = _bounds(*model_cache.key(name), name, seen.given.x, seen.label, state.seed())
    figure = charts.closing_bound(
        [one.k for one in found], [one.mean for one in found], [one.deviation for one in found], truth,
        (pictures.tint("loss"), pictures.tint("prior")),
    )  # fmt: skip
    st.plotly_chart(figure, config={"displayModeBar": False}, key="ledger-bound")
    st.caption(closing_words(found, truth))
    csv_button(lambda: bound_table(found), f"{name}-bound", "ledger-csv-bound")


def closing_words(found: Sequence[ImportanceBound], truth: float | None) -> str:
    """What the curve says, with its numbers."""
    first, last = found[0], found[-1]
    words = [
        t(
            "L₁ is the ELBO, {first:.2f} nats. L_k averages k samples inside the logarithm: {last:.2f} at k = {k:,}. "
            "The band is one standard deviation of a single estimate.",
            first=first.mean, last=last.mean, k=last.k,
        )
    ]  # fmt: skip
    if truth is None:
        words.append(
            t("The limit is ln p(x). A code of more than two numbers is too large for a grid, so no line shows it.")
        )
    else:
        words.append(
            t(
                "Dashed: ln p(x) = {truth:.2f} nats, integrated over the plane. The ELBO lies {gap:.2f} nats below it, which is the "
                "KL of q to the true posterior.",
                truth=truth, gap=truth - first.mean,
            )
        )  # fmt: skip
    return " ".join(words)


@st.cache_data(max_entries=64, show_spinner=Later("Drawing 10,000 samples of z ..."))
def _bounds(
    folder: str, changed: int, _name: str, x: NDArray[np.generic], label: int | None, seed: int
) -> tuple[list[ImportanceBound], float | None]:
    return model_cache.explorer(_name).bounds(x, label, seed)


def pixel_table(found: Ledger) -> Table:
    """The nats of each pixel or column, with its place."""
    places = list(product(*map(range, found.by_pixel.shape)))
    axes = {1: (t("column"),), 3: (t("channel"), t("row"), t("column"))}[found.by_pixel.ndim]
    named: Mapping[str, Sequence[object]] = {axis: [place[i] for place in places] for i, axis in enumerate(axes)}
    return {**named, t("distortion (nats)"): found.by_pixel.reshape(-1)}


def bound_table(found: Sequence[ImportanceBound]) -> Table:
    """The curve as columns."""
    return {
        "k": [one.k for one in found],
        t("L_k (nats)"): [one.mean for one in found],
        t("standard deviation (nats)"): [one.deviation for one in found],
        t("repeats"): [one.repeats for one in found],
    }
