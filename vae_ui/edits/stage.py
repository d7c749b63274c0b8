"""The stage of the Edits page: an example, the slider that moves its code along a direction, and where that is on the map."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.explore.code_arithmetic import along
from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes
from vae_ui.base import pictures, state
from vae_ui.base.state import Place
from vae_ui.base.translation import t
from vae_ui.edits import example
from vae_ui.edits.ways import Way
from vae_ui.stage import Event, Overlay, latent_map
from vae_ui.views import Strip, says, view_of
from vae_ui.widgets import model_cache
from vae_ui.widgets.decoded_traversals import server_words
from vae_ui.widgets.map_views import View

KEY = "edits-stage"
FARTHEST = 2.0  # of the slider for the strength
STRENGTHS = np.linspace(-FARTHEST, FARTHEST, 9, dtype=np.float32)
SENT = 5  # digits of a number of the code on its way to the browser


def show(name: str, model: Explorer, way: Way | None, own: NDArray[np.generic] | None) -> None:
    """Draw the stage; a strength or a place that was set on it is taken into `state.place` first. `own`: the person's picture."""
    place, map_view = state.place(name), _view(name, model)
    assert map_view is not None
    latent_map(
        map_view.payload,
        overlay=lambda: _marks(place, model, map_view, way),
        on_event=lambda event: _follow(place, model, map_view, way, event),
        key=KEY,
        height=330,
        model=model_cache.browser_block(name),
        parts=("picture", "around", "edit"),
        layout="edit",
        options={"edit": _options(name, model, place, way, own)},
    )
    if way is not None and not (view_of(model).tiles and model.runs_in_browser):
        _strip(model, place, way)


def _view(name: str, model: Explorer) -> View | None:
    label = state.place(name).label if model.conditional else 0
    return model_cache.view(name, "pca" if model.latent_dim > 2 else "plane", (0, 1), label)


def edited(place: Place, way: Way | None) -> Codes:
    """The code after the edit, (L,)."""
    assert place.z is not None
    return place.z if way is None else place.z + np.float32(place.strength) * way.direction.step


def _marks(place: Place, model: Explorer, map_view: View, way: Way | None) -> Overlay:
    assert place.z is not None
    code = edited(place, way)
    path = [] if way is None else [map_view.at(model, one) for one in along(place.z, way.direction.step, STRENGTHS)]
    return Overlay(z=map_view.at(model, code), code=code, label=place.label if model.conditional else 0, path=path)


def _follow(place: Place, model: Explorer, map_view: View, way: Way | None, event: Event) -> None:
    """The slider sets the strength; a click on a dot or elsewhere on the map sets the code to edit; a selection is kept."""
    code = event.code if event.code is not None and len(event.code) == model.latent_dim else None
    if event.act == "slide" and code is not None and way is not None and place.z is not None:
        step = way.direction.step
        place.strength = float(np.clip(np.dot(code - place.z, step) / np.dot(step, step), -FARTHEST, FARTHEST).round(3))
    elif event.act in ("click", "key") and event.pick is not None:
        example.pick(place, model, event.pick)
        place.strength = 0.0
    elif event.act in ("click", "drag", "key") and event.z is not None:
        place.z, place.picked, place.strength = map_view.code(model, event.z) if code is None else code, None, 0.0
    elif event.act in ("select", "clear"):
        place.selected = event.selection if len(event.selection) else None


def _options(
    name: str, model: Explorer, place: Place, way: Way | None, own: NDArray[np.generic] | None
) -> dict[str, object]:
    x = example.given(name, model, own)
    assert place.z is not None
    return {
        "code": _sent(place.z),
        "step": [] if way is None else _sent(way.direction.step),
        "low": "" if way is None else way.low,
        "high": "" if way is None else way.high,
        "x": None if x is None else pictures.sent(x),
    }


def _sent(code: Codes) -> list[float]:
    return [round(float(one), SENT) for one in code]


def _strip(model: Explorer, place: Place, way: Way) -> None:
    """What is decoded at each strength, where the browser does not draw it."""
    assert place.z is not None
    codes = along(place.z, way.direction.step, STRENGTHS)
    made = model.decode(codes, place.label if model.conditional else None)
    header = [f"{one:+.1f}".replace("-", "−").replace("+0.0", "0") for one in STRENGTHS]
    at = (place.strength + FARTHEST) / (2 * FARTHEST) * (len(made) - 1)
    alt = t("Decoded at {count} strengths from {low:g} to {high:g}", count=len(made), low=-FARTHEST, high=FARTHEST)
    st.html(
        view_of(model).strips(
            [Strip("", "", made, alt, (at + 0.5) / len(made), said=says(model, codes))], 84, header, above=True
        )
    )


def caption(model: Explorer, way: Way | None) -> str:
    """What strength 1 is, and how to read the stage."""
    if way is None:
        words = [t("Select dots with the lasso or the box of the map, keep them as A, then others as B.")]
    else:
        words = [way.words, t("The vote of the nearest test examples says where the edited code lies.")]
    words.append(t("A click on the map edits the code at that place."))
    if model.conditional:
        words.append(t("The decoder is given the class, so the code and its means hold only the style."))
    return " ".join([*words, *server_words(model)])
