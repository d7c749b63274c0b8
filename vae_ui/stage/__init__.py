"""The live stage: the latent map, drawn and explored in the browser; Python hears of it when a hand lets go."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_ui.stage.overlay import Ellipse, Overlay
from vae_ui.stage.payload import Lattice, Payload, build_payload

__all__ = ["Ellipse", "Lattice", "MapState", "Overlay", "Payload", "build_payload", "latent_map", "map_state"]

HERE = Path(__file__).parent
SOURCES = (
    "bytes",
    "view",
    "pick",
    "dots",
    "draw",
    "marks",
    "tooltip",
    "layers",
    "panel",
    "events",
    "registry",
    "map",
    "main",
)

# Streamlit sends a component's code and data again whenever any of its data changes. So one component carries the code
# and the heavy block, and stays the same; the other, whose code is this one line, carries the overlay: about 2 KB for a
# change instead of 40 KB of code and megabytes of points. The first registers itself where the second can find it.
LOADER = """
const waiting = (globalThis[Symbol.for("latent-stage")] ??= {queue: []});
export default function (component) { waiting.mount ? waiting.mount(component) : waiting.queue.push(component); }
"""


@dataclass(frozen=True)
class MapState:
    """What the person last did: `count` grows with each act, `act` is one of click, drag, key, select, clear or "".

    `z` the chosen place in the plane; `pick` the point under the click, if any; `selection` indices inside the lasso
    or box; `classes` the class numbers left visible (None: all).
    """

    count: int = 0
    act: str = ""
    z: tuple[float, float] | None = None
    pick: int | None = None
    selection: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    classes: tuple[int, ...] | None = None


def latent_map(
    payload: Payload, *, overlay: Overlay, key: str, height: int = 520, on_change: Callable[[], None] | None = None
) -> MapState:
    """Show the map of `payload` under `overlay`, at most `height` pixels high, and return what the person did on it.

    Zoom, filter and selection live in the browser and outlast a change of overlay. `map_state` tells the same state
    to a callback.
    """
    known = _stored(key)
    state = map_state(key, payload)
    data = {"hash": payload.hash, "height": height, "seen": state.count, "overlay": overlay.record()}
    with st.container(gap=None):
        _show(data=data, key=key, on_map_change=on_change or _nothing)
        # Once the browser has told us that it holds this block, a rerun need not carry it any more (8 ms per MB).
        if known.get("hash") != payload.hash:
            _carry(data=payload.blob, key=f"{key}-payload-{payload.hash}")
    return map_state(key, payload)


def map_state(key: str, payload: Payload) -> MapState:
    """The state of the map `key`; empty when it was last touched with another model's payload."""
    value = _stored(key)
    if value.get("hash") != payload.hash:
        return MapState(count=int(value.get("count", 0)))
    z, pick, classes = value.get("z"), value.get("pick"), value.get("classes")
    return MapState(
        count=int(value["count"]),
        act=str(value.get("act", "")),
        z=None if z is None else (float(z[0]), float(z[1])),
        pick=None if pick is None else int(pick),
        selection=_indices(value.get("selection", ""), payload.count),
        classes=None if classes is None else tuple(int(c) for c in classes),
    )


def _stored(key: str) -> dict:
    return (st.session_state.get(key) or {}).get("map") or {}


def _indices(mask: str, count: int) -> NDArray[np.int64]:
    """One bit a point: 60,000 points take 10 KB, however many are selected (the browser sends it with every rerun)."""
    bits = np.frombuffer(base64.b64decode(mask), np.uint8)
    return np.flatnonzero(np.unpackbits(bits, bitorder="little")[:count])


def source() -> str:
    """The stage's JavaScript files as one module: relative imports fail in inline code, so their lines go."""
    files = [(HERE / f"{name}.js").read_text(encoding="utf-8") for name in SOURCES]
    text = "\n".join(re.sub(r"^import [^;]*;\n", "", file, flags=re.M) for file in files)
    style = (HERE / "map.css").read_text(encoding="utf-8")
    return re.sub(r"^export (?!default)", "", text, flags=re.M).replace("/*STYLE*/", style.replace("`", "'"))


def _nothing() -> None:
    """Streamlit keeps a component's state only under names that have a callback."""


_carry = st.components.v2.component("latent_stage", html="<i hidden></i>\n", js=source())
_show = st.components.v2.component("latent_map", html='<div class="stage"></div>\n', js=LOADER)
