"""The live stage: the latent map, drawn and explored in the browser; Python hears of it when a hand lets go."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.utils.arrays import Int64, UInt8
from vae_ui.base.palette import LANGUAGE
from vae_ui.bundles import bundle
from vae_ui.stage.overlay import Ellipse, Overlay
from vae_ui.stage.payload import Lattice, ModelBlock, Payload, build_payload, model_block

__all__ = [
    "Ellipse",
    "Lattice",
    "MapState",
    "ModelBlock",
    "Overlay",
    "Payload",
    "build_payload",
    "latent_map",
    "map_state",
    "model_block",
]

# Streamlit sends a component's code and data again whenever any of its data changes. So one component carries the code
# and the heavy block, and stays the same; the other, whose code is this one line, carries the overlay: about 2 KB for a
# change instead of 90 KB of code and megabytes of points. The first registers itself where the second can find it.
LOADER = """
const waiting = (globalThis[Symbol.for("latent-stage")] ??= {queue: []});
export default function (component) { waiting.mount ? waiting.mount(component) : waiting.queue.push(component); }
"""


@dataclass(frozen=True)
class MapState:
    """What the person last did: `count` grows with each act, `act` is one of click, drag, key, select, clear, slide, draw,
    sample or "".

    `z` the chosen place in the plane, `code` (L,) the chosen code itself; `pick` the point under the click, if any;
    `selection` indices inside the lasso or box; `classes` the class numbers left visible (None: all); `picture` what was
    drawn, uint8, flat; `label` the class that the decoder is told.
    """

    count: int = 0
    act: str = ""
    z: tuple[float, float] | None = None
    code: NDArray[np.float32] | None = None
    pick: int | None = None
    selection: Int64 = field(default_factory=lambda: np.empty(0, np.int64))
    classes: tuple[int, ...] | None = None
    picture: UInt8 | None = None
    label: int | None = None


def latent_map(
    payload: Payload | None,
    *,
    overlay: Overlay,
    key: str,
    height: int = 520,
    model: ModelBlock | None = None,
    parts: Sequence[str] = (),
    layout: str = "map",
    options: Mapping[str, object] | None = None,
    on_change: Callable[[], None] | None = None,
) -> MapState:
    """Show the map of `payload` under `overlay`, at most `height` pixels high, and return what the person did on it.

    With a `model` the decoder and the encoder run in the browser, and `parts` (see js/parts) stand beside the map where
    `layout` puts them; `options` are theirs. Without a payload there are only parts. Zoom, filter, selection and
    drawing live in the browser and outlast a change of overlay. `map_state` tells the same state to a callback.
    """
    known = _stored(key)
    state = map_state(key, payload, model)
    here = {"hash": payload.hash if payload else "", "model": model.hash if model else ""}
    data = {**here, "height": height, "seen": state.count, "overlay": overlay.record(), "layout": layout}
    data |= {"parts": list(parts), "options": dict(options or {}), "language": LANGUAGE}
    if model and model.answer and known.get("model") == model.hash and known.get("ask"):
        data["answer"] = model.answer(known["ask"])
    with st.container(gap=None):
        _show(data=data, key=key, on_map_change=on_change or _nothing)
        # Once the browser has told us that it holds a block, a rerun need not carry it any more (8 ms per MB).
        for name, block in (("hash", payload), ("model", model)):
            if block is not None and known.get(name) != block.hash:
                _carry(data=block.blob, key=f"{key}-{name}-{block.hash}")
    return map_state(key, payload, model)


def map_state(key: str, payload: Payload | None, model: ModelBlock | None = None) -> MapState:
    """The state of the stage `key`; empty when it was last touched with another model or map."""
    value = _stored(key)
    if value.get("hash", "") != (payload.hash if payload else "") or (model and value.get("model") != model.hash):
        return MapState(count=int(value.get("count", 0)))
    z, code, pick, label = (value.get(name) for name in ("z", "code", "pick", "label"))
    classes, picture = value.get("classes"), value.get("picture")
    return MapState(
        count=int(value.get("count", 0)),
        act=str(value.get("act", "")),
        z=None if z is None else (float(z[0]), float(z[1])),
        code=None if code is None else np.array(code, np.float32),
        pick=int(pick) if pick is not None and payload and 0 <= pick < payload.count else None,
        selection=_indices(value.get("selection", ""), payload.count if payload else 0),
        classes=None if classes is None else tuple(int(c) for c in classes),
        picture=None if not picture else np.frombuffer(base64.b64decode(picture), np.uint8),
        label=None if label is None else int(label),
    )


def _stored(key: str) -> dict:
    return (st.session_state.get(key) or {}).get("map") or {}


def _indices(mask: str, count: int) -> Int64:
    """One bit a point: 60,000 points take 10 KB, however many are selected (the browser sends it with every rerun)."""
    bits = np.frombuffer(base64.b64decode(mask), np.uint8)
    return np.flatnonzero(np.unpackbits(bits, bitorder="little")[:count])


def _nothing() -> None:
    """Streamlit keeps a component's state only under names that have a callback."""


_carry = st.components.v2.component("latent_stage", html="<i hidden></i>\n", js=bundle("stage"))
_show = st.components.v2.component("latent_map", html='<div class="stage"></div>\n', js=LOADER)
