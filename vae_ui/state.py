"""All that outlives a page in one browser, and the only module that knows its keys.

Widgets that must stay put are given `persist_state` or bound to the URL by whoever draws them; what is kept here belongs
to no widget, since Streamlit drops a widget's value when its page is left.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

MODEL, SEED = "model", "seed"  # widget keys, and names in the URL


@dataclass
class Place:
    """Where one is in one model's latent space: the chosen code, the picked test image, and the two ends of a path."""

    z: NDArray[np.float32] | None = None  # (L,)
    picked: int | None = None  # index into the test split
    label: int = 0  # for a conditional model
    ends: dict[str, NDArray[np.float32]] = field(default_factory=dict)  # "A", "B" -> (L,)
    extra: dict[str, Any] = field(default_factory=dict)  # a page's own small values, by page


def place(model: str) -> Place:
    """This browser's place in the given model, kept while it looks at others; z carries over where dimensions agree."""
    places: dict[str, Place] = st.session_state.setdefault("places", {})
    return places.setdefault(model, Place())


def carry(before: str, after: str, latent_dim: int) -> None:
    """Take z along from one model to another whose code has as many numbers."""
    z = place(before).z
    if z is not None and len(z) == latent_dim:
        place(after).z = z


def seed() -> int:
    """The seed chosen in the sidebar."""
    return int(st.session_state.get(SEED, 0))
