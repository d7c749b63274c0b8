"""A page with nothing but the map, for the browser tests: `?data=digits`, `clusters` (and `&count=60000`) or `plain`."""

import time

import numpy as np
import streamlit as st
from sklearn.datasets import load_digits

from vae_ui.stage import Ellipse, Lattice, Overlay, Payload, build_payload, latent_map

TENS = [str(i) for i in range(10)]


@st.cache_data
def digits() -> Payload:
    x, labels = load_digits(return_X_y=True)
    mean = x.mean(0)
    _, s, v = np.linalg.svd(x - mean, full_matrices=False)
    scale = s[:2] / np.sqrt(len(x))
    codes = (x - mean) @ v[:2].T / scale
    side = np.linspace(-3, 3, 16)
    grid = np.stack(np.meshgrid(side, side[::-1]), -1).reshape(-1, 2)
    tiles = np.clip((grid * scale) @ v[:2] + mean, 0, 16).reshape(16, 16, 8, 8)
    picture = (tiles.transpose(0, 2, 1, 3).reshape(128, 128) * 15.9).astype(np.uint8)
    thumbs = (x.reshape(-1, 8, 8) * 15.9).astype(np.uint8)
    reach = 3 + 3 / 15
    lattice = Lattice(picture, (-reach, reach, -reach, reach))
    return build_payload(codes, labels, TENS, lattice=lattice, thumbs=thumbs, title="Digits")


@st.cache_data
def clusters(count: int) -> Payload:
    codes, labels, thumbs = made_up(count)
    names = TENS if count < 60000 else [f"Class {i}" for i in range(12)]
    return build_payload(codes, labels, names, thumbs=thumbs, axes=("PC 1 (34 %)", "PC 2 (21 %)"), prior=False)


def made_up(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Clusters on a ring; below 60,000 points each has a 28 x 28 picture, about as hard to compress as a digit."""
    noise = np.random.default_rng(0)
    kinds = 10 if count < 60000 else 12
    labels = noise.integers(0, kinds, count)
    turn = labels * 2 * np.pi / kinds
    codes = np.stack([np.cos(turn), np.sin(turn)], 1) * 3 + noise.normal(0, 0.5, (count, 2))
    if count >= 60000:
        return codes, labels, None
    small = np.clip(noise.normal(0, 1, (count, 7, 7)), 0, None)
    thumbs = np.clip(small.repeat(4, 1).repeat(4, 2) * 90 * (noise.random((count, 28, 28)) < 0.8), 0, 255)
    return codes, labels, thumbs.astype(np.uint8)


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
    "samples": np.random.default_rng(1).normal(0, 1, (30, 2)) * [0.3, 0.15] + [1.0, 1.2],
}
st.title("Where do the digits live?")
state = latent_map(payload, overlay=Overlay(z=(z1, 1.0), **(marks if busy else {})), key="map")
middle = int(state.selection.sum())
st.markdown(f"count={state.count} act={state.act} pick={state.pick} z={state.z} classes={state.classes}")
st.markdown(f"selected={len(state.selection)} sum={middle}")
st.markdown(f"run took {1000 * (time.perf_counter() - began):.2f} ms, {len(payload.blob)} bytes")
