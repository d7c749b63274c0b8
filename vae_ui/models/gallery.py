"""The gallery of all presets (js/gallery.js): a filter, a card for each, and what happens when something on a card is pressed."""

import streamlit as st

from vae_core.config import DataConfig
from vae_core.data import DATASETS
from vae_core.molecules.extra import has_extra
from vae_core.presets.build_run import build_run
from vae_core.presets.papers import PRESETS
from vae_core.presets.when_to_use import GROUPS
from vae_core.runs import Store
from vae_core.scheduling.start_scheduler import ensure_scheduler
from vae_ui.base import current_user, state, translation
from vae_ui.base.palette import LANGUAGE
from vae_ui.base.translation import t
from vae_ui.bundles import loader
from vae_ui.datasets import choose_data
from vae_ui.datasets.known_data import look
from vae_ui.models.cards import cards
from vae_ui.models.trained_models import TrainedModels
from vae_ui.shell import page_list
from vae_ui.widgets import model_cache

KEY = "models-gallery"
SECONDS = 60.0  # the most that each of two models to compare may take
OF_MOLECULES = ("molecule-vae",)  # presets that are first trained on molecules where their libraries are installed
HTML = '<div class="gallery"></div>\n'


def draw() -> None:
    """Draw the gallery, and do what was asked for on it."""
    told = _gallery(
        data={
            "cards": cards(_trained()),
            "groups": [{"name": name, "title": t(group.title)} for name, group in GROUPS.items()],
            "language": LANGUAGE,
            "words": translation.table(),
        },
        key=translation.own_key(KEY),
        on_asked_change=_nothing,
    )
    asked = told.get("asked")
    if isinstance(asked, dict) and str(asked.get("preset")) in PRESETS:
        _do(str(asked.get("act")), str(asked["preset"]))


def _do(act: str, preset: str) -> None:
    """Go to the page that shows what was asked for; anything unknown is nothing."""
    trained = _trained()
    if act == "train":
        state.choices().preset = preset
        choose_data.begin_with(_data(preset).dataset)
        page_list.go("train")
    elif act == "both":
        _train_both(preset)
        page_list.go("train")
    elif act == "beside" and (pair := trained.pair(preset)):
        state.choose(pair[0], trained.models)
        state.place(pair[0]).compared = [*pair]
        page_list.go("compare")
    elif act == "open" and (found := trained.members(preset)):
        state.choose(found[0], trained.models)
        page_list.go("latent_space")


def _train_both(preset: str) -> None:
    """Put a plain VAE and a model of the preset in the queue, on the same data with the same seed and as many epochs."""
    store, data = Store(), _data(preset)
    known = look(data)
    for name in ("vae", preset):
        title = f"{DATASETS[data.dataset].title}, {PRESETS[name].title}"
        run = build_run(name, data, known.shape, len(known.classes), seconds=SECONDS, title=title, **known.layout)
        newest = store.create(run, user=current_user.present())
    choices = state.choices()
    choices.preset, choices.run, choices.time = preset, newest, None
    ensure_scheduler(store.home)


def _data(preset: str) -> DataConfig:
    """The data that a model of the preset is first trained on."""
    if PRESETS[preset].kind != "tokens":
        return DataConfig()
    return DataConfig(dataset="molecules" if preset in OF_MOLECULES and has_extra() else "sentences")


def _trained() -> TrainedModels:
    return TrainedModels(model_cache.offered().whole, state.model())


def _nothing() -> None:
    """Streamlit keeps what a component tells only under names that have a callback."""


_gallery = st.components.v2.component("models_gallery", html=HTML, js=loader("models"))
