"""The protocol between the browser and Python about one stage: who owns z, and how each event is consumed exactly once.

1. While a hand is at work (pointer down, key held, path playing) the browser owns z. It draws, and sends nothing.
2. On release the stage adds a numbered event to those that Python has not answered, and sends them all as the component's
   state. A stage is made anew with each visit to a page and counts from 1; a random `visit` tells the visits apart.
3. Python takes the events whose number is above the last one that it has consumed of this visit, in order, and hands each to
   the page's `on_event` before the page draws. However often the state is sent again, an event is never handed out twice.
4. Every answer (the overlay) carries the visit and the number of the last event consumed. The browser takes over the marks of
   an overlay only if it answers all its events and no hand is at work: an older overlay would move z back. It then forgets
   the events that were answered. A mark that is None in an overlay says nothing, and what the browser shows stays.

The browser's side stands in the stage's JavaScript (messages.js). Everything that a browser sends is checked here: what is
malformed, or was done with another model or map, is consumed and handed to nobody.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.utils.arrays import Int64, UInt8

ACTS = ("click", "drag", "key", "select", "clear", "slide", "draw", "sample", "next", "figures")
CONSUMED = "stage-consumed"  # by stage: the last event that was consumed


@dataclass(frozen=True)
class Event:
    """What a person did on the stage; `act` is one of ACTS.

    `z` the chosen place in the plane, `code` (L,) the chosen code itself; `pick` the point under the click, if any;
    `selection` indices inside the lasso or box; `classes` the class numbers left visible (None: all); `picture` what was
    drawn, uint8, flat; `label` the class that the decoder is told; `figures` the names of those that are switched on.
    """

    act: str
    z: tuple[float, float] | None = None
    code: NDArray[np.float32] | None = None
    pick: int | None = None
    selection: Int64 = field(default_factory=lambda: np.empty(0, np.int64))
    classes: tuple[int, ...] | None = None
    picture: UInt8 | None = None
    label: int | None = None
    figures: tuple[str, ...] = ()


@dataclass
class Consumed:
    """The number of the last event consumed of a visit, and that event until `latent_map` has returned it."""

    visit: str = ""
    number: int = 0
    newest: Event | None = None


@dataclass(frozen=True)
class Shown:
    """What an event must have been done with: the hashes of the map and of the model ("" for none), and the number of points."""

    map: str
    model: str
    points: int


def state(key: str) -> dict[str, Any]:
    """What the browser told last: its visit, events without an answer, and the model with an open question to it."""
    value = (st.session_state.get(key) or {}).get("map")
    return value if isinstance(value, dict) else {}


def consume(key: str, shown: Shown, on_event: Callable[[Event], None]) -> Consumed:
    """Hand each event that has not been consumed yet to `on_event`, in order."""
    told, known = state(key), st.session_state.setdefault(CONSUMED, {}).setdefault(key, Consumed())
    visit = str(told.get("visit", ""))[:32]
    if visit != known.visit:
        known.visit, known.number, known.newest = visit, 0, None
    for number, record in _numbered(told.get("events")):
        if number <= known.number:
            continue
        known.number = number
        event = read(record, shown)
        if event is not None:
            known.newest = event
            on_event(event)
    return known


def _numbered(events: object) -> list[tuple[int, Mapping[str, Any]]]:
    records = [record for record in events if isinstance(record, dict)] if isinstance(events, list) else []
    found = [(record["number"], record) for record in records if type(record.get("number")) is int]
    return sorted(found, key=lambda item: item[0])


def read(record: Mapping[str, Any], shown: Shown) -> Event | None:
    """One event as the browser told it; None if it is malformed or was done with another model or map."""
    if (record.get("hash"), record.get("model")) != (shown.map, shown.model) or record.get("act") not in ACTS:
        return None
    z, code, pick, label = (record.get(name) for name in ("z", "code", "pick", "label"))
    classes, picture = record.get("classes"), record.get("picture")
    try:
        return Event(
            act=str(record["act"]),
            z=None if z is None else _point(z),
            code=None if code is None else _finite(code),
            pick=int(pick) if pick is not None and 0 <= pick < shown.points else None,
            selection=indices(record.get("selection") or "", shown.points),
            classes=None if classes is None else tuple(int(c) for c in classes),
            picture=None if not picture else np.frombuffer(base64.b64decode(picture, validate=True), np.uint8),
            label=None if label is None else int(label),
            figures=tuple(str(one)[:32] for one in record.get("figures") or ()),
        )
    except (TypeError, ValueError, OverflowError, binascii.Error):
        return None


def _point(z: Any) -> tuple[float, float]:
    x, y = (float(v) for v in z)
    if not (isfinite(x) and isfinite(y)):
        raise ValueError("a place on the map must be finite.")
    return x, y


def _finite(code: Any) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        numbers = np.array(code, np.float32)
    if numbers.ndim != 1 or not np.isfinite(numbers).all():
        raise ValueError("a code must be a list of finite numbers.")
    return numbers


def indices(mask: str, count: int) -> Int64:
    """One bit a point: 60,000 points take 10 KB, however many are selected (the browser sends it with every rerun)."""
    bits = np.frombuffer(base64.b64decode(mask), np.uint8)
    return np.flatnonzero(np.unpackbits(bits, bitorder="little")[:count])
