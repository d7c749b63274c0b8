"""Data sets on their way to a node: once a node through Ray's object store, whose arrays no process may write to."""

import json
import threading
import warnings
from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import ray
import torch
from torch import Tensor

from vae_core.data import DATASETS, Dataset, load
from vae_core.data.base import Split
from vae_core.presets.run_config import RunConfig
from vae_core.utils.paths import data_dir as default_data_dir

KEPT = 4  # data sets that the object store keeps for later runs


@dataclass(frozen=True)
class Packed:
    """A data set without its tensors, and these as arrays by (split, name), which Ray sends without copying them."""

    rest: Dataset
    arrays: dict[tuple[str, str], np.ndarray]


SPLITS, TENSORS = ("train", "val", "test"), ("x", "labels", "factors")
EMPTY = Split(torch.zeros(0), torch.zeros(0))


def packed(data: Dataset) -> Packed:
    """The data set as arrays and the rest."""
    arrays = {
        (part, name): tensor.contiguous().numpy()
        for part in SPLITS
        for name in TENSORS
        if (tensor := getattr(getattr(data, part), name)) is not None
    }
    return Packed(replace(data, train=EMPTY, val=EMPTY, test=EMPTY), arrays)


def unpacked(sent: Packed) -> Dataset:
    """The data set again, over the same memory: no tensor of it may be written to, and no training does."""

    def tensors(part: str) -> dict[str, Tensor | None]:
        return {name: None if (part, name) not in sent.arrays else _tensor(sent.arrays[part, name]) for name in TENSORS}

    parts: dict[str, Any] = {part: Split(**tensors(part)) for part in SPLITS}  # type: ignore[arg-type]
    return replace(sent.rest, **parts)


def _tensor(array: np.ndarray) -> Tensor:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The given NumPy array is not writable")
        return torch.from_numpy(array)


def lies_here(run: RunConfig) -> bool:
    """Whether this computer can read the run's data set by its name from its own data folder."""
    entry = DATASETS[run.data.dataset]
    return not entry.own and bool(entry.available(default_data_dir(), run.data.variant))


class Sent:
    """The data sets that lie in the object store, the last used at the end; threads may share it."""

    def __init__(self) -> None:
        self.refs: OrderedDict[str, ray.ObjectRef] = OrderedDict()
        self.lock = threading.Lock()

    def ref(self, run: RunConfig, data_dir: Path) -> ray.ObjectRef:
        """Where the run's data set lies, which is read here first where it does not lie there yet; UserError as `load` raises."""
        changed = _modified(Path(run.data.path)) if run.data.path else 0
        key = json.dumps([run.data.model_dump(mode="json"), str(data_dir), changed])
        with self.lock:
            if key not in self.refs:
                self.refs[key] = ray.put(packed(load(run.data, data_dir)))
            self.refs.move_to_end(key)
            while len(self.refs) > KEPT:
                self.refs.popitem(last=False)
            return self.refs[key]


def _modified(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
