"""Settings that suit data of a shape where neither the preset nor the user says more: layers, batch size, epochs, learning rate."""

import math
from typing import Any

from vae_core.config import Kind, ModelConfig, TrainConfig
from vae_core.presets.papers import Preset
from vae_core.presets.run_config import RunConfig

SECONDS = 20.0  # of a first training that is limited by time rather than by epochs
DENSE: dict[str, Any] = {"hidden": (64, 64), "activation": "silu", "likelihood": "gaussian_learned"}  # points and rows
TABLE: dict[str, Any] = {**DENSE, "likelihood": "columns", "sigma": 0.5}
TOKENS: dict[str, Any] = {"network": "gru", "hidden": (128,), "activation": "silu", "likelihood": "tokens"}
# Rows of numbers whose columns have mean 0 and standard deviation 1: the defaults of VAEEstimator.
ROWS = RunConfig(
    model=ModelConfig(shape=(1, 1, 1), **DENSE, sigma=0.5), train=TrainConfig(epochs=100, batch_size=128, lr=5e-3)
)
# Of the network 'grid': the most rows and columns of its code, and the dimensions of each vector in it.
CODE_MAP_SIDE, CODE_DIM = 8, 4


def pace(shape: tuple[int, ...], kind: Kind | None = None) -> dict[str, Any]:
    """Batch size, epochs and learning rate for a shape: data sets of small images, points and rows are small."""
    if kind == "tokens":
        return {"batch_size": 128, "epochs": 5, "lr": 3e-3, "clip": 1.0}
    if kind == "row":
        return {"batch_size": 32, "warmup_steps": 20, "epochs": 200, "lr": 5e-3}
    if len(shape) == 1 or shape[1] * shape[2] <= 100:
        return {"batch_size": 64, "warmup_steps": 20, "epochs": 100}
    return {"batch_size": 192, "lr": 7e-3} if shape[0] == 1 and shape[1] * shape[2] <= 1024 else {}


def layers(shape: tuple[int, ...], kind: Kind | None = None) -> dict[str, Any]:
    """Layers and likelihood for a shape, chosen by measurements of what trains well in seconds on a CPU."""
    if kind == "tokens":
        return TOKENS
    if kind == "row":
        return TABLE
    if len(shape) == 1:
        return {**DENSE, "sigma": 0.3}
    channels, height, width = shape
    if height * width <= 100:
        return {"hidden": (256, 128), "activation": "silu"}
    if channels == 1 and height * width <= 1024:
        return {"hidden": (256, 256, 128), "activation": "silu"}
    return {"network": "conv", "hidden": (32, 64, 128), "activation": "silu"}


def code_map_layers(shape: tuple[int, ...], chosen: Preset) -> dict[str, Any]:
    """Layers of the network 'grid' that end in a code of at most 8 x 8 vectors."""
    if ("network", "grid") not in chosen.changes or len(shape) == 1:
        return {}
    halvings = max(1, math.ceil(math.log2(max(shape[1:]) / CODE_MAP_SIDE)))
    return {"hidden": (16, 32, 64, 64)[:halvings]}
