"""Which trained models belong to a preset, and which two of them differ in nothing but what the preset changes in the plain VAE."""

from collections.abc import Mapping
from typing import Any

from vae_core.checkpoints import CheckpointInfo
from vae_core.presets.papers import PRESETS
from vae_core.presets.run_config import RunConfig
from vae_ui.models.differences import Configuration, family

Models = Mapping[str, CheckpointInfo]
LAYERS = {"hidden", "latent_dim", "discrete"}  # which another network may need to be otherwise


def nearest_first(models: Models, name: str) -> dict[str, CheckpointInfo]:
    """The models with the one of that name first, then those of its data."""
    data = models[name].run.data if name in models else None
    return {key: models[key] for key in sorted(models, key=lambda key: (key != name, models[key].run.data != data))}


def members(preset: str, models: Models) -> list[str]:
    """The names of the models that differ from the plain VAE as the preset does."""
    wanted = family(Configuration.of(PRESETS[preset]))
    return [name for name, info in models.items() if family(_configuration(info.run)) == wanted]


def pair(preset: str, models: Models) -> tuple[str, str] | None:
    """A plain VAE and a model of the preset with the same data, size, seed and length of training; None where there are none."""
    plain = {_matched(models[name].run, preset): name for name in reversed(members("vae", models))}
    found = [
        (other, name) for name in members(preset, models) if (other := plain.get(_matched(models[name].run, preset)))
    ]
    order = list(models)
    return min(found, key=lambda both: min(map(order.index, both)), default=None)


def _configuration(run: RunConfig) -> Configuration:
    return Configuration(run.model, run.objective)


def _matched(run: RunConfig, preset: str) -> str:
    """All settings in which two models of a pair must agree, as text."""
    changed = {name for name, _ in PRESETS[preset].changes} | ({"classes"} if PRESETS[preset].conditional else set())
    changed |= LAYERS if "network" in changed else set()
    left_out: Any = {"title": True, "objective": True, "model": changed, "train": {"precision"}}
    return run.model_dump_json(exclude=left_out)
