"""The figures that can be switched on over the map: which a model offers, each as the browser draws it, and its caption."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import streamlit as st

from vae_core.explore.explorer import Explorer
from vae_core.explore.plane_figures import classifier_regions
from vae_core.explore.plane_figures.plane_grid import Cells, Extent, PlaneGrid, mixture_masses, region_levels
from vae_core.explore.plane_figures.prior_holes import MOST, TIMES, Holes, find_holes
from vae_core.explore.plane_figures.true_posterior import TruePosterior, true_posterior
from vae_core.messages import Message
from vae_ui.base import state
from vae_ui.base.translation import t
from vae_ui.latent_space import property_figure
from vae_ui.stage import Figure, Offer, map_figures
from vae_ui.widgets import latent_units, model_cache
from vae_ui.widgets.map_lattice import extent
from vae_ui.widgets.map_views import View

SHARES = (0.5, 0.9, 0.99)  # of q(z), one line each
POSTERIOR_SHARES = (0.5, 0.95)
CELLS, TILES = (
    64,
    128,
)  # cells along the longer side: of densities, so that several codes fall into one, and of decoded pictures
REACH = 3.2  # standard deviations of the prior in which holes are looked for; 99 % of it lie within 3.03
WORDS = {  # name -> label and hint of its switch
    "density": (Message("density"), Message("Density of all codes together, q(z), to compare with the prior")),
    "holes": (Message("holes"), Message("Places that the prior samples although no code lies there")),
    "classes": (
        Message("classes"),
        Message("What the bundled classifier sees in each decoded picture, and the borders"),
    ),
    "sigma": (Message("sigma"), Message("The ellipse of q(z|x) of every dot, at one standard deviation")),
    "property": (
        Message("property"),
        Message("Colour each dot by a property, and the map by what is predicted from the code"),
    ),
    "posterior": (Message("true posterior"), Message("The true posterior p(z|x) of the chosen dot beside q(z|x)")),
}


def offers(name: str, model: Explorer, view: View) -> list[Offer]:
    """The figures that mean something for this model on this map."""
    return [
        Offer(one, t(label), t(hint)) for one, (label, hint) in WORDS.items() if one in _meaningful(name, model, view)
    ]


def _meaningful(name: str, model: Explorer, view: View) -> set[str]:
    posterior, prior = model.info.run.model.posterior, model.info.run.model.prior
    found = {"property"} if property_figure.is_offered(model) else set()
    if view.plane is None or model.latent_dim < 2:
        return found
    if posterior in ("normal", "point") and dimensions(view):
        found |= {"density", "holes"} if prior == "normal" else {"density"}
    if classifier_regions.suits(model):
        found.add("classes")
    if posterior == "normal":
        found.add("sigma")
    if posterior == "normal" and model.latent_dim == 2 and model_cache.at_hand(name):
        found.add("posterior")
    return found


def dimensions(view: View) -> tuple[int, ...]:
    """The two numbers of the code that are the axes of the map; () where they are no numbers of the code."""
    if view.plane is None or not np.isin(view.plane.axes, (0, 1)).all():
        return ()
    return tuple(int(d) for d in view.plane.axes.argmax(0))


def shown(name: str, model: Explorer, view: View) -> list[str]:
    """The figures that are on and mean something here."""
    return [one for one in WORDS if one in state.choices().figures and one in _meaningful(name, model, view)]


def drawn(name: str, model: Explorer, view: View) -> Mapping[str, tuple[Figure, str]]:
    """Each figure that is on, with its text alternative."""
    make = {"density": density_figure, "holes": holes_figure, "classes": classes_figure, "sigma": sigma_figure}
    make |= {"posterior": posterior_figure, "property": _property_figure}
    return {one: (make[one](name, model, view), caption(one, name, model, view)) for one in shown(name, model, view)}


def captions(name: str, model: Explorer, view: View) -> None:
    """Draw the caption of each figure that is on, below the map."""
    for one in shown(name, model, view):
        if one == "property":
            property_figure.choose(name, model)
        st.caption(caption(one, name, model, view))


def caption(figure: str, name: str, model: Explorer, view: View) -> str:
    """One sentence or two on a figure: what to look at, with its units."""
    words = {
        "density": _density_words,
        "holes": _holes_words,
        "posterior": _posterior_words,
        "property": _property_words,
    }
    if figure in words:
        return words[figure](name, model, view)
    if figure == "classes":
        return t(
            "Areas: the class that the app's classifier sees in each decoded picture, paler where it is less sure. Look where a "
            "border runs through dots."
        )
    return t("Thin ellipses: q(z|x) at one standard deviation, of at most 500 dots in sight. Zoom in for the others.")


def density_figure(name: str, model: Explorer, view: View) -> Figure:
    grid, masses = posterior_masses(name, view, _wide(model, view), CELLS)
    levels = [float(np.log(level)) for level in region_levels(masses, SHARES)]
    logs = np.log(np.maximum(masses, np.exp(min(levels) - 8)))
    return map_figures.contours(logs, grid.extent, levels, [f"{share:.0%}" for share in SHARES], "q")


def _wide(model: Explorer, view: View) -> Extent:
    return extent(view.points, latent_units.has_normal_prior(model))


def posterior_masses(name: str, view: View, over: Extent, cells: int) -> tuple[PlaneGrid, Cells]:
    """A grid over the map and the probability of each cell under q(z), of the two numbers that are the map's axes."""
    return _posterior_masses(*model_cache.key(name), name, dimensions(view), over, cells)


@st.cache_resource(max_entries=24, show_spinner=False)
def _posterior_masses(
    folder: str, changed: int, _name: str, pair: tuple[int, ...], over: Extent, cells: int
) -> tuple[PlaneGrid, Cells]:
    found, grid = model_cache.density(_name), PlaneGrid.over(over, cells)
    return grid, mixture_masses(grid, found.mean[:, pair], found.scale[:, pair])


def holes(name: str, model: Explorer, view: View) -> Holes:
    """The holes of the prior; of a plain autoencoder those of the normal that the Generate page fits to its codes."""
    return _holes(*model_cache.key(name), name, dimensions(view), view)


@st.cache_resource(max_entries=12, show_spinner=False)
def _holes(folder: str, changed: int, _name: str, pair: tuple[int, ...], _view: View) -> Holes:
    model = model_cache.explorer(_name)
    middle, spread = (part[list(pair)] for part in latent_units.usual(model))
    (x0, y0), (x1, y1) = middle - REACH * spread, middle + REACH * spread
    grid, codes = posterior_masses(_name, _view, (float(x0), float(x1), float(y0), float(y1)), CELLS)
    return find_holes(grid, mixture_masses(grid, middle[None], spread[None]), codes)


def holes_figure(name: str, model: Explorer, view: View) -> Figure:
    found = holes(name, model, view)
    return map_figures.heat(found.excess, found.grid.extent, MOST, float(np.log(TIMES)), "rate")


def classes_figure(name: str, model: Explorer, view: View) -> Figure:
    axes = view.plane.labels if view.plane is not None else ()
    label = state.place(name).label if model.conditional else None
    return _classes_figure(*model_cache.key(name), axes, label, name, view)


@st.cache_resource(max_entries=12, show_spinner=False)
def _classes_figure(
    folder: str, changed: int, axes: tuple[str, ...], label: int | None, _name: str, _view: View
) -> Figure:
    model = model_cache.explorer(_name)
    x0, x1, y0, y1 = _wide(model, _view)
    right, up = 0.15 * (x1 - x0), 0.15 * (y1 - y0)  # the first view shows more than the lattice
    grid = PlaneGrid.over((x0 - right, x1 + right, y0 - up, y1 + up), TILES)
    assert _view.plane is not None
    found = classifier_regions.regions(model, _view.plane.unproject(grid.centres), label)
    shape = (grid.rows, grid.columns)
    return map_figures.regions(found.classes.reshape(shape), found.probability.reshape(shape), grid.extent)


def sigma_figure(name: str, model: Explorer, view: View) -> Figure:
    assert view.plane is not None
    return map_figures.ellipses(*view.plane.spreads(model.latents.scale))


def posterior_figure(name: str, model: Explorer, view: View) -> Figure:
    found = posterior(name, model)
    levels = [float(np.log(level)) for level in region_levels(found.masses, POSTERIOR_SHARES)]
    logs = np.log(np.maximum(found.masses, np.exp(min(levels) - 8)))
    return map_figures.contours(
        logs, found.grid.extent, levels, [f"{share:.0%}" for share in POSTERIOR_SHARES], "text", inset=True
    )


def posterior(name: str, model: Explorer) -> TruePosterior:
    """The true posterior of the chosen test image."""
    place = state.place(name)
    index = place.picked or 0
    return _posterior(*model_cache.key(name), index, place.label if model.conditional else None, name)


@st.cache_resource(max_entries=64, show_spinner=False)
def _posterior(folder: str, changed: int, index: int, label: int | None, _name: str) -> TruePosterior:
    model, x = model_cache.explorer(_name), model_cache.test_images(_name)[index]
    mean, scale = (part[0] for part in model.encode(x[None], label))
    over = extent(model.latents.mean, latent_units.has_normal_prior(model))
    return true_posterior(partial(model.log_joint, x, label=label), mean, scale, over)


def _property_figure(name: str, model: Explorer, view: View) -> Figure:
    return property_figure.figure(name, model, property_figure.chosen(name, model), view, _wide(model, view))


def _property_words(name: str, model: Explorer, view: View) -> str:
    return property_figure.words(name, model, property_figure.chosen(name, model), view)


def _density_words(name: str, model: Explorer, view: View) -> str:
    words = t("Amber lines: the smallest areas that hold 50, 90 and 99 % of q(z), the density of all codes together.")
    if not latent_units.has_normal_prior(model):
        return words
    grid, masses = posterior_masses(name, view, _wide(model, view), CELLS)
    near = np.square(grid.centres).sum(1).reshape(grid.rows, grid.columns) < 4
    return f"{words} " + t(
        "Within 2 standard deviations lie {prior:.0%} of the prior and {codes:.0%} of q(z).",
        prior=1 - np.exp(-2.0),
        codes=masses[near].sum(),
    )


def _holes_words(name: str, model: Explorer, view: View) -> str:
    found, about = holes(name, model, view), _compared_words(model)
    if not found.found:
        return about + t(
            "No holes: within its 99 % the prior is nowhere ten times as dense as q(z), the density of all codes."
        )
    return about + t(
        "Violet: here the prior is denser than q(z), the density of all codes: ten times at the line, a thousand times where it is "
        "darkest. {share:.1%} of the prior lies in holes. Click one: what does the decoder draw?",
        share=sum(hole.prior_mass for hole in found.found),
    )


def _compared_words(model: Explorer) -> str:
    """What is taken for the prior, or which part of it, where that is not plain."""
    if latent_units.is_plain(model):
        return (
            t("A plain autoencoder has no prior; in its place stands the normal that Generate fits to its codes.") + " "
        )
    if model.latent_dim > 2:
        return t("Of these two numbers of the code alone.") + " "
    return ""


def _posterior_words(name: str, model: Explorer, view: View) -> str:
    found = posterior(name, model)
    return t(
        "Bold lines: 50 and 95 % of the true posterior p(z|x) of the chosen dot; amber: the encoder's q(z|x). They differ by "
        "KL(q to p) = {gap:.2f} nats, which is the gap between ln p(x) = {evidence} and the ELBO = {elbo} nats.",
        gap=found.gap,
        evidence=_signed(found.log_evidence),
        elbo=_signed(found.elbo),
    )


def _signed(nats: float) -> str:
    return f"{nats:.1f}".replace("-", "\u2212")
