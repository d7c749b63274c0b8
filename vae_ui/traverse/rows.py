"""What the Traverse page shows: where a walk starts, the table of rows, its words and its files."""

from functools import partial

import numpy as np
import streamlit as st

from vae_core.explore.codes import Codes
from vae_core.explore.explorer import Explorer
from vae_core.images import writing
from vae_core.utils.arrays import UInt8
from vae_ui.base import pictures, state
from vae_ui.widgets import choose_image, walks
from vae_ui.widgets.walks import Walk

SHOWN = 32  # rows that are not folded: a VQ-VAE's map has 196 numbers
STARTS = {"mean": "Mean", "z": "My z", "image": "Image"}


def start(name: str, model: Explorer) -> Codes:
    """The code around which the walks go, as chosen: the middle of the prior, the z of the other pages, or an image's."""
    place = state.place(name)
    offered = [key for key in STARTS if key != "z" or place.z is not None]
    chosen = st.segmented_control(
        "Start from",
        offered,
        format_func=STARTS.get,
        required=True,
        **state.bound("traverse-start", state.choices(), "start", offered),
    )
    if chosen == "z" and place.z is not None:
        return place.z
    if chosen == "image":
        place.picked = 0 if place.picked is None else place.picked

        def pick(index: int) -> None:
            place.picked = index

        choose_image.test_image(model, "traverse-image", place.picked, pick)
        choose_image.tell_true_label(name, model)
        return np.asarray(model.latents.mean[place.picked])
    return walks.usual(model)[0]


def base(model: Explorer, z: Codes, label: int | None) -> UInt8:
    """The picture of the starting code."""
    return walks.drawn(model, z[None], label)[0]


def table(model: Explorer, found: list[Walk], z: Codes, span: float) -> None:
    """The rows: dimensions that tell something first; of very many the last, and the grey collapsed ones, are folded."""
    steps = len(found[0].pictures)
    few = model.latent_dim <= 3
    cell = 96 if few else 60
    header = [f"{value:+.1f}".replace("-", "−").replace("+0.0", "0") for value in np.linspace(-span, span, steps)]
    live = [_row(model, item, z, span) for item in found if item.active]
    dead = [_row(model, item, z, span) for item in found if not item.active]
    html = pictures.rows(live[:SHOWN], steps, cell, header, above=few) if live else ""
    if rest := live[SHOWN:]:
        html += pictures.fold(f"{len(rest)} more", pictures.rows(rest, steps, cell, header))
    if dead:
        title = f"{len(dead)} collapsed: the decoder does not listen to them"
        html += pictures.fold(title, pictures.rows(dead, steps, cell, above=few), opened=not live)
    st.html(html)


def caption(model: Explorer) -> str:
    """What to look at."""
    unit = "deviations of the prior" if walks.has_normal_prior(model) else "deviations of its codes"
    words = (
        f"From left to right one number goes through {unit}, the blue dot is where it starts. "
        "Look along a row: what changes is what this number stands for, slant, width, or which class it is."
    )
    if walks.is_plain(model):
        return words + " A plain autoencoder has no rate, so the rows are in the order of the variance of the codes."
    return (
        words + " The rate says how much of the picture a number carries, in nats per image; near 0 it carries nothing."
    )


def together(model: Explorer, span: float, steps: int, label: int | None) -> None:
    """Both numbers of a two-number code at once: the first across, the second upwards."""
    if model.latent_dim == 2:
        picture = walks.plane(model, span, steps, label)
        pictures.show(
            picture, f"{steps} x {steps} pictures, z1 across and z2 upwards", None, "Both at once", 96 * steps
        )
        st.caption(
            "Across goes z1, upwards z2. Neighbours look alike: there is a way from every picture to every other."
        )


def downloads(name: str, found: list[Walk]) -> None:
    """The rows as one PNG, and all live dimensions moving at once as a GIF."""
    with st.container(horizontal=True):
        pictures.download("PNG", partial(_png, found), f"{name}-traverse.png", "traverse-png")
        pictures.download("GIF", partial(_gif, found), f"{name}-traverse.gif", "traverse-gif")


def _png(found: list[Walk]) -> bytes:
    every = np.concatenate([item.pictures for item in found])
    return writing.png(pictures.enlarged(walks.tiles(every, len(found[0].pictures))))


def _gif(found: list[Walk]) -> bytes:
    live = [item for item in found if item.active] or found
    frames = np.stack([walks.tiles(np.stack(moment)) for moment in zip(*(w.pictures for w in live), strict=True)])
    return writing.gif(walks.there_and_back(frames), 90)


def _row(model: Explorer, item: Walk, z: Codes, span: float) -> pictures.Row:
    centre, deviation = walks.usual(model)
    steps = len(item.pictures)
    value = float((z[item.dimension] - centre[item.dimension]) / deviation[item.dimension])
    place = (np.clip((value + span) / (2 * span), 0, 1) * (steps - 1) + 0.5) / steps
    note = f"variance {item.rate:.2f}" if walks.is_plain(model) else f"{item.rate:.2f} nats"
    return pictures.Row(
        f"z{item.dimension + 1}",
        note,
        walks.tiles(item.pictures, steps),
        f"{steps} pictures while z{item.dimension + 1} goes from {-span:g} to {span:g} deviations",
        None if item.active is False else float(place),
        not item.active,
    )
