"""What the page Compress computes with a model, kept for all sessions."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from vae_core import checkpoints
from vae_core.compression.codec import compress
from vae_core.compression.integer_vae import check, levels_in
from vae_core.compression.ledger import Ledger, ledger
from vae_core.compression.levels import black_and_white
from vae_core.compression.other_formats import FORMATS
from vae_core.errors import UserError
from vae_core.utils.arrays import UInt8
from vae_ui.base.translation import Later, t
from vae_ui.widgets import model_cache

BEFORE = 20  # pictures that are in the file before the one whose bits are shown
CURVE = 12  # numbers of pictures at which another format is measured


@dataclass(frozen=True)
class FileOfMany:
    """A .vae file of the first test images; the bytes of the other formats with the same; and the bytes as the files grow.

    `growth` are the bits of our stack after each picture, and `counts` and `best` the bytes of the smallest other format for some
    numbers of pictures.
    """

    data: bytes
    others: dict[str, int]
    growth: Ledger
    best_name: str
    counts: list[int]
    best: list[int]
    model_bytes: int


def checkpoint(name: str) -> checkpoints.Checkpoint:
    """The checkpoint of that name; raises UserError where it cannot compress."""
    found = _checkpoint(*model_cache.key(name))
    check(found.vae.config)
    return found


@st.cache_resource(max_entries=4, show_spinner=False)
def _checkpoint(folder: str, changed: int) -> checkpoints.Checkpoint:
    return checkpoints.load(Path(folder))


def unsuited(name: str) -> str:
    """Why this model cannot compress, in the session's language; "" where it can."""
    try:
        checkpoint(name)
    except UserError as reason:
        return t(reason)
    return ""


def two_levels(name: str) -> bool:
    """Whether the model compresses black and white only."""
    return levels_in(checkpoint(name).vae) == 2


def test_pictures(name: str, numbers: slice | np.ndarray) -> UInt8:
    """Some of the test images, (N, C, H, W), in black and white where the model has two levels."""
    levels = grey_pictures(name, numbers)
    return black_and_white(levels) if two_levels(name) else levels


def grey_pictures(name: str, numbers: slice | np.ndarray) -> UInt8:
    """Some of the test images as they are, (N, C, H, W)."""
    x = model_cache.test_images(name)[numbers]
    return np.asarray(x if x.dtype == np.uint8 else np.rint(x * 255), np.uint8)


def ledger_of(name: str, index: int) -> Ledger:
    """The ledger of test image `index` and of those before it, so many as BEFORE, as if they were one file."""
    return _ledger(*model_cache.key(name), model_cache.at_hand(name), name, index)


@st.cache_data(max_entries=128, show_spinner=False)
def _ledger(folder: str, changed: int, at_hand: bool, _name: str, index: int) -> Ledger:
    count = len(model_cache.test_images(_name))
    return ledger(checkpoint(_name), test_pictures(_name, np.arange(index - BEFORE, index + 1) % count))


def file_of(name: str, count: int) -> FileOfMany:
    """The file of the first `count` test images."""
    return _file(*model_cache.key(name), model_cache.at_hand(name), name, count)


@st.cache_data(max_entries=32, show_spinner=Later("Compressing ..."))
def _file(folder: str, changed: int, at_hand: bool, _name: str, count: int) -> FileOfMany:
    model, pictures = checkpoint(_name), test_pictures(_name, slice(count))
    levels = levels_in(model.vae)
    x = pictures // (255 // (levels - 1))
    others = {name: len(make(x, levels)) for name, make in FORMATS.items()}
    best = min(others, key=lambda name: others[name])
    counts = sorted({int(one) for one in np.linspace(1, len(x), CURVE)})
    sizes = [len(FORMATS[best](x[:some], levels)) for some in counts]
    weights = (Path(folder) / checkpoints.WEIGHTS).stat().st_size
    return FileOfMany(compress(model, pictures), others, ledger(model, pictures), best, counts, sizes, weights)
