"""Several models side by side: reconstructions of the same inputs, samples of the same noise, and small latent maps."""

import base64
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import streamlit as st

from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.explore.projection import pca_plane, raw_plane
from vae_core.utils.arrays import Int64, balanced_order
from vae_ui.base import plain_text, state
from vae_ui.base.palette import class_colours
from vae_ui.base.pictures import tint
from vae_ui.base.translation import ngettext, t
from vae_ui.compare.charts import Dot
from vae_ui.shell.sidebar import unique_titles
from vae_ui.views import Strip, view_of
from vae_ui.widgets import model_cache
from vae_ui.widgets.latent_units import has_normal_prior

MOST, CELLS, CELL = 4, 10, 62
MAP_POINTS, MAP_SIDE = 1500, 4.0  # points drawn; half the side of a map with a prior, in standard deviations


@dataclass(frozen=True)
class Model:
    """An opened model to compare; its `title` is unique among the models."""

    name: str
    title: str
    explorer: Explorer

    @property
    def data(self) -> str:
        """The settings of its images, without their target; models with equal ones can share inputs."""
        return self.explorer.info.run.data.replace(target="grey").model_dump_json()


def plane(group: Sequence[Model]) -> list[Dot]:
    """All models that fit on one rate-distortion plane with the group: of the same data, target and likelihood."""
    run, titles = group[0].explorer.info.run, unique_titles(model_cache.models())
    names, dots = {model.name for model in group}, []
    for name, info in model_cache.models().items():
        same = (info.run.data, info.run.model.likelihood) == (run.data, run.model.likelihood)
        rate, distortion = info.figures.get("rate"), info.figures.get("distortion")
        if same and rate is not None and distortion is not None:
            title = plain_text.plotly(titles[name])
            terms = {"distortion": distortion, "rate": rate, "loss": distortion + rate}
            hover = t("distortion {distortion:.1f}, rate {rate:.1f}, −ELBO {loss:.1f}", **terms)
            dots.append(Dot(title, rate, distortion, name in names, f"{title}<br>{hover}"))
    return dots


def default(name: str) -> list[str]:
    """The chosen model and the first others of its data set."""
    infos = model_cache.models()
    same = [key for key, info in infos.items() if info.run.data.dataset == infos[name].run.data.dataset]
    return [name, *(key for key in same if key != name)][:MOST]


def choice(name: str) -> dict[str, Any]:
    """Arguments of the widget that chooses the models: those that were chosen beside this one, and are still there."""
    place, models = state.place(name), model_cache.models()
    chosen = default(name) if place.compared is None else place.compared
    place.compared = [key for key in chosen if key in models]
    return state.bound("compare", place, "compared")


def chosen(names: Sequence[str]) -> list[Model]:
    """The opened models in the order of choice; `model_cache.left_out` says why one is missing."""
    titles, models = unique_titles(model_cache.models()), []
    for name in names:
        with suppress(UserError):
            models.append(Model(name, titles.get(name, name), model_cache.explorer(name)))
    return models


def by_data(models: Sequence[Model]) -> list[list[Model]]:
    """The models in groups that can be shown the same inputs."""
    groups: dict[str, list[Model]] = {}
    for model in models:
        groups.setdefault(model.data, []).append(model)
    return list(groups.values())


def inputs(model: Model, seed: int) -> Int64:
    """The numbers of ten test images chosen by the seed, one of each class where there are ten classes."""
    labels = model.explorer.latents.labels
    order = np.random.default_rng(seed).permutation(len(labels))
    chosen: Int64 = order[balanced_order(labels[order])][:CELLS]
    return chosen


def reconstructions(group: Sequence[Model], seed: int) -> list[Strip]:
    """A strip of test images, and one of the reconstructions of each model."""
    first = group[0]
    rows = inputs(first, seed)
    x = np.ascontiguousarray(model_cache.test_images(first.name)[rows])
    strips = [Strip("x", t("test images"), x, t("Test images"))]
    for model in group:
        labels = model.explorer.latents.labels[rows]
        code, _ = model.explorer.encode(x, labels)
        loss = model.explorer.losses(x, labels, seed).mean()
        plain = model.explorer.info.run.model.posterior == "point"
        note = t("distortion {value:.1f}", value=loss) if plain else t("−ELBO {value:.1f}", value=loss)
        alt = t("Reconstructions by {model}", model=model.title)
        strips.append(Strip(model.title, note, model.explorer.decode(code, labels), alt))
    return strips


def samples(group: Sequence[Model], seed: int) -> list[Strip]:
    """A strip of samples of each model; models whose codes have equal size get the same noise."""
    strips = []
    for model in group:
        z = model.explorer.prior_samples(CELLS, seed)
        labels = np.arange(CELLS) % max(1, model.explorer.info.run.model.classes)
        note = ngettext("z of {count} number", "z of {count} numbers", model.explorer.latent_dim)
        alt = t("Samples of {model}", model=model.title)
        strips.append(Strip(model.title, note, model.explorer.decode(z, labels), alt))
    return strips


def drawn(group: Sequence[Model], strips: Sequence[Strip]) -> str:
    """Strips of models of the same data as HTML."""
    return view_of(group[0].explorer).strips(strips, CELL)


@st.cache_data(max_entries=64, show_spinner=False)
def _map(folder: str, changed: int, ink: str, _explorer: Explorer) -> str:
    """A small map of the test images' codes as SVG: dots by class, and circles of the prior where the axes are z1 and z2."""
    mean, labels = _explorer.latents.mean[:MAP_POINTS], _explorer.latents.labels[:MAP_POINTS]
    size, has_prior = _explorer.latent_dim, has_normal_prior(_explorer)
    plane = raw_plane(size) if size <= 2 else pca_plane(_explorer.latents.mean)
    points = plane.project(mean)
    reach = MAP_SIDE if has_prior and size <= 2 else float(np.quantile(np.abs(points), 0.995)) * 1.05
    points = np.clip(points / reach, -1, 1) * (100, -100)
    paint = class_colours(int(labels.max()) + 1)
    dots = "".join(
        f'<path stroke="{paint[k]}" d="{"".join(f"M{x:.1f} {y:.1f}h0" for x, y in points[labels == k])}"/>'
        for k in np.unique(labels)
    )
    rings = "".join(f'<circle r="{100 * sd / reach:.1f}"/>' for sd in (1, 2, 3)) if has_prior and size <= 2 else ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-101 -101 202 202" font-family="sans-serif" font-size="9">'
        f'<g fill="none" stroke="{ink}"><rect x="-100" y="-100" width="200" height="200" rx="4" stroke-opacity=".6"/>'
        f'<path stroke-opacity=".5" d="M-100 0h200M0-100v200"/><g stroke-dasharray="5 4">{rings}</g></g>'
        f'<g stroke-width="2.6" stroke-linecap="round" stroke-opacity=".85">{dots}</g>'
        f'<text x="96" y="-4" text-anchor="end" fill="{ink}">{escape(plane.labels[0])}</text>'
        f'<text x="4" y="-90" fill="{ink}">{escape(plane.labels[1])}</text></svg>'
    )


def maps(group: Sequence[Model]) -> str:
    """The latent maps of the models side by side as HTML; they wrap where the page is narrow."""
    return f'<div style="display:flex;flex-wrap:wrap;gap:.9rem">{"".join(map(_drawn, group))}</div>'


def _drawn(model: Model) -> str:
    svg = _map(*model_cache.key(model.name), tint("prior"), model.explorer)
    return (  # as a picture: Streamlit takes inline SVG out of a page's own HTML
        '<figure style="margin:0;flex:1 1 150px;max-width:260px">'
        f'<img src="data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}" style="width:100%" '
        f'alt="{escape(t("Latent map of {model}", model=model.title))}"><figcaption style="font-size:.9rem">{escape(model.title)}'
        "</figcaption></figure>"
    )
