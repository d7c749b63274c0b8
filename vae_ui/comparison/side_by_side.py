"""Several models side by side: reconstructions of the same inputs, and samples of the same noise."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from vae_core.checkpoints import CheckpointInfo
from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.utils.arrays import Int64, balanced_order
from vae_ui.base import plain_text, state
from vae_ui.base.translation import ngettext, t
from vae_ui.comparison import matched_pair
from vae_ui.comparison.charts import Dot
from vae_ui.shell.sidebar import unique_titles
from vae_ui.views import Said, Strip, in_words, says, view_of
from vae_ui.widgets import model_cache

MOST, CELLS, CELL = 4, 10, 62


@dataclass(frozen=True)
class Model:
    """An opened model to compare; its `title` is unique among the models."""

    name: str
    title: str
    explorer: Explorer

    @property
    def data(self) -> str:
        """The settings of its test images, without their target; models with equal ones can share inputs."""
        return self.explorer.info.run.data.replace(target="grey", training_images=None).model_dump_json()


def plane(group: Sequence[Model]) -> list[Dot]:
    """All offered models that fit on one rate-distortion plane with the group: of the same data, target and likelihood."""
    run, models = group[0].explorer.info.run, model_cache.offered().whole
    titles, names, dots = unique_titles(models), {model.name for model in group}, []
    for name, info in models.items():
        same = (info.run.data, info.run.model.likelihood) == (run.data, run.model.likelihood)
        if same and (found := dot(titles[name], info, name in names)) is not None:
            dots.append(found)
    return dots


def dot(title: str, info: CheckpointInfo, chosen: bool) -> Dot | None:
    """A model on the rate-distortion plane; None for one without a rate."""
    rate, distortion = info.figures.get("rate"), info.figures.get("distortion")
    if rate is None or distortion is None:
        return None
    title = plain_text.plotly(title)
    terms = {"distortion": distortion, "rate": rate, "loss": distortion + rate}
    hover = t("distortion {distortion:.1f}, rate {rate:.1f}, −ELBO {loss:.1f}", **terms)
    return Dot(title, rate, distortion, chosen, f"{title}<br>{hover}")


def choice(name: str) -> dict[str, Any]:
    """Arguments of the widget that chooses the models: those that were chosen beside this one, and are still there."""
    place, models = state.place(name), model_cache.models()
    chosen = matched_pair.default(name, model_cache.offered().whole) if place.compared is None else place.compared
    place.compared = [key for key in chosen if key in models]
    return state.bound("compare", place, "compared")


def chosen(names: Sequence[str]) -> list[Model]:
    """The opened models in the order of choice; `Models.why_not` says why one is missing."""
    titles, models = unique_titles(model_cache.offered().whole), []
    for name in names:
        with suppress(UserError):
            models.append(Model(name, titles.get(name, name), model_cache.explorer(name)))
    return models


def by_data(models: Sequence[Model]) -> list[list[Model]]:
    """The models in groups that can be shown the same inputs."""
    groups: dict[str, list[Model]] = {}
    for model in models:
        groups.setdefault(model.data, []).append(model)
    return list(groups.values())


def inputs(model: Model, seed: int) -> Int64:
    """The numbers of ten test images chosen by the seed, one of each class where there are ten classes."""
    labels = model.explorer.latents.labels
    order = np.random.default_rng(seed).permutation(len(labels))
    chosen: Int64 = order[balanced_order(labels[order])][:CELLS]
    return chosen


def reconstructions(group: Sequence[Model], seed: int) -> list[Strip]:
    """A strip of test images, and one of the reconstructions of each model."""
    first = group[0]
    rows = inputs(first, seed)
    x = np.ascontiguousarray(model_cache.test_images(first.name)[rows])
    true = _true_words(group, rows)
    strips = [Strip("x", t("test images"), x, t("Test images"), said=true, against=true)]
    for model in group:
        labels = model.explorer.latents.labels[rows]
        code, _ = model.explorer.encode(x, labels)
        loss = model.explorer.losses(x, labels, seed).mean()
        plain = model.explorer.info.run.model.posterior == "point"
        note = t("distortion {value:.1f}", value=loss) if plain else t("−ELBO {value:.1f}", value=loss)
        alt = t("Reconstructions by {model}", model=model.title)
        made = model.explorer.decode(code, labels)
        strips.append(Strip(model.title, note, made, alt, said=says(model.explorer, code), against=true))
    return strips


def has_words(group: Sequence[Model]) -> bool:
    """Whether the reconstructions have words, and the test images have the true ones."""
    return any(model_cache.test_words(model.name) is not None for model in group)


def _true_words(group: Sequence[Model], rows: Int64) -> list[Said]:
    """What the data say of these test images; nothing for models without words, and where the data set is not available."""
    for model in group:
        caption, words = model.explorer.info.caption, model_cache.test_words(model.name)
        if caption is not None and words is not None:
            return in_words(caption, words[rows])
    return []


def samples(group: Sequence[Model], seed: int) -> list[Strip]:
    """A strip of samples of each model; models whose codes have equal size get the same noise."""
    strips = []
    for model in group:
        z = model.explorer.prior_samples(CELLS, seed)
        labels = np.arange(CELLS) % max(1, model.explorer.info.run.model.classes)
        note = ngettext("z of {count} number", "z of {count} numbers", model.explorer.latent_dim)
        alt = t("Samples of {model}", model=model.title)
        made = model.explorer.decode(z, labels)
        strips.append(Strip(model.title, note, made, alt, said=says(model.explorer, z)))
    return strips


def drawn(group: Sequence[Model], strips: Sequence[Strip]) -> str:
    """Strips of models of the same data as HTML."""
    return view_of(group[0].explorer).strips(strips, CELL)
