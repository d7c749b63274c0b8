"""Checkpoints: folders with weights.safetensors, run.json and latents.npz, which is all that is needed to explore a model.

Nothing is unpickled. A folder that is damaged, of another program or of a newer version is refused in one sentence, so that the results
of `info` and `load` are valid.
"""

from vae_core.checkpoints.checks import LATENTS, RUN, WEIGHTS, Figures
from vae_core.checkpoints.contents import Checkpoint, CheckpointInfo, Latents
from vae_core.checkpoints.reading import (
    DamagedCheckpoint,
    WithoutNetwork,
    bundled,
    find,
    info,
    load,
    scan,
    without_network,
)
from vae_core.checkpoints.writing import save, weights_file

__all__ = [
    "Checkpoint",
    "CheckpointInfo",
    "DamagedCheckpoint",
    "Figures",
    "LATENTS",
    "Latents",
    "RUN",
    "WEIGHTS",
    "WithoutNetwork",
    "bundled",
    "find",
    "info",
    "load",
    "save",
    "scan",
    "weights_file",
    "without_network",
]
