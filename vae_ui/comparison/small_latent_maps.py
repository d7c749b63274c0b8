"""The small latent maps of compared models, side by side."""

import base64
from collections.abc import Sequence
from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.explore.explorer import Explorer
from vae_core.explore.projection import pca_plane, raw_plane
from vae_core.utils.arrays import Int64
from vae_ui.base.palette import class_colours
from vae_ui.base.pictures import tint
from vae_ui.base.translation import t
from vae_ui.comparison.side_by_side import Model
from vae_ui.widgets import model_cache
from vae_ui.widgets.latent_units import has_normal_prior

MAP_POINTS, MAP_SIDE = 1500, 4.0  # points drawn; half the side of a map with a prior, in standard deviations


@st.cache_data(max_entries=64, show_spinner=False)
def _map(folder: str, changed: int, ink: str, _explorer: Explorer) -> str:
    """A small map of the test images' codes as SVG: dots by class, and circles of the prior where the axes are z1 and z2."""
    mean, labels = _explorer.latents.mean[:MAP_POINTS], _explorer.latents.labels[:MAP_POINTS]
    size, has_rings = _explorer.latent_dim, has_normal_prior(_explorer) and _explorer.latent_dim <= 2
    plane = raw_plane(size) if size <= 2 else pca_plane(_explorer.latents.mean)
    points = plane.project(mean)
    reach = MAP_SIDE if has_rings else float(np.quantile(np.abs(points), 0.995)) * 1.05
    return svg(points, labels, reach, ink, (plane.labels[0], plane.labels[1]), has_rings)


def svg(
    points: NDArray[np.floating], labels: Int64, reach: float, ink: str, axes: tuple[str, str], has_rings: bool
) -> str:
    """Points (N, 2) from -`reach` to `reach` as SVG, others at the edge: dots by class, and circles of N(0, I) if `has_rings`."""
    points = np.clip(points / reach, -1, 1) * (100, -100)
    paint = class_colours(int(labels.max()) + 1)
    dots = "".join(
        f'<path stroke="{paint[k]}" d="{"".join(f"M{x:.1f} {y:.1f}h0" for x, y in points[labels == k])}"/>'
        for k in np.unique(labels)
    )
    rings = "".join(f'<circle r="{100 * sd / reach:.1f}"/>' for sd in (1, 2, 3)) if has_rings else ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-101 -101 202 202" font-family="sans-serif" font-size="9">'
        f'<g fill="none" stroke="{ink}"><rect x="-100" y="-100" width="200" height="200" rx="4" stroke-opacity=".6"/>'
        f'<path stroke-opacity=".5" d="M-100 0h200M0-100v200"/><g stroke-dasharray="5 4">{rings}</g></g>'
        f'<g stroke-width="2.6" stroke-linecap="round" stroke-opacity=".85">{dots}</g>'
        f'<text x="96" y="-4" text-anchor="end" fill="{ink}">{escape(axes[0])}</text>'
        f'<text x="4" y="-90" fill="{ink}">{escape(axes[1])}</text></svg>'
    )


def maps(group: Sequence[Model]) -> str:
    """The latent maps of the models side by side as HTML; they wrap where the page is narrow."""
    return beside([(model.title, _map(*model_cache.key(model.name), tint("prior"), model.explorer)) for model in group])


def beside(drawings: Sequence[tuple[str, str]]) -> str:
    """Maps side by side as HTML, each (title, SVG)."""
    return f'<div style="display:flex;flex-wrap:wrap;gap:.9rem">{"".join(map(_figure, drawings))}</div>'


def _figure(drawing: tuple[str, str]) -> str:
    title, content = drawing
    return (  # as a picture: Streamlit takes inline SVG out of a page's own HTML
        '<figure style="margin:0;flex:1 1 150px;max-width:260px">'
        f'<img src="data:image/svg+xml;base64,{base64.b64encode(content.encode()).decode()}" style="width:100%" '
        f'alt="{escape(t("Latent map of {model}", model=title))}"><figcaption style="font-size:.9rem">{escape(title)}'
        "</figcaption></figure>"
    )
