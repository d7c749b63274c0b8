"""The map of the page Few labels: every dot in the colour of its guess, those labelled by hand ringed, and the class regions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.explore import projection
from vae_core.explore.explorer import Explorer
from vae_core.explore.plane_figures.plane_grid import PlaneGrid
from vae_core.few_labels.classifiers import Probabilities
from vae_core.jobs.projections import Projection
from vae_core.messages import Message
from vae_core.utils.arrays import Int64
from vae_ui.base import plain_text, state
from vae_ui.base.palette import class_colours
from vae_ui.base.translation import language, t
from vae_ui.few_labels import given, guesses
from vae_ui.stage import Event, Figure, Offer, Overlay, Payload, build_payload, latent_map, map_figures
from vae_ui.widgets import model_cache
from vae_ui.widgets.job_status import begin_job, watch_job
from vae_ui.widgets.map_lattice import extent
from vae_ui.widgets.map_views import KINDS

KEY = "few-labels-map"
VIEWS = ("pca", "tsne")
WATCHED = Message("t-SNE: {progress}")
CELLS = 64  # of the class regions, along the longer side of the map
UNKNOWN = "#8a94a3"  # of a dot that no label has reached: grey in both themes
SWITCHED_OFF = "few-labels.off"  # figures that the person has switched off


@dataclass(frozen=True)
class Dots:
    """The dots on the map (N, 2) as they go to the browser."""

    points: NDArray[np.floating]
    payload: Payload


def choose_view(model: Explorer) -> str:
    """The chosen projection of a code of more than two numbers; that of a smaller one is the code itself."""
    if model.latent_dim <= 2:
        return "plane"
    return str(
        st.segmented_control(
            t("View"),
            VIEWS,
            format_func=lambda kind: t(KINDS[kind]),
            label_visibility="collapsed",
            required=True,
            **state.bound("few-labels-view", state.choices(), "view", VIEWS),
        )
    )


def dots(name: str, model: Explorer, view: str) -> Dots | None:
    """The dots of a view; None for a t-SNE that has not been computed."""
    flat = Projection.of(model.info, view).load() if view == "tsne" else None
    if view == "tsne" and flat is None:
        return None
    titles = given.names(name, model)
    return _dots(*model_cache.key(name), view, titles, language(), model_cache.at_hand(name), name, flat)


@st.cache_resource(max_entries=8, show_spinner=False)
def _dots(
    folder: str,
    changed: int,
    view: str,
    titles: tuple[str, ...],
    words: str,
    real: bool,
    _name: str,
    _flat: NDArray[np.float32] | None,
) -> Dots:
    model = model_cache.explorer(_name)
    count, codes = given.dots(model), model.latents.mean
    plane = projection.raw_plane(model.latent_dim) if model.latent_dim <= 2 else projection.pca_plane(codes)
    points = plane.project(codes) if _flat is None else _flat
    axes = plane.labels if _flat is None else (f"{KINDS[view]} 1", f"{KINDS[view]} 2")
    thumbs = model_cache.thumbnails(_name)
    payload = build_payload(
        points[:count],
        np.full(count, len(titles)),
        (*titles, t("no label yet")),
        thumbs=None if thumbs is None else thumbs[:count] & np.uint8(0xF8),
        texts=model_cache.texts(_name)[:count],
        axes=axes,
        prior=False,
        readout=False,
        title=t("Latent map of {model}", model=t(model.info.title)),
        colours=(*class_colours(len(titles)), UNKNOWN),
    )
    return Dots(points[:count], payload)


def show(
    name: str, found: Dots, guess: Callable[[], tuple[Int64, Probabilities | None]], on_click: Callable[[int], None]
) -> None:
    """Draw the map; `guess` gives the examples with a label and the guesses, and is asked for after a click was taken in."""
    off = st.session_state.setdefault(SWITCHED_OFF, set())

    def follow(event: Event) -> None:
        if event.act in ("click", "key") and event.pick is not None:
            on_click(event.pick)
        elif event.act == "figures":
            off.clear()
            off.update({"regions", "guesses"} - {*event.figures})

    proposed = state.place(name)
    latent_map(
        found.payload,
        overlay=lambda: Overlay(
            neighbours=() if proposed.proposed is None else (proposed.proposed,), contours=False, lattice=False
        ),
        key=KEY,
        height=520,
        on_event=follow,
        offers=[
            Offer("regions", t("regions"), t("What the dots near each place are guessed to be")),
            Offer("guesses", t("guesses"), t("Each dot in the colour of its guess")),
        ],
        figures=lambda: _figures(found, *guess(), off),
    )


def _figures(
    found: Dots, where: Int64, guessed: Probabilities | None, off: set[str]
) -> Mapping[str, tuple[Figure, str]]:
    if guessed is None:
        return {}
    labelled = np.isin(np.arange(len(found.points)), where)
    alt = t("Dots and regions in the colours of their guessed classes; the labelled dots are ringed.")
    figures: dict[str, tuple[Figure, str]] = {}
    if "regions" not in off:
        over = extent(np.asarray(found.points, np.float32), False)
        grid = PlaneGrid.over(over, CELLS)
        classes, sure = guesses.regions(found.payload.hash, grid, found.points).vote(guessed)
        shape = (grid.rows, grid.columns)
        figures["regions"] = map_figures.regions(classes.reshape(shape), sure.reshape(shape), grid.extent), alt
    if "guesses" not in off:
        figures["guesses"] = map_figures.guesses(guessed.argmax(1).astype(np.uint8), labelled), alt
    return figures


def wait(model: Explorer) -> None:
    """In place of a t-SNE that has not been computed: the offer to compute it, or its progress."""
    job = Projection.of(model.info, "tsne")
    if job.progress() is not None:
        st.fragment(watch_job, run_every=1)(job, WATCHED, "few-labels-tsne")
        return
    if reason := job.failure():
        plain_text.refuse(t("The last attempt failed. {reason} Start it again, or choose PCA.", reason=t(reason)))
    st.markdown(t("t-SNE shows groups better than PCA. It takes about one minute in the background; it is kept."))
    if st.button(t("Compute it"), type="primary", icon=":material/play_arrow:", key="few-labels-tsne"):
        begin_job(job)


def caption(model: Explorer) -> str:
    """How to read the map, and what its model leaves out of the code."""
    words = [t("Labelled dots are ringed; a second click takes a label back. Point at a dot to see its picture.")]
    if len(model.latents.mean) > given.dots(model):
        words.append(t("The first {count:,} test examples are shown.", count=given.dots(model)))
    if model.conditional:
        words.append(t("This model is told the class, so its code holds only the style: labels spread badly."))
    return " ".join(words)
