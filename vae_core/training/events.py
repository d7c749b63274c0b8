"""The events of a training: small frozen records that `fit` yields, the command line prints and the run store keeps."""

from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np

from vae_core.checkpoints.checks import Figures
from vae_core.metrics.diagnosis.finding_and_evidence import Finding

Numbers = dict[str, float | None]


@dataclass(frozen=True)
class Event:
    """The base class; `kind` names the event."""

    kind: ClassVar[str] = "event"

    def record(self) -> dict[str, Any]:
        """The plain values for JSON, without the arrays."""
        values = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {name: _plain(value) for name, value in values if not isinstance(value, np.ndarray)}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else asdict(value) if isinstance(value, Finding) else value


@dataclass(frozen=True)
class Started(Event):
    """Before the first step: numbers of training `images` and of the model's `parameters`, total `steps` (None where seconds
    end the training), the `precision` and `threads` that it computes with, and the kinds of `devices` that it has computed on, this
    one last."""

    kind: ClassVar[str] = "started"
    images: int
    parameters: int
    steps: int | None
    precision: str
    threads: int
    devices: list[str]


@dataclass(frozen=True)
class TrainStep(Event):
    """Every 0.25 seconds of training: the mean terms of the batches since the last such event, in nats per image."""

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
    """After each epoch, and every 5 seconds within a longer one; `epoch` counts those that are over. In nats per image.

    Mean terms of the training since the epoch began, the bound on the validation split, and its KL by dimension.
    """

    kind: ClassVar[str] = "epoch"
    epoch: int
    step: int
    seconds: float
    train: Numbers  # loss, distortion, rate
    val: Numbers  # loss (= -elbo, or the distortion), elbo, distortion, rate
    kl: list[float] | None

    @property
    def val_loss(self) -> float:
        """-ELBO on the validation split, or its distortion where there is no rate."""
        loss = self.val["loss"]
        assert loss is not None
        return loss


@dataclass(frozen=True)
class Snapshot(Event):
    """Every 0.5 seconds: the codes (P, L) float32 of the same P validation images, and the reconstructions and originals
    (R, *shape) float32 of R of them; of tokens also as texts, in the same order."""

    kind: ClassVar[str] = "snapshot"
    step: int
    epoch: int
    seconds: float
    codes: np.ndarray
    labels: np.ndarray
    reconstructions: np.ndarray
    originals: np.ndarray
    texts: list[str] = field(default_factory=list)
    original_texts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class GradientStep(Event):
    """One optimiser step that was asked for by itself, measured on both sides of it.

    `loss_before` and `loss_after` are the loss of the step's own batch with the noise of the step, in nats per image. `before` and
    `after` (P, L) are the means of q(z|x) of P validation images with these `labels`; empty for a code of more than two numbers.
    """

    kind: ClassVar[str] = "gradient"
    step: int
    epoch: int
    seconds: float
    lr: float
    loss_before: float
    loss_after: float
    before: list[list[float]]
    after: list[list[float]]
    labels: list[int]


@dataclass(frozen=True)
class Saving(Event):
    """Announces a save after `step`: a resumed run does not repeat the events before it, so they must be stored first."""

    kind: ClassVar[str] = "saving"
    step: int


@dataclass(frozen=True)
class Saved(Event):
    """The training can resume from `path` exactly as if it had never stopped."""

    kind: ClassVar[str] = "saved"
    path: Path
    step: int


@dataclass(frozen=True)
class Done(Event):
    """The end. Unless "paused", or "reached" the step or epoch that was asked for, `figures` are those of the test split.

    `path` is the checkpoint, where a folder was given.
    """

    kind: ClassVar[str] = "done"
    reason: Literal["epochs", "seconds", "early", "stopped", "limit", "paused", "reached"]
    epoch: int
    step: int
    seconds: float
    figures: Figures
    path: Path | None


@dataclass(frozen=True)
class Failed(Event):
    """The training failed: why, in one sentence, and a diagnosis as `finding` where a term or the weights are not finite."""

    kind: ClassVar[str] = "failed"
    message: str
    finding: Finding | None = None
