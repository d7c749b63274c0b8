"""All that outlives a page in one browser, and the only module that knows its keys.

Widgets that must stay put are given `persist_state` by whoever draws them; what is kept here belongs to no widget, since
Streamlit drops a widget's value when its page is left. The model and the seed are in the URL as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.checkpoints import CheckpointInfo

MODEL, SEED = "model", "seed"  # names in the URL
CHOICE, MISSED = "choice", "missed"
LARGEST_SEED = 999_999


@dataclass(frozen=True)
class End:
    """An end of a path: its code (L,), and where it is from.

    `index` is its number if it is a test image; `picture` the model's input (*shape) in [0, 1] and `words` what it is, both
    worked out when they are first wanted.
    """

    code: NDArray[np.float32]
    index: int | None = None
    picture: NDArray[np.float32] | None = None
    words: str = ""


@dataclass
class Place:
    """Where one is in one model's latent space: the chosen code, the picked test image, and the ends of a path."""

    z: NDArray[np.float32] | None = None  # (L,)
    picked: int | None = None  # index into the test split
    label: int = 0  # for a conditional model
    label_of: int | None = None  # the test image whose own label `label` was last set to
    draws: int = 0  # how often another eps was asked for on the Start page
    ends: dict[str, End] = field(default_factory=dict)  # "A" to "D"
    next_end: str = "A"  # which end the next click on the map sets
    files: dict[str, str] = field(default_factory=dict)  # by end: the upload that was made that end
    way: float = 0.5  # the place on the path, 0 at A and 1 at B


def place(model: str) -> Place:
    """This browser's place in the given model, kept while it looks at others; z carries over where dimensions agree."""
    places: dict[str, Place] = st.session_state.setdefault("places", {})
    return places.setdefault(model, Place())


def arrive(models: Sequence[str], default: str) -> None:
    """Take the model and the seed from the URL where it names new ones, else write this browser's choice into it."""
    choice: dict[str, Any] = st.session_state.setdefault(CHOICE, {MODEL: default, SEED: 0, MISSED: ""})
    asked = {MODEL: st.query_params.get(MODEL), SEED: st.query_params.get(SEED)}
    if asked != choice.get("written"):  # a link, a bookmark, or the browser's back button
        choice[MISSED] = ""
        if asked[MODEL] in models:
            choice[MODEL] = asked[MODEL]
        elif asked[MODEL]:
            choice[MISSED] = asked[MODEL]
        if (asked[SEED] or "").isdecimal() and len(asked[SEED]) < 20:
            choice[SEED] = min(int(asked[SEED]), LARGEST_SEED)
    if choice[MODEL] not in models:
        choice[MISSED] = choice[MISSED] or choice[MODEL]  # it has gone, or turned out to be damaged
        choice[MODEL] = default
    write()


def write() -> None:
    """Bring the URL up to date with the chosen model and seed; a seed of 0 is left out."""
    choice = st.session_state[CHOICE]
    wanted = {MODEL: choice[MODEL] or None, SEED: str(choice[SEED]) if choice[SEED] else None}
    for name, value in wanted.items():
        if value is None:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != value:
            st.query_params[name] = value
    choice["written"] = wanted


def address() -> dict[str, str]:
    """What a link to another page must carry so that the model and the seed stay put."""
    return {MODEL: model()} | ({SEED: str(seed())} if seed() else {})


def model() -> str:
    """The name of the model chosen in the sidebar."""
    return str(st.session_state[CHOICE][MODEL])


def missed() -> str:
    """The model that was asked for and cannot be shown, until another one is chosen."""
    return str(st.session_state[CHOICE][MISSED])


def choose(name: str, models: Mapping[str, CheckpointInfo]) -> None:
    """Choose another model; z comes along where its code has as many numbers."""
    before = model()
    st.session_state[CHOICE][MISSED] = ""
    st.session_state[CHOICE][MODEL] = name
    z = place(before).z
    if z is not None and name in models and len(z) == models[name].run.model.latent_dim:
        place(name).z = z


def seed() -> int:
    """The seed in the URL, 0 unless chosen."""
    return int(st.session_state.get(CHOICE, {}).get(SEED, 0))


def choose_seed(value: int) -> None:
    """Choose another seed; the URL follows at once."""
    st.session_state[CHOICE][SEED] = int(value)
    write()
