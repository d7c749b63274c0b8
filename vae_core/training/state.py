"""The state of a training on disk: one safetensors file, from which it goes on exactly."""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from safetensors import safe_open
from safetensors.torch import save as tensor_bytes
from torch import Tensor

from vae_core.errors import UserError
from vae_core.utils import json_files
from vae_core.utils.files import ordinary, write_whole

STATE = "state.safetensors"
MOST = 2**32  # bytes: the largest model with its moments
FARTHEST = 10**12  # epochs or steps
TERMS = {"loss", "distortion", "rate"}


@dataclass
class Progress:
    """How far a training is: `epoch` passes over, `batch` batches into the next, `step` updates, `seconds` of training."""

    epoch: int = 0
    batch: int = 0
    step: int = 0
    seconds: float = 0.0

    def check(self) -> None:
        """Raises ValueError where a count is none."""
        counts = (self.epoch, self.batch, self.step)
        if not all(json_files.is_count(count) and count <= FARTHEST for count in counts):
            raise ValueError("a count is none")
        if not json_files.is_finite(self.seconds) or self.seconds < 0:
            raise ValueError("the seconds are none")


@dataclass
class Tallied:
    """What a training has counted: sums of the epoch's terms over its images, the best validation loss, epochs since then."""

    epoch_sums: dict[str, float]
    epoch_images: int
    best: float
    waited: int
    compute: dict[str, Any]  # of products, as it was chosen when the training began

    def check(self) -> None:
        """Raises ValueError where a number is none; the best loss is infinite before the first epoch's end."""
        known = isinstance(self.epoch_sums, dict) and self.epoch_sums.keys() == TERMS
        if not known or not all(map(json_files.is_finite, self.epoch_sums.values())):
            raise ValueError("a sum is no number")
        if not json_files.is_count(self.epoch_images) or not json_files.is_count(self.waited):
            raise ValueError("a count is none")
        if not isinstance(self.compute, dict):
            raise ValueError("the arithmetic is none")
        if not isinstance(self.best, int | float) or math.isnan(self.best):
            raise ValueError("the best loss is no number")


def write_state(path: Path, tensors: dict[str, Tensor], at: Progress, tallied: Tallied) -> None:
    """Write the state whole or not at all; raises OSError."""
    metadata = {"at": json.dumps(asdict(at)), "extra": json.dumps(asdict(tallied))}
    write_whole(
        {path: tensor_bytes({name: tensor.detach().contiguous() for name, tensor in tensors.items()}, metadata)}
    )


def read_state(path: Path) -> tuple[dict[str, Tensor], Progress, Tallied]:
    """What `write_state` wrote; raises UserError when the file is missing or damaged, or a count in it is none."""
    try:
        with safe_open(ordinary(path, MOST), "pt") as file:
            metadata = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        at = Progress(**json_files.parse(metadata["at"]))
        tallied = Tallied(**json_files.parse(metadata["extra"], infinite=True))
        at.check()
        tallied.check()
    except UserError:
        raise
    except Exception:  # noqa: BLE001  whatever damaged bytes make the libraries raise
        raise UserError(f"{path} is missing or damaged, so the training cannot go on: start the run again.") from None
    return tensors, at, tallied
