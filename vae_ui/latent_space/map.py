"""The Latent space page: the map, the response to clicks and drags on it, and the text below it."""

from functools import partial

import numpy as np
import streamlit as st

from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import nearest_codes
from vae_ui.base import pictures, state
from vae_ui.base.csv_download import csv_button
from vae_ui.base.scene import MAP_FIGURES
from vae_ui.base.state import End, Place
from vae_ui.base.translation import t
from vae_ui.latent_space import figures
from vae_ui.latent_space.codes_file import codes_of_map
from vae_ui.shell.frame import things
from vae_ui.shell.page_list import link
from vae_ui.stage import Event, Overlay, latent_map
from vae_ui.views import view_of
from vae_ui.widgets import choose_image, latent_units, model_cache
from vae_ui.widgets.decoded_traversals import drawn_on_release
from vae_ui.widgets.density_words import density_words
from vae_ui.widgets.map_views import KINDS, View

KEY = "latent-map"
NEAREST, VOTERS = 5, 50
MATCHED = ("wae", "sliced", "adversary")  # objectives that match the codes of a point posterior to a prior


def choose_view(name: str, model: Explorer) -> View | None:
    """The chosen 2-D view, of the 3-D one its first two axes; None where its t-SNE or UMAP has not been computed yet."""
    pair = (0, 1) if model.latent_dim <= 2 else _leading(model)
    kind, place = "plane", state.place(name)
    if place.picked is None and place.z is None:
        _pick(place, model, state.seed() % len(model.latents.mean))
        place.label = int(model.latents.labels[place.picked or 0])
    label = choose_image.label(name, model, "latent-label") or 0
    if model.latent_dim > 2:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            kind = st.segmented_control(
                t("View"),
                list(KINDS),
                format_func=lambda kind: t(KINDS[kind]),
                label_visibility="collapsed",
                required=True,
                **state.bound("latent-view", state.choices(), "view"),
            )
            if kind == "plane":
                pair = _pair(name, model, pair)
    flat = "pca" if kind == "space" else str(kind)
    return model_cache.view(name, flat, pair if kind == "plane" else (0, 1), label)


def _leading(model: Explorer) -> tuple[int, int]:
    first, second = model.order()[:2]
    return first, second


def _pair(name: str, model: Explorer, leading: tuple[int, int]) -> tuple[int, int]:
    """The two dimensions of the map; the same one twice is not offered."""
    place = state.place(name)
    first, second = place.pair or leading

    def choose(axis: str, title: str, other: int, chosen: int) -> int:
        order = [d for d in model.order() if d != other]
        key = f"latent-{axis}"
        st.session_state[key] = chosen
        return int(
            st.selectbox(
                title,
                order,
                format_func=lambda d: f"z{d + 1}",
                key=key,
                on_change=keep,
                label_visibility="collapsed",
                width=90,
            )
        )

    def keep() -> None:
        across, up = st.session_state["latent-across"], st.session_state["latent-up"]
        place.pair = (across, up if up != across else first)

    first = choose("across", t("Horizontal axis"), -1, first)
    return first, choose("up", t("Vertical axis"), first, second)


def draw_map(name: str, model: Explorer, view: View) -> None:
    """Draw the map with its marks; a new click or drag on it is taken into `state.place` first."""
    place = state.place(name)
    if place.z is None:
        place.z = model.latents.mean[place.picked or 0]
    latent_map(
        view.payload,
        overlay=lambda: _marks(place, model, view),
        on_event=lambda event: _follow(place, model, view, event),
        key=KEY,
        height=440,
        model=model_cache.browser_block(name),
        parts=("picture", "around"),
        layout="side",
        offers=figures.offers(name, model, view),
        figures=lambda: figures.drawn(name, model, view),
        common=True,
    )


def _marks(place: Place, model: Explorer, view: View) -> Overlay:
    assert place.z is not None
    return Overlay(
        z=view.at(model, place.z),
        code=place.z,
        label=place.label,
        pick=place.picked,
        ellipses=view.ellipse(model, place.picked) if place.picked is not None else [],
        a=_end(place, model, view, "A"),
        b=_end(place, model, view, "B"),
        neighbours=[int(i) for i in nearest_codes(model.latents.mean, place.z, NEAREST)],
    )


def _end(place: Place, model: Explorer, view: View, end: str) -> tuple[float, float] | None:
    return view.at(model, place.ends[end].code) if end in place.ends else None


def _follow(place: Place, model: Explorer, view: View, event: Event) -> None:
    """A click on a dot chooses its image; a click elsewhere, a drag or a key the place itself; what is selected is kept."""
    if event.act in ("click", "key") and event.pick is not None:
        _pick(place, model, event.pick)
    elif event.act in ("click", "drag", "key") and event.z is not None:
        fits = event.code is not None and len(event.code) == model.latent_dim
        place.z = event.code if fits else view.code(model, event.z)
    elif event.act in ("select", "clear"):
        place.selected = event.selection if len(event.selection) else None
    elif event.act == "figures":
        state.choices().figures = tuple(one for one in MAP_FIGURES if one in event.figures)


def _pick(place: Place, model: Explorer, index: int) -> None:
    # A conditional model keeps the chosen class: another one would need another lattice, and so another map.
    place.picked, place.z = index, np.asarray(model.latents.mean[index])


def reading(name: str, model: Explorer, view: View) -> None:
    """Below the map, updated on release: the test image at z, the density of codes there, and buttons to keep z."""
    place = state.place(name)
    assert place.z is not None
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if place.picked is not None and np.array_equal(place.z, model.latents.mean[place.picked]):
            st.html(_truth(name, model, place.picked), width="content")
        if figure := drawn_on_release(name, model):
            st.html(figure, width="content")
        rank = model_cache.density(name).rank(place.z)
        st.markdown(density_words(rank), width="stretch")
        keep(name, model, view)


def keep(name: str, model: Explorer, view: View) -> None:
    """Buttons that keep z as one end of a path, its image as a file, and all codes as CSV."""
    place, kind = state.place(name), view_of(model)

    def content(file: str) -> bytes:
        assert place.z is not None
        return kind.content(model.decode(place.z[None], place.label if model.conditional else None), 1, 512, file)

    with st.container(horizontal=True, gap="small", width="content"):
        for end in ("A", "B"):
            st.button(
                t("Keep as {end}", end=end),
                key=f"latent-keep-{end}",
                on_click=lambda end=end: place.ends.update({end: _kept(place, model)}),
                help=t("One end of the path on the Interpolate page."),
            )
        for file in kind.files:
            pictures.download(file.upper(), partial(content, file), f"{name}-z.{file}", f"latent-{file}")
        csv_button(lambda: codes_of_map(model, view), f"{name}-codes", "latent-codes", t("Codes (CSV)"))
    if place.ends:
        link("interpolate", _path({*place.ends}))


def _path(kept: set[str]) -> str:
    """The label of the link to the path, by the ends that are kept; the Interpolate page chooses the others."""
    if {"A", "B"} <= kept:
        return t("Interpolate from A to B")
    return t("A is kept: interpolate from it") if "A" in kept else t("B is kept: interpolate to it")


def _kept(place: Place, model: Explorer) -> End:
    """z as an end of a path; the picked test image itself, where z is its code."""
    assert place.z is not None
    mine = place.picked is not None and np.array_equal(place.z, model.latents.mean[place.picked])
    return End(np.array(place.z), place.picked if mine else None)


def _truth(name: str, model: Explorer, index: int) -> str:
    """The test image whose code is z, or its reconstruction where the data set is not available."""
    real = model_cache.at_hand(name)
    word = f"{'x' if real else 'x′'}: {choose_image.class_names(model)[model.latents.labels[index]]}"
    part = "x" if real else "out"
    return pictures.named(view_of(model).figure(model_cache.test_images(name)[index], word, part, 64), word, part)


def caption(name: str, model: Explorer, view: View) -> str:
    """The caption of the map: what to look at."""
    parts = []
    if view.plane is None:
        parts.append(
            t(
                "{method} keeps near codes near: clusters are meaningful, the distances between them are not. A place on this map "
                "has no code of its own, so there are no decoded images behind the dots, and a click takes the nearest dot.",
                method=t(KINDS[state.choices().view]),
            )
        )
    elif model.info.run.objective.name in MATCHED:
        parts.append(
            t(
                "Each image has one code and no q(z|x), so there is no ellipse. Training matched all codes together to the prior: "
                "look how round the map is."
            )
        )
    elif latent_units.is_plain(model):
        parts.append(
            t(
                "A plain autoencoder may place its codes anywhere: look at the axes, and at what it draws in the gaps. It has no "
                "prior and no q(z|x), so there are no circles and no ellipse."
            )
        )
    elif view.plane.labels[0].startswith("PC"):
        parts.append(
            t("A projection of a code of many numbers: clusters that overlap here may be separate in other directions.")
        )
    else:
        parts.append(
            t(
                "Look at the gaps between clusters: the decoder still draws something. Are those {things}?",
                things=things(model.info),
            )
        )
        if latent_units.has_normal_prior(model):
            parts.append(t("Grey circles: the prior at 1, 2 and 3 standard deviations."))
        parts.append(t("Amber ellipses: q(z|x) of the chosen image at 1 and 2 standard deviations."))
    if model.info.run.model.kind == "point":
        parts.append(
            t("The encoder may turn or mirror the plane of the data: what counts is which points lie near each other.")
        )
    if model.conditional:
        parts.append(
            t("This model is given the class, so its code holds only the style, and each class covers the whole map.")
        )
    if not model_cache.at_hand(name):
        parts.append(t("The data set is not on this computer: the images are reconstructions."))
    return " ".join(parts)
