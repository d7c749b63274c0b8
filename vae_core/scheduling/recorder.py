"""What of a training's events is kept: everything recent at full rate, the past thinner the longer it is ago."""

import io
import math
import time
from typing import Any

import numpy as np

from vae_core.runs.store import RunRow
from vae_core.scheduling.lease import Lease
from vae_core.training.events import Event, Saving, Snapshot, TrainStep
from vae_core.utils.files import write_whole

FLUSH = 0.25  # seconds between two writes to the database
# A record is kept when this share of the run's seconds has passed since the last one kept: twelve hours make about
# 6,000 steps and 350 snapshots, the first minute is kept whole, and nothing once kept is dropped again.
SHARES = {"step": 1 / 1000, "epoch": 1 / 1000, "snapshot": 1 / 40}


class Recorder:
    """Writes one run's events, at most four times a second, and its snapshots as files beside the database."""

    def __init__(self, lease: Lease, row: RunRow) -> None:
        self.lease, self.folder = lease, row.folder / "snapshots"
        self.latest, self.progress = dict(row.latest), row.progress
        self.kept = dict.fromkeys(SHARES, -math.inf)
        self.waiting: list[dict[str, Any]] = []
        self.unkept: Snapshot | None = None
        self.snapshots, self.shown = 0, -1  # how many, and the step of the last one
        self.rewound = self.begun = False
        self.flushed = -math.inf

    def take(self, event: Event) -> None:
        """Keep what the event says, or only its newest figures."""
        if not self.rewound and hasattr(event, "step"):
            self._rewind(event.step - isinstance(event, TrainStep))
        if isinstance(event, Saving):
            self._flush()
        elif isinstance(event, Snapshot):
            self._snapshot(event)
        else:
            record = {"kind": event.kind, **event.record()}
            self.latest[event.kind] = record
            self.progress = record.get("progress", self.progress)
            if self._due(event):
                self.waiting.append(record)
        first = isinstance(event, TrainStep) and not self.begun  # somebody waits to see it
        self.begun = self.begun or first
        if first or time.monotonic() - self.flushed >= FLUSH:
            self._flush()

    def close(self) -> None:
        """Write what is still waiting, the last snapshot too."""
        if self.unkept is not None:
            self._keep(self.unkept)
        self._flush()

    def _due(self, event: Event) -> bool:
        if event.kind not in SHARES:
            return True
        seconds = float(event.seconds)  # type: ignore[attr-defined]
        due = seconds - self.kept[event.kind] >= SHARES[event.kind] * seconds
        if due:
            self.kept[event.kind] = seconds
        return due

    def _rewind(self, step: int) -> None:
        """Where a resumed run does again what was written already, the earlier telling goes."""
        before = self.lease.rewind(step)
        self.latest = {kind: record for kind, record in self.latest.items() if record.get("step", 0) <= step}
        if before:
            self.snapshots, self.shown = len(before), before[-1]["step"]
            self.kept["snapshot"] = before[-1]["seconds"]
        self.rewound = True

    def _snapshot(self, event: Snapshot) -> None:
        if event.step == self.shown:  # a run that begins or ends once more shows again what is kept
            return
        self.unkept = event
        if self._due(event):
            self._keep(event)

    def _keep(self, event: Snapshot) -> None:
        file = f"{self.snapshots:06d}.npz"
        archive = io.BytesIO()
        np.savez_compressed(
            archive,
            codes=event.codes.clip(-6e4, 6e4).astype(np.float16),
            labels=event.labels.astype(np.int16),
            recon=_small(event.reconstructions),
            originals=_small(event.originals),
        )
        write_whole({self.folder / file: archive.getvalue()})
        self.waiting.append({"kind": event.kind, **event.record(), "index": self.snapshots, "file": file})
        self.snapshots, self.shown = self.snapshots + 1, event.step
        self.unkept = None

    def _flush(self) -> None:
        self.lease.write(self.waiting, self.latest, self.progress)
        self.waiting, self.flushed = [], time.monotonic()


def _small(x: np.ndarray) -> np.ndarray:
    """Pictures (R, C, H, W) in [0, 1] as bytes; points (R, 2) as they are."""
    return np.rint(x * 255).clip(0, 255).astype(np.uint8) if x.ndim == 4 else x.astype(np.float32)
