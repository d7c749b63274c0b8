"""A small latent map beside a page's main image: the codes of the test images in a plane, and the code at a click."""

import streamlit as st

from vae_core.explore import projection
from vae_core.explore.nearest_codes import Codes
from vae_core.explore.projection import Plane
from vae_ui.base.translation import language
from vae_ui.stage import Payload, build_payload
from vae_ui.widgets import choose_image, latent_units, model_cache

MOST = 10_000  # dots: more would only overlap on a small map


def plane(name: str) -> Plane:
    """The plane of the map: the two numbers of a 2-D code, else the first two principal components of the codes."""
    return _map(*model_cache.key(name), name, language())[0]


def payload(name: str) -> Payload:
    """The dots of the map, class by class."""
    return _map(*model_cache.key(name), name, language())[1]


@st.cache_resource(max_entries=8, show_spinner=False)
def _map(folder: str, changed: int, name: str, words: str) -> tuple[Plane, Payload]:
    model = model_cache.explorer(name)
    codes, labels = model.latents.mean, model.latents.labels
    raw = model.latent_dim <= 2
    flat = projection.raw_plane(model.latent_dim) if raw else projection.pca_plane(codes)
    names = choose_image.class_names(model)
    prior = raw and latent_units.has_normal_prior(model)
    dots = build_payload(flat.project(codes)[:MOST], labels[:MOST], names, axes=flat.labels, prior=prior, plane=flat)
    return flat, dots


def point(name: str, code: Codes) -> tuple[float, float]:
    """The place of a code (L,) on the map."""
    x, y = plane(name).project(code[None])[0]
    return float(x), float(y)
