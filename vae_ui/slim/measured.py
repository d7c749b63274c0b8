"""What the page Smaller measures of a model and of its smaller ones, kept for all sessions."""

from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core import checkpoints
from vae_core.jobs.size_curve_job import SizeCurveJob
from vae_core.slim.size_curve import Point, decoded, examples_of, point, shown
from vae_ui.base.translation import Later
from vae_ui.widgets import model_cache


def full(name: str) -> NDArray[np.float32]:
    """The shown codes (K, *shape) decoded with the weights as they were trained."""
    return _full(*model_cache.key(name))


@st.cache_data(max_entries=16, show_spinner=False)
def _full(folder: str, changed: int) -> NDArray[np.float32]:
    found = checkpoints.load(Path(folder))
    rows = shown(found.latents.labels)
    return decoded(found.vae, found.latents.mean[rows], found.latents.labels[rows])


def job_of(name: str) -> SizeCurveJob:
    """The background job that measures the curve."""
    return SizeCurveJob.of(model_cache.explorer(name).info, model_cache.at_hand(name))


def point_of(name: str, smaller: Path, size: int) -> Point:
    """The Point of a smaller model whose checkpoint is in that folder and whose weights take `size` bytes."""
    return _point(*model_cache.key(name), model_cache.at_hand(name), str(smaller), size, name)


@st.cache_data(max_entries=64, show_spinner=Later("Measuring the smaller model ..."))
def _point(folder: str, changed: int, at_hand: bool, smaller: str, size: int, _name: str) -> Point:
    examples = examples_of(checkpoints.load(Path(folder)), model_cache.test_images(_name) if at_hand else None)
    return point(checkpoints.load(Path(smaller)).vae.eval(), examples, size)
