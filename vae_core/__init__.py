"""Variational autoencoders: training, evaluation and exploration.

The names in `__all__` are the public interface, which does not change between minor versions. Each is imported on first use, because
importing torch takes a second, which the help of the command line does not need.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vae_core.checkpoints import load as load_checkpoint
    from vae_core.checkpoints import save as save_checkpoint
    from vae_core.config import DataConfig, ModelConfig, TrainConfig
    from vae_core.data import DATASETS
    from vae_core.data import load as load_data
    from vae_core.data.tables.dataset import read_table
    from vae_core.data.text.own_text import read_text
    from vae_core.errors import DataWarning, UserError
    from vae_core.estimator import VAEEstimator
    from vae_core.explore.explorer import Explorer
    from vae_core.models.build import build
    from vae_core.objectives import OBJECTIVES
    from vae_core.presets.build_run import build_run
    from vae_core.presets.papers import PRESETS
    from vae_core.presets.run_config import RunConfig
    from vae_core.training.fit import fit
    from vae_core.vae import VAE

__all__ = [
    "DATASETS",
    "OBJECTIVES",
    "PRESETS",
    "VAE",
    "DataConfig",
    "DataWarning",
    "Explorer",
    "ModelConfig",
    "RunConfig",
    "TrainConfig",
    "UserError",
    "VAEEstimator",
    "build",
    "build_run",
    "fit",
    "load_checkpoint",
    "load_data",
    "read_table",
    "read_text",
    "save_checkpoint",
]

_HOMES = {
    "DATASETS": "data",
    "OBJECTIVES": "objectives",
    "PRESETS": "presets.papers",
    "VAE": "vae",
    "DataConfig": "config",
    "DataWarning": "errors",
    "Explorer": "explore.explorer",
    "ModelConfig": "config",
    "RunConfig": "presets.run_config",
    "TrainConfig": "config",
    "UserError": "errors",
    "VAEEstimator": "estimator",
    "build": "models.build",
    "build_run": "presets.build_run",
    "fit": "training.fit",
    "load_checkpoint": "checkpoints:load",
    "load_data": "data:load",
    "read_table": "data.tables.dataset",
    "read_text": "data.text.own_text",
    "save_checkpoint": "checkpoints:save",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'vae_core' has no attribute '{name}'")
    module, _, attribute = _HOMES[name].partition(":")
    return getattr(import_module(f"vae_core.{module}"), attribute or name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
