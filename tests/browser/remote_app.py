"""A page with the stage of a model that no browser can run, for the browser tests."""

from dataclasses import replace

import streamlit as st

from vae_core.models.networks import NETWORKS
from vae_ui.reconstruct import result
from vae_ui.reconstruct.inputs import Given
from vae_ui.stage import Event, Overlay, latent_map
from vae_ui.widgets import model_cache, small_map

NAME, INDEX = "digits-vae-2d", 3
NETWORKS["mlp"] = replace(NETWORKS["mlp"], browser=False)  # as an entry says of itself that needs more than layers
st.set_page_config(layout="wide")
model = model_cache.explorer(NAME)
st.title("On the server")
events = st.session_state.setdefault("events", [])
latent_map(
    small_map.payload(NAME),
    model=model_cache.browser_block(NAME),
    overlay=Overlay,
    on_event=lambda event: events.append(event),
    parts=("pad", "picture", "numbers"),
    layout="pad",
    options=result.options(model, Given(model_cache.test_images(NAME)[INDEX], "")),
    key="remote",
)
last = events[-1] if events else Event("")
st.markdown(f"count={len(events)} act={last.act} z={last.z}")
