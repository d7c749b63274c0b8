"""The state of one session that is kept between pages; no other module knows its keys.

Streamlit drops the value of a widget when its page is left. So the values are kept here under keys that belong to no widget: `bound`
gives a widget the kept value and keeps what is chosen. `shell.address` decides which of them are part of a page's address.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.checkpoints import CheckpointInfo
from vae_core.config import DataConfig
from vae_core.data.tables.columns import Cell
from vae_core.messages import Message
from vae_ui.base import detail, translation

MODEL, SEED = "model", "seed"  # names in the URL
CHOICES, PLACES = "choices", "places"
EACH = -1  # every class in turn


@dataclass(frozen=True)
class End:
    """An end of a path: its code (L,), and where it is from.

    `index` is its number if it is a test image; `picture` the model's input (*shape) in [0, 1] and `words` what it is, both
    worked out when they are first wanted; `problem` says what is wrong with an uploaded one.
    """

    code: NDArray[np.float32]
    index: int | None = None
    picture: NDArray[np.float32] | None = None
    words: str = ""
    problem: Message | None = None


@dataclass(frozen=True)
class Group:
    """A selection that was kept: the mean code (L,) of its test images, and how many they are; None where a link gave the mean."""

    mean: NDArray[np.float32]
    count: int | None = None


@dataclass
class Place:
    """The current position in one model's latent space: the chosen code, the chosen test image, and the ends of a path."""

    z: NDArray[np.float32] | None = None  # (L,)
    picked: int | None = None  # index into the test split
    selected: NDArray[np.int64] | None = None  # the test images that are selected on the map
    label: int = 0  # for a conditional model
    label_of: int | None = None  # the test image whose own label `label` was last set to
    draws: int = 0  # how often another eps was asked for on the Start page
    ends: dict[str, End] = field(default_factory=dict)  # "A" to "D"
    next_end: str = "A"  # which end the next click on the map sets
    files: dict[str, str] = field(default_factory=dict)  # by end: the upload that was made that end
    way: float = 0.5  # the place on the path, 0 at A and 1 at B
    pair: tuple[int, int] | None = (
        None  # the two dimensions of the map, of a code of more; None: the two that tell most
    )
    prop: int = 0  # the number of the property whose values colour the dots of the map
    counted: bool = False  # whether the codes of each sampler that fall into holes are counted
    own: NDArray[np.float32] | None = None  # (L,) the code of the person's own picture on the Reconstruct page
    own_input: NDArray[np.generic] | None = None  # (*shape) that picture, where it is a file or a photograph
    row: dict[str, Cell] = field(default_factory=dict)  # of a table: the person's own values, by column
    sentence: str = ""  # of a pair: what the person typed on the Reconstruct page
    said: tuple[int, ...] | None = None  # the value of each word of it; None while it cannot be read
    linked: NDArray[np.uint8] | None = None  # the drawing that was made of `own`, which came with a link
    revealed: list[int] = field(default_factory=list)  # on the page Few labels: test images whose class was revealed
    named: dict[int, int] = field(default_factory=dict)  # test images that the person named: the number of the name
    called: list[str] = field(default_factory=list)  # those names
    own_names: bool = False  # whether the person names the classes
    proposed: int | None = None  # the test image that is proposed for a label
    edit: str = ""  # on the page Edits: what the direction is of, such as classes-3-8, property-1 or selections
    strength: float = 1.0  # how far along it
    groups: dict[str, Group] = field(default_factory=dict)  # the selections that were kept as "A" and "B"
    compared: list[str] | None = None  # names of models; None: those of the same data


@dataclass
class Choices:
    """What this browser chose, whichever model it looks at."""

    model: str
    seed: int = 0
    missed: str = ""  # the model that was asked for and cannot be shown, until another one is chosen
    page: str = "start"
    lesson: tuple[str, int] | None = None  # the lesson that goes along, and its step from 1
    present: bool = False  # the view for a projector
    ignored: tuple[str, ...] = ()  # what of this page's address was left out
    view: str = "pca"  # how a code of more than two numbers is shown flat
    figures: tuple[str, ...] = ()  # what is switched on over the map
    path: str = "linear"
    four: bool = False  # a square between four ends, instead of a path
    start: str = "mean"  # where a traversal starts
    source: str = "test"  # where the input on the Reconstruct page is from
    given: str = "picture"  # which parts of a pair go in there
    drawn: dict[tuple[int, ...], NDArray[np.uint8]] = field(default_factory=dict)  # the last drawing, by shape
    sampler: str = "prior"
    temperature: float = 1.0
    asked: int = EACH  # the class of which samples are wanted, for a conditional model
    run: str | None = None  # the run in view on the Train page
    preset: str = "vae"  # the kind of model on the Train page
    time: float | None = None  # seconds since its start; None: its newest moment
    drawing: str = ""  # the density drawn on the Data page
    data: DataConfig | None = None  # what the Data page shows
    normal: tuple[int, ...] = ()  # classes that count as normal on the page Anomalies; none: all but the last
    mistake: str = "no-kl"  # what the page Break it shows
    trained: set[str] = field(default_factory=set)  # the mistakes whose pair this person has trained
    experiment: str = "autoencoder"  # what the page Experiments shows
    section: str = "hidden"  # what the page Complete fills in of pictures
    corruption: str = "salt"  # the noise that it takes away, and how strong that is
    severity: float = 0.3


def place(model: str) -> Place:
    """This session's position in the given model; it is kept while the session shows other models."""
    places: dict[str, Place] = st.session_state.setdefault(PLACES, {})
    return places.setdefault(model, Place())


def choices() -> Choices:
    """This browser's choices; `arrive` has been called before."""
    found: Choices = st.session_state[CHOICES]
    return found


def bound(key: str, owner: object, name: str, offered: Any = None) -> dict[str, Any]:
    """Arguments of a widget that shows the attribute `name` of `owner`, and sets it.

    `key` is the widget's own; a value that is not among those `offered` (None: anything) is shown as the first of them.
    """
    value = getattr(owner, name)
    st.session_state[key] = value if offered is None or value in offered else next(iter(offered))

    def keep() -> None:
        setattr(owner, name, st.session_state[key])

    return {"key": key, "on_change": keep}


def arrive(models: Mapping[str, CheckpointInfo], default: str, asked: str | None = None) -> None:
    """Choose the model that an address asks for, if any; another one where the chosen one is not there (any more)."""
    found = st.session_state.setdefault(CHOICES, Choices(default))
    if asked is not None:
        found.missed = "" if asked in models else asked
        found.model = asked if asked in models else found.model
    if found.model not in models:
        found.missed = found.missed or found.model  # it has gone, or turned out to be damaged
        found.model = default


def address() -> dict[str, str]:
    """The query parameters that a link to another page needs, so that model, seed, language and level stay the same."""
    return {MODEL: model()} | ({SEED: str(seed())} if seed() else {}) | translation.address() | detail.address()


def model() -> str:
    """The name of the model chosen in the sidebar."""
    return choices().model


def in_hand() -> list[str]:
    """The names of the model in view and of those that it is compared with; none before a model was chosen."""
    found = st.session_state.get(CHOICES)
    return [found.model, *(place(found.model).compared or ())] if isinstance(found, Choices) else []


def missed() -> str:
    """The name of the model in the URL that cannot be shown; "" if there is none. Choosing a model clears it."""
    return choices().missed


def choose(name: str, models: Mapping[str, CheckpointInfo]) -> None:
    """Choose another model; z is kept where both codes have the same number of dimensions."""
    before = model()
    choices().missed, choices().model, choices().ignored = "", name, ()
    z = place(before).z
    if z is not None and name in models and len(z) == models[name].run.model.latent_dim:
        place(name).z = z


def draw_density(drawing: str) -> None:
    """Keep the density that was drawn on the Data page."""
    choices().drawing = drawing


def seed() -> int:
    """The seed, 0 unless chosen."""
    found = st.session_state.get(CHOICES)
    return found.seed if isinstance(found, Choices) else 0


def choose_seed(value: int) -> None:
    """Choose another seed."""
    choices().seed = int(value)
