"""Which trained models belong to a preset, and which two of them differ in nothing but what the preset changes in the plain VAE."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from vae_core.checkpoints import CheckpointInfo
from vae_core.presets.papers import PRESETS
from vae_core.presets.run_config import RunConfig
from vae_ui.models.differences import Configuration, Difference, family

LAYERS = {"hidden", "latent_dim", "discrete"}  # which another network may need to be otherwise


class TrainedModels:
    """The models that there are, the one in view first and then those of its data: where several fit, the first is taken."""

    def __init__(self, models: Mapping[str, CheckpointInfo], in_view: str) -> None:
        data = models[in_view].run.data if in_view in models else None
        order = sorted(models, key=lambda name: (name != in_view, models[name].run.data != data))
        self.models = {name: models[name] for name in order}

    @cached_property
    def families(self) -> dict[frozenset[Difference], list[str]]:
        """The names of the models that differ from the plain VAE in the same way."""
        found: dict[frozenset[Difference], list[str]] = {}
        for name, info in self.models.items():
            found.setdefault(family(Configuration(info.run.model, info.run.objective)), []).append(name)
        return found

    def members(self, preset: str) -> list[str]:
        """The names of the models that differ from the plain VAE as the preset does."""
        return self.families.get(family(Configuration.of(PRESETS[preset])), [])

    def pair(self, preset: str) -> tuple[str, str] | None:
        """A plain VAE and a model of the preset with the same data, size, seed and length of training; None without one."""
        others = self.members(preset)
        if preset == "vae" or not others:
            return None
        plain = {matched(self.models[name].run, preset): name for name in reversed(self.members("vae"))}
        found = [(one, other) for other in others if (one := plain.get(matched(self.models[other].run, preset)))]
        order = list(self.models)
        return min(found, key=lambda both: min(map(order.index, both)), default=None)


def matched(run: RunConfig, preset: str) -> str:
    """All settings in which two models of a pair must agree, as text."""
    changed = {name for name, _ in PRESETS[preset].changes} | ({"classes"} if PRESETS[preset].conditional else set())
    changed |= LAYERS if "network" in changed else set()
    left_out: Any = {"title": True, "objective": True, "model": changed, "train": {"precision"}}
    return run.model_dump_json(exclude=left_out)
