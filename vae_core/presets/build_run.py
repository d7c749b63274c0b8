"""build_run(): the name of a preset and the shape of the data -> a RunConfig that suits both."""

import math
from typing import Any

from vae_core.axes.layer_sizes import grid_size
from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.errors import UserError, entry
from vae_core.messages import Message
from vae_core.presets.default_settings import CODE_DIM, code_map_layers, layers, pace
from vae_core.presets.papers import PRESETS
from vae_core.presets.run_config import RunConfig

LAYOUT = (
    "columns",
    "missing",
    "vocabulary",
)  # settings of ModelConfig that, with the shape, say what kind the data are


def build_run(name: str, data: DataConfig, shape: tuple[int, ...], classes: int, /, **settings: Any) -> RunConfig:
    """The run of that name for data of `shape` with `classes` labels (0: none).

    `settings` are fields of the objective, ModelConfig or TrainConfig, and `title`, that replace the preset's. For a table they hold
    its columns, for sentences how many token ids there are, and for captions their words: `**data.layout_settings`. Only a preset of
    pairs uses the words; where none are given, its word is the label.
    Raises UserError for an unknown preset, an unknown setting or a combination that cannot work.
    """
    chosen = entry(PRESETS, name, Message("preset"))
    if chosen.conditional and not classes:
        raise UserError(
            "The preset '{name}' needs labels, and the data set '{dataset}' has none: choose another preset.",
            name=name,
            dataset=data.dataset,
        )
    words = settings.pop("words", (classes,) if classes > 1 else ())
    kind = ModelConfig(shape=shape).replace(**{name: settings[name] for name in LAYOUT if name in settings}).kind
    if chosen.kind not in (None, kind):
        raise UserError(
            "The preset '{name}' is for sentences and molecules, and the data set '{dataset}' has none: choose another preset, or the "
            "data set 'sentences' or 'molecules'.",
            name=name,
            dataset=data.dataset,
        )
    if chosen.objective.trains_words and not words:
        raise UserError(
            "The preset '{name}' learns a picture and its words, and the data set '{dataset}' has neither labels nor captions: "
            "choose another preset.",
            name=name,
            dataset=data.dataset,
        )
    model = {
        **layers(shape, kind),
        **code_map_layers(shape, chosen),
        **dict(chosen.changes),
        "classes": classes if chosen.conditional else 0,
        "words": words if chosen.objective.trains_words else (),
    }
    title = settings.pop("title", f"{data.dataset} {chosen.title}")
    parts = {
        "objective": (chosen.objective, {}),
        "model": (ModelConfig(shape=shape), model),
        "train": (TrainConfig(precision="auto", **pace(shape, kind)), {}),
    }
    known = {part: set(type(start).model_fields) - {"name"} for part, (start, _) in parts.items()}
    for key, value in settings.items():
        part = next((part for part, fields in known.items() if key in fields), None)
        if part is None:
            raise UserError(
                "'{key}' is not a setting of the preset '{name}'; settings are {union}.",
                key=key,
                name=name,
                union=", ".join(sorted(set().union(*known.values()))),
            )
        parts[part][1][key] = value
    draft = ModelConfig(shape=shape).replace(**model)
    if draft.network == "grid" and draft.hidden and draft.kind == "picture":
        count = math.prod(grid_size(draft))
        parts["model"] = (ModelConfig(shape=shape, latent_dim=CODE_DIM * count, discrete=count), model)
    return RunConfig(
        title=title, data=data, **{part: start.replace(**changes) for part, (start, changes) in parts.items()}
    )
