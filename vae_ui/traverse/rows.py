"""The Traverse page: the code at which the rows start, the table of rows, its caption and its files."""

from functools import partial

import numpy as np
import streamlit as st

from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes
from vae_core.export.csv_files import Table
from vae_core.images import writing
from vae_core.messages import Message
from vae_ui.base import detail, pictures, state
from vae_ui.base.csv_download import codes, csv_button
from vae_ui.base.translation import ngettext, t
from vae_ui.views import Strip, says, view_of
from vae_ui.views.picture import tiles
from vae_ui.widgets import choose_image, decoded_traversals, latent_units
from vae_ui.widgets.decoded_traversals import Walk

SPAN = 3.0  # standard deviations to each side, unless chosen
SHOWN = 32  # rows that are not folded: the code of a VQ-VAE has 196 numbers
STARTS = {"mean": Message("Mean"), "z": Message("This z"), "image": Message("Image")}


def span() -> float:
    """How far a row reaches to each side, in standard deviations; a beginner has SPAN."""
    if not detail.in_full():
        return SPAN
    with st.expander(t("More")):
        label = t("Range, in standard deviations")
        return float(st.slider(label, 1.0, 5.0, SPAN, 0.5, key="traverse-span", persist_state="session"))


def start(name: str, model: Explorer) -> Codes:
    """The code at which the rows start, as chosen: the mean of the prior, the z of the other pages, or a test image's code."""
    place = state.place(name)
    offered = [key for key in STARTS if key != "z" or place.z is not None]
    chosen = st.segmented_control(
        t("Start from"),
        offered,
        format_func=lambda one: t(STARTS[one]),
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
    return latent_units.usual(model)[0]


def base(model: Explorer, z: Codes, label: int | None) -> None:
    """Show what is decoded from the starting code."""
    figure = view_of(model).figure(model.decode(z[None], label)[0], t("The image at the start"), "z", 110)
    st.html(pictures.named(figure, t("Start code"), "z"))


def table(model: Explorer, found: list[Walk], z: Codes, span: float) -> None:
    """The rows, active dimensions first. Rows beyond SHOWN, and the collapsed dimensions in grey, are folded."""
    steps, view = len(found[0].outputs), view_of(model)
    few = model.latent_dim <= 3
    cell = cell_size(few)
    header = [f"{value:+.1f}".replace("-", "−").replace("+0.0", "0") for value in np.linspace(-span, span, steps)]
    live = [_strip(model, item, z, span) for item in found if item.active]
    dead = [_strip(model, item, z, span) for item in found if not item.active]
    html = view.strips(live[:SHOWN], cell, header, above=few)
    if rest := live[SHOWN:]:
        html += pictures.fold(ngettext("{count} more", "{count} more", len(rest)), view.strips(rest, cell, header))
    if dead:
        title = ngettext(
            "{count} collapsed dimension: the decoder ignores it",
            "{count} collapsed dimensions: the decoder ignores them",
            len(dead),
        )
        html += pictures.fold(title, view.strips(dead, cell, above=few), opened=not live)
    st.html(html)


def caption(model: Explorer) -> str:
    """The caption of the rows: what to look at."""
    if latent_units.has_normal_prior(model):
        scale = t(
            "From left to right one number goes through the standard deviations of the prior; the blue dot is the start."
        )
    else:
        scale = t(
            "From left to right one number goes through the standard deviations of its codes; the blue dot is the start."
        )
    look = t("Look along a row: what changes is what this number stands for, such as slant, width or class.")
    if latent_units.is_plain(model):
        order = t("A plain autoencoder has no rate, so the rows are ordered by the variance of the codes.")
    else:
        order = t("The rate, in nats per image, says how much a number says about the image; near 0 it says nothing.")
    return f"{scale} {look} {order}"


def cell_size(few: bool) -> int:
    """The side of an image in a strip in pixels; for a projector smaller, so that all strips stand on one screen."""
    return 60 if not few or state.choices().present else 96


def together(model: Explorer, span: float, steps: int, label: int | None) -> None:
    """A grid over both numbers of a 2-D code: z1 from left to right, z2 upwards."""
    if model.latent_dim == 2 and view_of(model).tiles:
        picture = decoded_traversals.plane(model, span, steps, label)
        pictures.show(
            picture,
            t("{count} x {count} images, z1 from left to right and z2 upwards", count=steps),
            None,
            t("Both numbers at once"),
            cell_size(True) * steps if not state.choices().present else 340,
        )
        st.caption(
            t("z1 grows from left to right, z2 upwards. Images side by side look alike: the code is continuous.")
        )


def downloads(name: str, model: Explorer, found: list[Walk]) -> None:
    """Downloads: the rows as one file, and all active dimensions moving together as a GIF."""
    view = view_of(model)
    with st.container(horizontal=True):
        whole = np.concatenate([item.outputs for item in found])
        for file in view.files:
            content = partial(view.content, whole, len(found[0].outputs), 1000, file)
            pictures.download(file.upper(), content, f"{name}-traverse.{file}", f"traverse-{file}")
        if view.moves:
            pictures.download("GIF", partial(_gif, model, found), f"{name}-traverse.gif", "traverse-gif")
        csv_button(partial(codes_of_rows, found), f"{name}-traverse-codes", "traverse-codes", t("Codes (CSV)"))


def codes_of_rows(found: list[Walk]) -> Table:
    """The code of each image of the rows, with the number that moves and its place in the row."""
    steps = len(found[0].codes)
    moved = [f"z{item.dimension + 1}" for item in found for _ in range(steps)]
    places = list(range(1, steps + 1)) * len(found)
    return {t("number that moves"): moved, t("image"): places, **codes(np.concatenate([item.codes for item in found]))}


def _gif(model: Explorer, found: list[Walk]) -> bytes:
    live = [view_of(model).pictures(item.outputs) for item in found if item.active or not any(w.active for w in found)]
    frames = np.stack([tiles(np.stack(moment)) for moment in zip(*live, strict=True)])
    return writing.gif(decoded_traversals.there_and_back(frames), 90)


def _strip(model: Explorer, item: Walk, z: Codes, span: float) -> Strip:
    centre, deviation = latent_units.usual(model)
    steps = len(item.outputs)
    value = float((z[item.dimension] - centre[item.dimension]) / deviation[item.dimension])
    place = (np.clip((value + span) / (2 * span), 0, 1) * (steps - 1) + 0.5) / steps
    plain = latent_units.is_plain(model)
    note = t("variance {value:.2f}", value=item.rate) if plain else t("{value:.2f} nats", value=item.rate)
    return Strip(
        f"z{item.dimension + 1}",
        note,
        item.outputs,
        t(
            "{count} images while z{number} goes from {low:g} to {high:g} standard deviations",
            count=steps,
            number=item.dimension + 1,
            low=-span,
            high=span,
        ),
        None if item.active is False else float(place),
        not item.active,
        says(model, item.codes),
    )
