"""The state of a training on disk: one safetensors file, from which it goes on exactly."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save as tensor_bytes
from torch import Tensor

from vae_core.errors import UserError
from vae_core.files import write_whole

STATE = "state.safetensors"


@dataclass
class Progress:
    """How far a training is: `epoch` passes over, `batch` batches into the next, `step` updates, `seconds` of training."""

    epoch: int = 0
    batch: int = 0
    step: int = 0
    seconds: float = 0.0


def write_state(path: Path, tensors: dict[str, Tensor], at: Progress, extra: dict[str, Any]) -> None:
    """Write the state whole or not at all; raises OSError."""
    metadata = {"at": json.dumps(asdict(at)), "extra": json.dumps(extra)}
    write_whole(
        {path: tensor_bytes({name: tensor.detach().contiguous() for name, tensor in tensors.items()}, metadata)}
    )


def read_state(path: Path) -> tuple[dict[str, Tensor], Progress, dict[str, Any]]:
    """What `write_state` wrote; raises UserError when the file is missing or damaged."""
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        return tensors, Progress(**json.loads(metadata["at"])), json.loads(metadata["extra"])
    except (OSError, SafetensorError, KeyError, TypeError, ValueError):
        raise UserError(f"{path} is missing or damaged, so the training cannot go on: start the run again.") from None
