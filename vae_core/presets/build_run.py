"""build_run(): the name of a preset and the shape of the data -> a RunConfig that suits both."""

import math
from typing import Any

from vae_core.axes.sizes import grid_size
from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.errors import UserError, entry
from vae_core.presets.papers import PRESETS, Preset
from vae_core.presets.run_config import RunConfig

__all__ = ["PRESETS", "ROWS", "SECONDS", "Preset", "build_run"]

SECONDS = 20.0  # of a first training that is limited by time rather than by epochs
DENSE: dict[str, Any] = {"hidden": (64, 64), "activation": "silu", "likelihood": "gaussian_learned"}  # points and rows
# Rows of numbers whose columns have mean 0 and standard deviation 1: the defaults of VAEEstimator.
ROWS = RunConfig(
    model=ModelConfig(shape=(1, 1, 1), **DENSE, sigma=0.5), train=TrainConfig(epochs=100, batch_size=128, lr=5e-3)
)
PLACES, NUMBERS = (
    8,
    4,
)  # of the network 'grid': the most rows and columns of its code, and the dimensions of each vector in it


def build_run(name: str, data: DataConfig, shape: tuple[int, ...], classes: int, /, **settings: Any) -> RunConfig:
    """The run of that name for data of `shape` with `classes` labels (0: none).

    `settings` are fields of the objective, ModelConfig or TrainConfig, and `title`, that replace the preset's.
    Raises UserError for an unknown preset, an unknown setting or a combination that cannot work.
    """
    chosen = entry(PRESETS, name, "preset")
    if chosen.conditional and not classes:
        raise UserError(
            "The preset '{name}' needs labels, and the data set '{dataset}' has none: choose another preset.",
            name=name,
            dataset=data.dataset,
        )
    model = {
        **_network(shape),
        **_places(shape, chosen),
        **dict(chosen.changes),
        "classes": classes if chosen.conditional else 0,
    }
    title = settings.pop("title", f"{data.dataset} {chosen.title}")
    parts = {
        "objective": (chosen.objective, {}),
        "model": (ModelConfig(shape=shape), model),
        "train": (TrainConfig(precision="auto", **_pace(shape)), {}),
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
    if draft.network == "grid" and draft.hidden and not draft.is_points:
        count = math.prod(grid_size(draft))
        parts["model"] = (ModelConfig(shape=shape, latent_dim=NUMBERS * count, discrete=count), model)
    return RunConfig(
        title=title, data=data, **{part: start.replace(**changes) for part, (start, changes) in parts.items()}
    )


def _pace(shape: tuple[int, ...]) -> dict[str, Any]:
    """Batch size, epochs and learning rate for a shape: data sets of small images and points are small."""
    if len(shape) == 1 or shape[1] * shape[2] <= 100:
        return {"batch_size": 64, "warmup_steps": 20, "epochs": 100}
    return {"batch_size": 192, "lr": 7e-3} if shape[0] == 1 and shape[1] * shape[2] <= 1024 else {}


def _network(shape: tuple[int, ...]) -> dict[str, Any]:
    """Layers and likelihood for a shape, chosen by measurements of what trains well in seconds on a CPU."""
    if len(shape) == 1:
        return {**DENSE, "sigma": 0.3}
    channels, height, width = shape
    if height * width <= 100:
        return {"hidden": (256, 128), "activation": "silu"}
    if channels == 1 and height * width <= 1024:
        return {"hidden": (256, 256, 128), "activation": "silu"}
    return {"network": "conv", "hidden": (32, 64, 128), "activation": "silu"}


def _places(shape: tuple[int, ...], chosen: Preset) -> dict[str, Any]:
    """Layers of the network 'grid' that end in a code of at most 8 x 8 vectors."""
    if ("network", "grid") not in chosen.changes or len(shape) == 1:
        return {}
    halvings = max(1, math.ceil(math.log2(max(shape[1:]) / PLACES)))
    return {"hidden": (16, 32, 64, 64)[:halvings]}
