"""What the labels come to: the guesses of each method on codes and on pixels, kept by labels, and the examples they are made of."""

import numpy as np
import streamlit as st

from vae_core.explore.explorer import Explorer
from vae_core.explore.plane_figures.plane_grid import PlaneGrid
from vae_core.few_labels.classifiers import Examples, Probabilities, features_of, guess
from vae_core.few_labels.curve_job import MOST
from vae_core.few_labels.map_regions import MapRegions
from vae_core.few_labels.proposals import propose
from vae_core.utils.arrays import Int64
from vae_ui.base.translation import Later
from vae_ui.few_labels import given
from vae_ui.widgets import model_cache


def examples(name: str, place: str) -> Examples:
    """The test examples of a model as its codes, or as pixels."""
    return _examples(*model_cache.key(name), place, place == "codes" or model_cache.at_hand(name), name)


@st.cache_resource(max_entries=6, show_spinner=False)
def _examples(folder: str, changed: int, place: str, real: bool, _name: str) -> Examples:
    if place == "codes":
        return Examples(np.asarray(model_cache.explorer(_name).latents.mean[:MOST], np.float32))
    return Examples(features_of(model_cache.test_images(_name)[:MOST]))


def guessed(name: str, method: str, place: str, where: Int64, labels: Int64, classes: int) -> Probabilities:
    """The probability of each class for each example, (N, classes)."""
    key = (tuple(map(int, where)), tuple(map(int, labels)), classes)
    return _guessed(*model_cache.key(name), method, place, key, name)


@st.cache_resource(max_entries=48, show_spinner=Later("Guessing the others ..."))
def _guessed(
    folder: str, changed: int, method: str, place: str, key: tuple[tuple[int, ...], tuple[int, ...], int], _name: str
) -> Probabilities:
    where, labels, classes = key
    return guess(method, examples(_name, place), np.array(where), np.array(labels), classes)


def proposed(name: str, model: Explorer, where: Int64, count: int) -> list[int]:
    """The next examples that are worth a label."""
    return [int(index) for index in propose(examples(name, "codes"), where, count)]


@st.cache_resource(max_entries=8, show_spinner=False)
def regions(hash: str, _grid: PlaneGrid, _dots: np.ndarray) -> MapRegions:
    """The regions of the map of that hash over a grid."""
    x0, x1, _, _ = _grid.extent
    return MapRegions.of(_grid.centres, _dots, (x1 - x0) / _grid.columns)


def current(name: str, model: Explorer) -> tuple[Int64, Probabilities | None]:
    """The examples that have a label, and the guesses that label propagation on codes makes of them; None without a label."""
    where, labels = given.labels(name, model)
    if not len(where):
        return where, None
    return where, guessed(name, "propagation", "codes", where, labels, len(given.names(name, model)))
