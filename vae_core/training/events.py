"""What a training says while it goes on: small frozen records, of which the command line prints and the run store keeps."""

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np

from vae_core.checkpoint_checks import Figures
from vae_core.metrics.diagnosis import Finding

Numbers = dict[str, float | None]


@dataclass(frozen=True)
class Event:
    """The base: `kind` names the event, `record` gives its plain values for JSON."""

    kind: ClassVar[str] = "event"

    def record(self) -> dict[str, Any]:
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: _plain(value) for name, value in values if not isinstance(value, np.ndarray)}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else asdict(value) if isinstance(value, Finding) else value


@dataclass(frozen=True)
class Started(Event):
    """Before the first step: `images` to train on, the model's `parameters`, `steps` in all where epochs decide, and the
    `precision` and `threads` that it computes in."""

    kind: ClassVar[str] = "started"
    images: int
    parameters: int
    steps: int | None
    precision: str
    threads: int


@dataclass(frozen=True)
class TrainStep(Event):
    """Four times a second: mean terms of the batches since the last one, in nats per image."""

    kind: ClassVar[str] = "step"
    step: int
    epoch: int
    seconds: float
    progress: float
    train: Numbers  # loss, distortion, rate
    lr: float
    beta: float | None
    samples_per_second: float


@dataclass(frozen=True)
class Epoch(Event):
    """After each pass: mean terms over the training images, the bound on the validation split, its KL by dimension."""

    kind: ClassVar[str] = "epoch"
    epoch: int
    step: int
    seconds: float
    train: Numbers  # loss, distortion, rate
    val: Numbers  # loss (= -elbo, or the distortion), elbo, distortion, rate
    kl: list[float] | None


@dataclass(frozen=True)
class Snapshot(Event):
    """Where a fixed probe set lies now, codes (P, L) float32, and what becomes of a few of its images, (R, *shape) float32."""

    kind: ClassVar[str] = "snapshot"
    step: int
    epoch: int
    seconds: float
    codes: np.ndarray
    labels: np.ndarray
    reconstructions: np.ndarray
    originals: np.ndarray


@dataclass(frozen=True)
class Saving(Event):
    """Next comes a save after `step`: what was told up to here is not told again, so it must be written down first."""

    kind: ClassVar[str] = "saving"
    step: int


@dataclass(frozen=True)
class Saved(Event):
    """The training can go on from `path` exactly as if it had never stopped."""

    kind: ClassVar[str] = "saved"
    path: Path
    step: int


@dataclass(frozen=True)
class Done(Event):
    """The end. Unless paused, `figures` are the test split's and the checkpoint is whole in `path`, where a folder was given."""

    kind: ClassVar[str] = "done"
    reason: Literal["epochs", "seconds", "early", "stopped", "paused"]
    epoch: int
    step: int
    seconds: float
    figures: Figures
    path: Path | None


@dataclass(frozen=True)
class Failed(Event):
    """The end, and why, in one sentence; `finding` is the doctor's, where a term or the weights are no numbers."""

    kind: ClassVar[str] = "failed"
    message: str
    finding: Finding | None = None
