"""The live stage: the latent map, drawn and explored in the browser; Python hears of it on release (see `events`)."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from vae_core.web.blocks import blocks
from vae_ui.base import translation
from vae_ui.base.palette import LANGUAGE
from vae_ui.bundles import loader
from vae_ui.stage import first_blocks
from vae_ui.stage.events import Event, Shown, consume, state
from vae_ui.stage.map_figures import Figure, Offer
from vae_ui.stage.overlay import Ellipse, Overlay
from vae_ui.stage.payload import Lattice, ModelBlock, Payload, build_payload, model_block

__all__ = [
    "Ellipse",
    "Event",
    "Figure",
    "Lattice",
    "ModelBlock",
    "Offer",
    "Overlay",
    "Payload",
    "build_payload",
    "latent_map",
    "model_block",
]


def latent_map(
    payload: Payload | None,
    *,
    overlay: Callable[[], Overlay],
    key: str,
    height: int = 520,
    model: ModelBlock | None = None,
    parts: Sequence[str] = (),
    layout: str = "map",
    options: Mapping[str, object] | None = None,
    on_event: Callable[[Event], None] = lambda event: None,
    offers: Sequence[Offer] = (),
    figures: Callable[[], Mapping[str, tuple[Figure, str]]] = dict,
    common: bool = False,
) -> Event | None:
    """Show the map of `payload`, at most `height` pixels high; returns the newest event since the last call, or None.

    The browser fetches what it lacks of payload, model and figures by their hashes (vae_core/web/blocks.py), and keeps it.

    Each event is handed to `on_event` exactly once (see `events`): before the page is drawn again, so that all of the page shows
    what follows from it; `overlay` is asked for after that. With a `model` the decoder and the encoder run in the browser, and
    `parts` (see js/parts) stand beside the map where `layout` puts them; `options` are theirs. Without a payload there
    are only parts. `offers` are figures with a switch below the map; `figures` gives those that are on, each with its text
    alternative, and is asked for after the events, too. `common`: payload and model are the same for everyone who opens this page
    with this model. Zoom, filter, selection and drawing live in the browser and outlast a change
    of overlay.
    """
    key = translation.own_key(key)
    shown = Shown(payload.hash if payload else "", model.hash if model else "", payload.count if payload else 0)
    # The callback comes first; here is what came without one, as the state that a new session is told after a lost connection.
    done = consume(key, shown, on_event)
    known = state(key)
    data = {"hash": shown.map, "model": shown.model, "height": height, "visit": done.visit, "seen": done.number}
    data |= {"overlay": overlay().record(), "layout": layout, "parts": list(parts), "options": dict(options or {})}
    data |= {"language": LANGUAGE, "words": translation.table()}
    drawn = figures()
    data["figures"] = {
        "offers": [vars(offer) for offer in offers],
        "on": {name: {"hash": figure.hash, "alt": alt} for name, (figure, alt) in drawn.items()},
    }
    if model and model.answer and known.get("model") == model.hash and known.get("ask"):
        data["answer"] = model.answer(known["ask"])
    for block in (model, payload, *(payload.thumbs if payload else ()), *(figure for figure, _ in drawn.values())):
        if block is not None:
            blocks().put(block.hash, block.blob)
    if common:
        first_blocks.remember([block.hash for block in (model, payload) if block is not None])
    _show(data=data, key=key, on_map_change=lambda: consume(key, shown, on_event))
    newest, done.newest = done.newest, None
    return newest


_show = st.components.v2.component("latent_map", html='<div class="stage"></div>\n', js=loader("stage"))
