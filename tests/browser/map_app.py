"""A page with nothing but the map, for the browser tests: `?data=digits`, or `clusters` with `&count=60000`."""

import time

import numpy as np
import streamlit as st

from tests.browser import map_data
from vae_ui.stage import Ellipse, Event, Overlay, latent_map

clusters, digits = st.cache_data(map_data.clusters), st.cache_data(map_data.digits)
began = time.perf_counter()
kind, count = st.query_params.get("data", "digits"), int(st.query_params.get("count", 10000))
payload = digits() if kind == "digits" else clusters(count)
with st.sidebar:
    z1 = st.slider("z1", -3.0, 3.0, 0.5)
    busy = st.checkbox("All marks")
turn = np.linspace(0, 1, 12)[:, None]
marks = {
    "ellipses": [Ellipse((1.0, 1.2), (0.3, 0.15), 0.4)],
    "a": (-2.0, -1.0),
    "b": (2.0, -1.0),
    "path": (1 - turn) * [-2.0, -1.0] + turn * [2.0, -1.0],
    "at": 4,
    "neighbours": [1, 2, 3],
    "pick": 0,
    "cloud": True,
}
st.title("Where do the digits live?")
events = st.session_state.setdefault("events", [])


def take(event: Event) -> None:
    """As a page does: a place that was chosen on the map is z from now on."""
    events.append(event)
    if event.z is not None:
        st.session_state.place = event.z


def overlay() -> Overlay:
    """z is what was chosen last, by the slider or on the map."""
    if st.session_state.get("slider") != z1:
        st.session_state.slider, st.session_state.place = z1, (z1, 1.0)
    return Overlay(z=st.session_state.place, **(marks if busy else {}))


latent_map(payload, overlay=overlay, key="map", on_event=take)
last = events[-1] if events else Event("")
st.markdown(f"count={len(events)} act={last.act} pick={last.pick} z={last.z} classes={last.classes}")
st.markdown(f"selected={len(last.selection)} sum={int(last.selection.sum())}")
st.markdown(f"run took {1000 * (time.perf_counter() - began):.2f} ms, {len(payload.blob)} bytes")
