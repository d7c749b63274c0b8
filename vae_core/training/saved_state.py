"""The saved state of a training: one safetensors file from which it resumes exactly."""

import json
import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, get_args

from safetensors import safe_open
from safetensors.torch import save as tensor_bytes
from torch import Tensor

from vae_core.config import DeviceName
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils import strict_json
from vae_core.utils.files import check_regular_file, write_atomically

STATE = "state.safetensors"
LARGEST_FILE = 2**32  # bytes: the largest model with its optimiser's moments
LARGEST_COUNT = 10**12  # epochs or steps
KINDS = get_args(DeviceName)[1:]
TERMS = {"loss", "distortion", "rate"}


@dataclass
class Progress:
    """How far a training is: completed epochs, batches of the current epoch, optimiser steps in all, seconds of training."""

    epoch: int = 0
    batch: int = 0
    step: int = 0
    seconds: float = 0.0

    def check(self) -> None:
        """Raise ValueError where a count is not a non-negative integer, or the seconds are not a non-negative number."""
        counts = (self.epoch, self.batch, self.step)
        if not all(strict_json.is_count(count) and count <= LARGEST_COUNT for count in counts):
            raise ValueError(Message("a count is not a non-negative integer"))
        if not strict_json.is_finite(self.seconds) or self.seconds < 0:
            raise ValueError(Message("the seconds are not a non-negative number"))


@dataclass
class Counters:
    """Sums of the current epoch's terms over its images, the best validation loss, and the epochs `waited` since then."""

    epoch_sums: dict[str, float]
    epoch_images: int
    best: float
    waited: int
    compute: dict[str, Any]  # ComputeSettings as chosen when the training began
    devices: list[str] = field(default_factory=lambda: ["cpu"])  # the kinds that have computed, the last one at the end

    def check(self) -> None:
        """Raise ValueError where a value has the wrong type; the best loss is infinite before the end of the first epoch."""
        known = isinstance(self.epoch_sums, dict) and self.epoch_sums.keys() == TERMS
        if not known or not all(map(strict_json.is_finite, self.epoch_sums.values())):
            raise ValueError(Message("a sum is not a finite number"))
        if not strict_json.is_count(self.epoch_images) or not strict_json.is_count(self.waited):
            raise ValueError(Message("a count is not a non-negative integer"))
        if not isinstance(self.compute, dict):
            raise ValueError(Message("the compute settings are not a table"))
        if not isinstance(self.devices, list) or not self.devices or not all(d in KINDS for d in self.devices):
            raise ValueError(Message("a device is none that there is"))
        if not isinstance(self.best, int | float) or math.isnan(self.best):
            raise ValueError(Message("the best loss is not a number"))


Groups = Mapping[str, dict[str, Tensor]]


def joined(groups: Groups) -> dict[str, Tensor]:
    """Groups of tensors as one table with the names "group.name", as the file holds them."""
    return {
        f"{group}.{name}".rstrip("."): tensor for group, tensors in groups.items() for name, tensor in tensors.items()
    }


def grouped(tensors: Mapping[str, Tensor]) -> dict[str, dict[str, Tensor]]:
    """The inverse of `joined`; a group that is missing in the file is empty."""
    groups: dict[str, dict[str, Tensor]] = defaultdict(dict)
    for full_name, tensor in tensors.items():
        group, _, name = full_name.partition(".")
        groups[group][name] = tensor
    return groups


def write_state(path: Path, tensors: dict[str, Tensor], at: Progress, counters: Counters) -> None:
    """Write the state atomically: raises OSError and keeps the old file where that fails."""
    metadata = {"at": json.dumps(asdict(at)), "extra": json.dumps(asdict(counters))}
    write_atomically(
        {path: tensor_bytes({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}, metadata)}
    )


def read_state(path: Path) -> tuple[dict[str, Tensor], Progress, Counters]:
    """Read what `write_state` wrote; raises UserError when the file is missing or damaged."""
    try:
        with safe_open(check_regular_file(path, LARGEST_FILE), "pt") as file:
            metadata = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        at = Progress(**strict_json.parse(metadata["at"]))
        counters = Counters(**strict_json.parse(metadata["extra"], infinite=True))
        at.check()
        counters.check()
    except UserError:
        raise
    except Exception:  # noqa: BLE001  whatever damaged bytes make the libraries raise
        raise UserError(
            "{path} is missing or damaged, so the training cannot resume: start the run again.", path=path
        ) from None
    return tensors, at, counters
