"""What the page Smaller measures of a model and of its smaller ones, kept for all sessions."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core import checkpoints
from vae_core.slim.size_curve import Examples, Point, curve, decoded, examples_of, point
from vae_ui.base.translation import Later
from vae_ui.widgets import model_cache

EXAMPLES = 1000  # of the test split, on which -ELBO is measured
SHOWN = 8  # codes that each model decodes


def shown(name: str) -> NDArray[np.int64]:
    """The numbers of the test examples whose codes are decoded: one of each class where there are few, else spread over the split."""
    labels = model_cache.explorer(name).latents.labels
    classes, first = np.unique(labels, return_index=True)
    some = np.linspace(0, len(labels) - 1, min(SHOWN, len(labels))).astype(np.int64)
    return first[:SHOWN] if len(classes) >= SHOWN else some


def full(name: str) -> NDArray[np.float32]:
    """The shown codes (K, *shape) decoded with the weights as they were trained."""
    return _full(*model_cache.key(name), tuple(map(int, shown(name))))


@st.cache_data(max_entries=16, show_spinner=False)
def _full(folder: str, changed: int, numbers: tuple[int, ...]) -> NDArray[np.float32]:
    found, rows = checkpoints.load(Path(folder)), list(numbers)
    return decoded(found.vae, found.latents.mean[rows], found.latents.labels[rows])


def curve_of(name: str) -> Mapping[int, Point]:
    """The Point of each number of bits."""
    return _curve(*model_cache.key(name), model_cache.at_hand(name), name)


@st.cache_data(max_entries=16, show_spinner=Later("Measuring the model with fewer bits ..."))
def _curve(folder: str, changed: int, at_hand: bool, _name: str) -> Mapping[int, Point]:
    found = checkpoints.load(Path(folder))
    return dict(curve(found, _examples(_name, found)))


def point_of(name: str, smaller: Path, size: int) -> Point:
    """The Point of a smaller model whose checkpoint is in that folder and whose weights take `size` bytes."""
    return _point(*model_cache.key(name), str(smaller), size, name)


@st.cache_data(max_entries=64, show_spinner=False)
def _point(folder: str, changed: int, smaller: str, size: int, _name: str) -> Point:
    return point(checkpoints.load(Path(smaller)).vae.eval(), _examples(_name, checkpoints.load(Path(folder))), size)


def _examples(name: str, found: checkpoints.Checkpoint) -> Examples:
    return examples_of(found, model_cache.test_images(name)[:EXAMPLES], shown(name))
