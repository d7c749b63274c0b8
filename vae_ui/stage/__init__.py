"""The live stage: the latent map, drawn and explored in the browser; Python hears of it on release (see `events`)."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from vae_ui.base import translation
from vae_ui.base.palette import LANGUAGE
from vae_ui.bundles import bundle
from vae_ui.stage.events import Blocks, Event, consume, held_figures, state
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

# Streamlit sends a component's code and data again whenever any of its data changes, and the code with each use of a component.
# So one component carries the code with the first heavy block, and stays the same; those of the other blocks and of the overlay
# have two lines of code: a change of the overlay is about 2 KB instead of 140 KB of code and megabytes of points. The first
# registers itself where the others can find it.
MEETING = 'const meeting = (globalThis[Symbol.for("latent-stage")] ??= {queue: [], bytes: []});\n'
LOADER = (
    MEETING
    + "export default (component) => { meeting.mount ? meeting.mount(component) : meeting.queue.push(component); };\n"
)
BYTES = MEETING + "export default ({data}) => { meeting.take ? meeting.take(data) : meeting.bytes.push(data); };\n"


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
) -> Event | None:
    """Show the map of `payload`, at most `height` pixels high; returns the newest event since the last call, or None.

    Each event is handed to `on_event` exactly once (see `events`): before the page is drawn again, so that all of the page shows
    what follows from it; `overlay` is asked for after that. With a `model` the decoder and the encoder run in the browser, and
    `parts` (see js/parts) stand beside the map where `layout` puts them; `options` are theirs. Without a payload there
    are only parts. `offers` are figures with a switch below the map; `figures` gives those that are on, each with its text
    alternative, and is asked for after the events, too. Zoom, filter, selection and drawing live in the browser and outlast a change
    of overlay.
    """
    key = translation.own_key(key)
    held = Blocks(payload.hash if payload else "", model.hash if model else "", payload.count if payload else 0)
    # The callback comes first; here is what came without one, as the state that a new session is told after a lost connection.
    done = consume(key, held, on_event)
    known = state(key)
    data = {"hash": held.map, "model": held.model, "height": height, "visit": done.visit, "seen": done.number}
    data |= {"overlay": overlay().record(), "layout": layout, "parts": list(parts), "options": dict(options or {})}
    data |= {"language": LANGUAGE, "words": translation.table()}
    drawn = figures()
    data["figures"] = {
        "offers": [vars(offer) for offer in offers],
        "on": {name: {"hash": figure.hash, "alt": alt} for name, (figure, alt) in drawn.items()},
    }
    if model and model.answer and known.get("model") == model.hash and known.get("ask"):
        data["answer"] = model.answer(known["ask"])
    with st.container(gap=None):
        _show(data=data, key=key, on_map_change=lambda: consume(key, held, on_event))
        # Once the browser has told us that it holds a block, a rerun need not carry it any more (8 ms per MB).
        carry = _carry if not any(known.get(name) for name in ("hash", "model")) else _bytes
        for name, block in (("hash", payload), ("model", model)):
            if block is not None and known.get(name) != block.hash:
                carry(data=block.blob, key=f"{key}-{name}-{block.hash}")
                carry = _bytes
        for figure, _ in drawn.values():
            if figure.hash not in held_figures(known):
                _bytes(data=figure.blob, key=f"{key}-figure-{figure.hash}")
    newest, done.newest = done.newest, None
    return newest


_carry = st.components.v2.component("latent_stage", html="<i hidden></i>\n", js=bundle("stage"))
_bytes = st.components.v2.component("latent_block", html="<i hidden></i>\n", js=BYTES)
_show = st.components.v2.component("latent_map", html='<div class="stage"></div>\n', js=LOADER)
