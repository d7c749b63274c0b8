"""The cards of the gallery, one for each preset: words, drawing, and what can be opened, as plain values that the browser lays out."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from vae_core.presets.papers import PRESETS
from vae_core.presets.when_to_use import USES, groups_of
from vae_ui.base import state
from vae_ui.base.translation import t
from vae_ui.models.diagram import drawing
from vae_ui.models.differences import AXES, PARTS, TINTS, Configuration, Difference, differences
from vae_ui.models.loss_terms import line
from vae_ui.models.shapes import elements
from vae_ui.models.trained_models import TrainedModels
from vae_ui.widgets import model_cache

Card = dict[str, Any]


def cards(trained: TrainedModels) -> list[Card]:
    """The cards of all presets, in the order of the list on the Train page."""
    return [_card(name, trained) for name in PRESETS]


def _card(name: str, trained: TrainedModels) -> Card:
    preset = PRESETS[name]
    found = Configuration.of(preset)
    changed = [{"text": _words(each), "tint": _tint(each, found)} for each in differences(found)]
    words = ", ".join(one["text"] for one in changed)
    alternative = (
        t("Differs from the plain VAE in: {parts}", parts=words)
        if words
        else t("The plain VAE, with the name of each part")
    )
    return {
        "name": name,
        "title": t(preset.title),
        "change": t(preset.summary),
        "use": t(USES[name]),
        "paper": preset.paper,
        "groups": groups_of(name),
        "changed": changed,
        "svg": elements(drawing(found, alternative)),
        "measured": _measured(name, trained),
        "acts": [_train(name), *_beside(name, trained), *_open(name, trained)],
    }


def _tint(difference: Difference, found: Configuration) -> str:
    """The colour of the axis in the drawing; of the loss that of its first term that differs."""
    if difference.axis == "objective":
        return next(term.tint for term in line(found.objective) if term.tint)
    return TINTS[PARTS[difference.axis][0]]


def _words(difference: Difference) -> str:
    """The axis, and what stands there in place of the plain VAE's: "prior p(z): mixture"."""
    title = t(AXES[difference.axis])
    if difference.axis in ("labels", "classifier", "first", "objective"):
        return title
    return t("{axis}: {value}", axis=title, value=t(difference.value.replace("_", " ")))


def _act(act: str, label: str, page: str = "", **query: str) -> dict[str, str]:
    """Something to do with a card; with a page it is a link, which also opens in another tab."""
    return {
        "act": act,
        "label": label,
        "href": f"{page}?{urlencode(state.address() | query, safe=',')}" if page else "",
    }


def _train(name: str) -> dict[str, str]:
    return _act("train", t("Train it"), "train", preset=name)


def _beside(name: str, trained: TrainedModels) -> list[dict[str, str]]:
    if name == "vae":
        return []
    found = trained.pair(name)
    if found is None:
        return [_act("both", t("Train it and a VAE, to compare"))]
    return [_act("beside", t("See it beside the VAE"), "compare", **comparison(found))]


def _measured(name: str, trained: TrainedModels) -> str:
    """What the figures of a matched pair say; "" without one."""
    found = trained.pair(name)
    if found is None:
        return ""
    plain, other = (trained.models[each].figures.get("distortion") for each in found)
    if plain is None or other is None:
        return ""
    return t(
        "Measured here on {data}: distortion {other:.1f} nats per image, the VAE's {plain:.1f}.",
        data=model_cache.data_title(trained.models[found[0]].run.data.dataset),
        plain=plain,
        other=other,
    )


def comparison(pair: tuple[str, str]) -> Mapping[str, str]:
    """The parts of the Compare page's address that show a pair."""
    return {state.MODEL: pair[0], "models": ",".join(pair)}


def _open(name: str, trained: TrainedModels) -> list[dict[str, str]]:
    found = trained.members(name)
    if not found:
        return []
    model = found[0]
    return [_act("open", t("Open {model}", model=t(trained.models[model].title)), "latent_space", model=model)]
