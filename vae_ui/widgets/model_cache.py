"""Caches that all sessions share: opened models, and what is slow to compute from them.

Each value depends only on the arguments of its function, never on the state of one session.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.config import DataConfig
from vae_core.data import DATASETS, load, load_test
from vae_core.data.own_caption import caption_of
from vae_core.data.words import Caption
from vae_core.edits.properties import Values, values
from vae_core.errors import UserError
from vae_core.explore.aggregate_posterior import Density
from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes
from vae_core.jobs.projections import Projection
from vae_core.runs.many.listing import LONGEST_SEARCH
from vae_core.runs.many.models import Models, Offered, Stamp
from vae_core.translation.catalogues import SOURCE
from vae_core.utils.arrays import Int64, UInt8
from vae_core.utils.memory import release_freed_memory
from vae_core.utils.paths import data_dir, home
from vae_ui.base import current_user, state
from vae_ui.base.once_a_run import once_a_run
from vae_ui.base.translation import Later, language, t
from vae_ui.stage import ModelBlock, model_block
from vae_ui.stage.payload import unpack
from vae_ui.stage.remote import answer
from vae_ui.views import view_of
from vae_ui.widgets.map_lattice import small
from vae_ui.widgets.map_views import NEIGHBOURS, View, build

OFFERED = 100  # models of runs to choose from at once; a search finds the others
SEARCH = "models.search"  # in the session


@once_a_run
def models() -> Models:
    """Every model that can be explored, by its name in the URL; to look one up, since going through all of them takes seconds."""
    return Models(home(), current_user.present(), _refused())


def offered() -> Offered:
    """The models to choose from or to go through: those that come with the app, the newest OFFERED others or those that the person
    searched for, and those that this person already chose.
    """
    search = str(st.session_state.get(SEARCH) or "")[:LONGEST_SEARCH].strip()
    return models().offered(OFFERED, search, state.in_hand())


@once_a_run
def explorer(name: str) -> Explorer:
    """The opened model of that name, with its weights as the browser has them; raises UserError for an unknown or damaged one."""
    info = models().get(name)
    if info is None:
        raise UserError("There is no model '{name}': choose one in the sidebar.", name=name)
    try:
        return _explorer(*key(name))
    except UserError as error:
        _refused()[key(name)] = error.message
        raise


@once_a_run
def key(name: str) -> tuple[str, int]:
    """The folder of a model and a number that changes with its files: the cache key of everything computed from it."""
    return models().stamp(name)


@cache  # not Streamlit's: hundreds of looks a page would queue at its lock while a class opens the app
def _refused() -> dict[Stamp, str]:
    """Why models could not be opened, by `key`; a model that is written again has another key."""
    return {}


@st.cache_resource(max_entries=12, show_spinner=Later("Opening the model ..."))
def _explorer(folder: str, changed: int) -> Explorer:
    return Explorer.for_browser(Path(folder))


def _known_test_images(name: str) -> NDArray[np.generic] | None:
    """The test images of the data that the model of that name was trained on, or None where they are not on this machine."""
    found = _test_data(name)
    return None if found is None else found.x


def test_words(name: str) -> Int64 | None:
    """The words (N, W) beside the test pictures of a model of pairs; None for other models, and where the data are not at hand."""
    caption, found = explorer(name).info.caption, _test_data(name)
    if caption is None or found is None or found.record != caption.record(SOURCE):
        return None
    return found.words


@dataclass(frozen=True)
class TestData:
    """The test split: `x` (N, *shape), and the `words` (N, W) beside pictures, which `record` describes."""

    x: NDArray[np.generic]
    words: Int64 | None
    record: dict[str, object] | None


@once_a_run
def _test_data(name: str) -> TestData | None:
    info = explorer(name).info
    found = _test_split(info.run.data.model_dump_json(), repr(info.columns), data_dir())
    return found if found is not None and len(found.x) == len(explorer(name).latents.labels) else None


# Everywhere a `ttl` is in seconds: for a text such as "1h" Streamlit imports pandas, which takes 0.4 s.
@st.cache_resource(max_entries=4, show_spinner=Later("Reading the data set ..."), ttl=3600)
def _test_split(config: str, columns: str, folder: Path) -> TestData | None:
    """Read alone, or copied, so that the rest of the data set, nine tenths and up to a gigabyte, does not stay in memory.

    None also for a table that no longer has the columns of the model.
    """
    settings = DataConfig.parse(config)
    try:
        if (alone := load_test(settings, folder)) is not None:
            return _with_words(alone.x, caption_of(settings.dataset, alone.classes, None), alone.labels, None)
        data = load(settings, folder)
    except UserError:
        return None
    found = None
    if repr(data.columns) == columns:
        test = data.test
        factors = None if test.factors is None else test.factors.numpy()
        found = _with_words(test.x.numpy().copy(), data.caption, test.labels.numpy(), factors)
    del data
    release_freed_memory()
    return found


def _with_words(x: NDArray[np.generic], caption: Caption | None, labels: Int64, factors: Int64 | None) -> TestData:
    if caption is None:
        return TestData(x, None, None)
    return TestData(x, caption.read(labels, factors), caption.record(SOURCE))


def at_hand(name: str) -> bool:
    """Whether the model's test images are on this computer, so that `test_images` gives them."""
    return _known_test_images(name) is not None


def test_images(name: str) -> NDArray[np.generic]:
    """The test split as the model's input (N, *shape); its reconstructions where the data set is not on this computer."""
    x = _known_test_images(name)
    return reconstructions(name) if x is None else x


def reconstructions(name: str) -> NDArray[np.generic]:
    """The decoded codes of the test images (N, *shape): uint8 images, or float32 points."""
    return _reconstructions(*key(name))


@st.cache_resource(max_entries=8, show_spinner=Later("Decoding the test images ..."))
def _reconstructions(folder: str, changed: int) -> NDArray[np.generic]:
    model = _explorer(folder, changed)

    def made() -> NDArray[np.generic]:
        decoded = model.decode(model.latents.mean, model.latents.labels if model.conditional else None)
        return view_of(model).as_inputs(decoded)

    return model.kept_array("reconstructions", made)


def thumbnails(name: str) -> UInt8 | None:
    """`test_images` as small pictures (N, h, w[, 3]), so that one can hover over 10,000 of them; None where `texts` are shown."""
    return None if texts(name) else _thumbnails(*key(name), at_hand(name), name)


@st.cache_resource(max_entries=4, show_spinner=Later("Preparing the pictures ..."))
def _thumbnails(folder: str, changed: int, real: bool, _name: str) -> UInt8:
    view = view_of(_explorer(folder, changed))
    return small(view.pictures(test_images(_name)), view.thumb)


def texts(name: str) -> list[str]:
    """`test_images` as what a map writes of them (N); none where it shows pictures."""
    return _texts(*key(name), at_hand(name), name)


@st.cache_resource(max_entries=4, show_spinner=False)
def _texts(folder: str, changed: int, real: bool, _name: str) -> list[str]:
    return view_of(_explorer(folder, changed)).map_texts(test_images(_name))


def property_values(name: str, prop: str) -> Values:
    """A property of the test examples of the model of that name, (N,), NaN where it is not known; raises UserError as `values`."""
    return _property_values(*key(name), at_hand(name), prop, name)


@st.cache_data(max_entries=32, show_spinner=Later("Measuring the test examples ..."))
def _property_values(folder: str, changed: int, real: bool, prop: str, _name: str) -> Values:
    return values(explorer(_name).info, test_images(_name), prop)


def data_title(name: str) -> str:
    """The title of the data set of that name, in the session's language."""
    return t(DATASETS[name].title) if name in DATASETS else name


def view(name: str, kind: str, pair: tuple[int, int], label: int) -> View | None:
    """A 2-D view of the model's codes; None for a t-SNE or UMAP that has not been computed."""
    flat = Projection.of(explorer(name).info, kind).load() if kind in NEIGHBOURS else None
    if kind in NEIGHBOURS and flat is None:
        return None
    return _view(*key(name), kind, pair, label, at_hand(name), language(), name, flat)


@st.cache_resource(max_entries=16, show_spinner=Later("Drawing the map ..."))
def _view(
    folder: str,
    changed: int,
    kind: str,
    pair: tuple[int, int],
    label: int,
    real: bool,
    words: str,
    _name: str,
    _flat: Codes | None,
) -> View:
    return build(_explorer(folder, changed), thumbnails(_name), texts(_name), kind, pair, label, _flat)


def browser_block(name: str) -> ModelBlock:
    """The model of that name as the browser runs it."""
    return _browser_block(*key(name), language() if explorer(name).info.caption else "en")


@st.cache_resource(max_entries=12, show_spinner=False)
def _browser_block(folder: str, changed: int, language: str) -> ModelBlock:
    model = _explorer(folder, changed)
    blob = model.kept(f"block {language}", lambda: model_block(model.exported(language)).blob)
    header: dict[str, Any] = unpack(blob)[0]
    return ModelBlock(blob, header["hash"], partial(answer, model) if header["model"].get("remote") else None)


def sampler(name: str, kind: str) -> Callable[[int, int], Codes]:
    """(how many, seed) -> codes, from a sampler of SAMPLERS fitted to the codes of the model of that name."""
    return _sampler(*key(name), kind)


@st.cache_resource(max_entries=12, show_spinner=Later("Learning where the codes lie ..."))
def _sampler(folder: str, changed: int, kind: str) -> Callable[[int, int], Codes]:
    return _explorer(folder, changed).sampler(kind)


def density(name: str) -> Density:
    """The density of the codes of the model of that name."""
    return _density(*key(name))


@st.cache_resource(max_entries=12, show_spinner=False)
def _density(folder: str, changed: int) -> Density:
    latents = _explorer(folder, changed).latents
    return Density(latents.mean, latents.scale)
