"""The map in three dimensions, for codes of three numbers and more: a cloud of dots that a hand turns, drawn by Plotly.

Its code, 4.7 MB, is asked for by the browser only when this view is chosen; it comes from the app's own server.
"""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from vae_core.explore import projection
from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes
from vae_ui.base import pictures, plain_text, state
from vae_ui.base.palette import class_colours
from vae_ui.base.translation import language, t
from vae_ui.widgets import choose_image, model_cache

KIND = "space"
MOST = 3000  # dots: a laptop without a graphics card turns as many smoothly


def is_chosen(model: Explorer) -> bool:
    return model.latent_dim > 2 and state.choices().view == KIND


def draw(name: str, model: Explorer) -> None:
    """The codes, and z among them."""
    figure, (centre, axes) = _figure(*model_cache.key(name), language(), name)
    place = state.place(name)
    if place.z is None:
        place.z = model.latents.mean[place.picked or 0]
    z = (place.z - centre) @ axes
    figure = go.Figure(figure)
    figure.add_scatter3d(
        x=z[:1],
        y=z[1:2],
        z=z[2:3],
        mode="markers",
        name="z",
        hoverinfo="name",
        marker={"size": 9, "color": pictures.tint("z")},
    )
    st.plotly_chart(figure, width="stretch", key="latent-space-3d", config={"displaylogo": False})


def caption(model: Explorer) -> str:
    """What to look at."""
    shown = min(MOST, len(model.latents.mean))
    first = (
        t("The three numbers of the code.")
        if model.latent_dim == 3
        else t(
            "The first three principal components of the codes: clusters that overlap on the flat map may be apart here."
        )
    )
    return f"{first} " + t(
        "Drag to turn, scroll to zoom; {shown:,} of {count:,} codes.", shown=shown, count=len(model.latents.mean)
    )


@st.cache_resource(max_entries=4, show_spinner=False)
def _figure(folder: str, changed: int, words: str, _name: str) -> tuple[go.Figure, tuple[Codes, Codes]]:
    model = model_cache.explorer(_name)
    codes, labels, names = model.latents.mean, model.latents.labels, choose_image.class_names(model)
    centre, axes, titles = _axes(model)
    some = np.linspace(0, len(codes) - 1, min(MOST, len(codes))).astype(int)
    places, figure = (codes[some] - centre) @ axes, go.Figure()
    for k, (title, colour) in enumerate(zip(names, class_colours(len(names)), strict=True)):
        x, y, z = places[labels[some] == k].T
        figure.add_scatter3d(
            x=x, y=y, z=z, mode="markers", name=plain_text.plotly(title), marker={"size": 3, "color": colour, "opacity": 0.8},
            customdata=some[labels[some] == k], hovertemplate="%{fullData.name}, #%{customdata}<extra></extra>",
        )  # fmt: skip
    scene = {f"{axis}axis": {"title": {"text": title}} for axis, title in zip("xyz", titles, strict=True)}
    figure.update_layout(
        height=440, margin={"l": 0, "r": 0, "t": 0, "b": 0}, uirevision=_name, showlegend=len(names) > 1,
        scene={**scene, "aspectmode": "data"}, legend={"itemsizing": "constant"},
    )  # fmt: skip
    return figure, (centre, axes)


def _axes(model: Explorer) -> tuple[Codes, Codes, tuple[str, ...]]:
    if model.latent_dim == 3:
        return np.zeros(3, np.float32), np.eye(3, dtype=np.float32), ("z1", "z2", "z3")
    return projection.principal_axes(model.latents.mean, 3)
