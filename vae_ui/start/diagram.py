"""The Start page: the model as one live diagram, which the browser computes, and what Python does with the acts of a hand on it."""

import numpy as np
from numpy.typing import NDArray

from vae_core.explore.explorer import Explorer
from vae_core.images.preparation import STYLES, Style
from vae_core.metrics.figures import score
from vae_ui.base import state
from vae_ui.base.translation import t
from vae_ui.stage import Event, Overlay, latent_map
from vae_ui.start.listing import listing
from vae_ui.views import view_of
from vae_ui.widgets import choose_image, latent_units, model_cache, small_map

KEY = "start-diagram"
PARTS = ("pad", "another", "encoder", "decoder", "picture", "code", "loss", "panel")
STEP = 7919  # a prime: "another picture" goes through all test images in an order that looks random


def draw(name: str, model: Explorer) -> None:
    """Show the diagram with the chosen test image, or with the person's drawing where that is the input."""
    place = state.place(name)
    if place.picked is None:  # z stays free: Decode begins with its own
        _show(name, model, state.seed() % len(model.latents.mean))
    latent_map(
        small_map.payload(name),
        overlay=lambda: Overlay(label=place.label, lattice=False),
        key=KEY,
        model=model_cache.browser_block(name),
        parts=PARTS,
        layout="diagram",
        options=options(name, model),
        on_event=lambda event: take(name, model, event),
        common=True,
    )


def options(name: str, model: Explorer) -> dict[str, object]:
    """The input, the noise's seed and number of draws, and the facts about the model that the parts of the diagram need."""
    style = STYLES.get(model.info.run.data.dataset, Style())
    brush = {"mass": style.mass, "fill": style.fill} | ({"stroke": style.stroke} if style.stroke else {})
    x, index = given(name, model)
    own = view_of(model).on_pad(x, False, brush) | {"blank": index is None and not x.any()}
    names = choose_image.class_names(model) if model.conditional else ()
    return own | {
        "title": t("x′: what comes out"),
        "order": model.order(),
        "seed": state.seed(),
        "draws": state.place(name).draws,
        "names": list(names),
        "usual": None if latent_units.is_plain(model) else score(model.info.figures)[1],
        "beta": getattr(model.info.run.objective, "beta", 1.0),
        "sum": view_of(model).sum_words(),
        "listing": listing(model),
    }


def given(name: str, model: Explorer) -> tuple[NDArray[np.generic], int | None]:
    """The model's input (*shape), and its number if it is a test image: a drawing stays until another picture is asked for."""
    drawn = state.choices().drawn.get(model.shape)
    if state.choices().source == "draw" and drawn is not None and drawn.any():
        return drawn, None
    index = state.place(name).picked or 0
    return model_cache.test_images(name)[index], index


def take(name: str, model: Explorer, event: Event) -> None:
    """Respond to an act on the diagram: a drawing, another picture, other noise, another class, or z put somewhere."""
    place = state.place(name)
    if event.code is not None:
        place.z = event.code
    if event.act == "draw" and event.picture is not None and event.picture.size == np.prod(model.shape):
        state.choices().drawn[model.shape] = event.picture.reshape(model.shape)
        state.choices().source = "draw"
    elif event.act == "next":
        _pick(name, model, (STEP + (place.picked or 0)) % len(model.latents.mean))
    elif event.act == "sample":
        place.draws += 1
    elif event.act == "slide" and model.conditional and event.label is not None:
        place.label = int(np.clip(event.label, 0, model.info.run.model.classes - 1))


def _pick(name: str, model: Explorer, index: int) -> None:
    _show(name, model, index)
    state.place(name).z = np.asarray(model.latents.mean[index])
    state.choices().source = "test"


def _show(name: str, model: Explorer, index: int) -> None:
    place = state.place(name)
    place.picked = index
    if model.conditional:
        place.label, place.label_of = int(model.latents.labels[index]), index
