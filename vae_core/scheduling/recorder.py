"""The recorder stores a training's events, with fewer per second the longer the training lasts."""

import io
import math
import time
from typing import Any

import numpy as np

from vae_core.errors import UserError
from vae_core.runs.database import is_busy
from vae_core.runs.store import RunRow
from vae_core.scheduling.lease import Lease
from vae_core.training.events import Event, Saving, Snapshot, TrainStep
from vae_core.utils.files import write_atomically

FLUSH = 0.25  # seconds between two writes to the database
TRIES = 12  # of a write that must be made; each waits for `database.PATIENCE`
# An event is stored when this share of the run's seconds has passed since the last stored one of its kind. Twelve hours give
# about 6,000 steps and 350 snapshots, all events of the first minute are stored, and a stored event is never removed.
SHARES = {"step": 1 / 1000, "epoch": 1 / 1000, "snapshot": 1 / 40}


class Recorder:
    """Writes one run's events, at most four times a second, and its snapshots as files beside the database."""

    def __init__(self, lease: Lease, row: RunRow) -> None:
        self.lease, self.folder = lease, row.folder / "snapshots"
        self.latest, self.progress = dict(row.latest), row.progress
        self.stored_at = dict.fromkeys(SHARES, -math.inf)  # seconds of the last stored event of each kind
        self.pending: list[dict[str, Any]] = []  # records that the next flush writes
        self.skipped: Snapshot | None = None  # the newest snapshot, while it is not stored
        self.snapshots, self.snapshot_step = 0, -1  # how many are stored, and the step of the last one
        self.rewound = self.had_step = False
        self.flushed = -math.inf

    def take(self, event: Event) -> None:
        """Store the event, or, between two stored ones, only make it the newest of its kind."""
        if not self.rewound and hasattr(event, "step"):
            self._rewind(event.step - isinstance(event, TrainStep))
        if isinstance(event, Saving):
            self._flush(TRIES)
        elif isinstance(event, Snapshot):
            self._snapshot(event)
        else:
            record = {"kind": event.kind, **event.record()}
            self.latest[event.kind] = record
            self.progress = record.get("progress", self.progress)
            if self._due(event):
                self.pending.append(record)
        first = isinstance(event, TrainStep) and not self.had_step  # written at once, because the user waits for it
        self.had_step = self.had_step or first
        if first or time.monotonic() - self.flushed >= FLUSH:
            self._flush()

    def close(self) -> None:
        """Write all pending records, and the last snapshot."""
        if self.skipped is not None:
            self._store(self.skipped)
        self._flush(TRIES)

    def _due(self, event: Event) -> bool:
        if event.kind not in SHARES:
            return True
        seconds = float(event.seconds)  # type: ignore[attr-defined]
        due = seconds - self.stored_at[event.kind] >= SHARES[event.kind] * seconds
        if due:
            self.stored_at[event.kind] = seconds
        return due

    def _rewind(self, step: int) -> None:
        """Delete the records after `step`, because the resumed run produces them again."""
        before = self.lease.rewind(step)
        self.latest = {kind: record for kind, record in self.latest.items() if record.get("step", 0) <= step}
        if before:
            self.snapshots, self.snapshot_step = len(before), before[-1]["step"]
            self.stored_at["snapshot"] = before[-1]["seconds"]
        self.rewound = True

    def _snapshot(self, event: Snapshot) -> None:
        if event.step == self.snapshot_step:  # stored already: a resumed run repeats the snapshot of its first step
            return
        self.skipped = event
        if self._due(event):
            self._store(event)

    def _store(self, event: Snapshot) -> None:
        file = f"{self.snapshots:06d}.npz"
        archive = io.BytesIO()
        np.savez_compressed(
            archive,
            codes=event.codes.clip(-6e4, 6e4).astype(np.float16),
            labels=event.labels.astype(np.int16),
            recon=_compact(event.reconstructions),
            originals=_compact(event.originals),
        )
        write_atomically({self.folder / file: archive.getvalue()})
        self.pending.append({"kind": event.kind, **event.record(), "index": self.snapshots, "file": file})
        self.snapshots, self.snapshot_step = self.snapshots + 1, event.step
        self.skipped = None

    def _flush(self, tries: int = 1) -> None:
        """Write what is pending. Where many others write, it stays pending for the next time, unless it must be written now."""
        for left in reversed(range(tries)):
            try:
                self.lease.write(self.pending, self.latest, self.progress)
                self.pending = []
                break
            except UserError as error:
                if not is_busy(error) or (tries > 1 and not left):
                    raise
        self.flushed = time.monotonic()


def _compact(x: np.ndarray) -> np.ndarray:
    """Images (R, C, H, W) in [0, 1] as uint8; points (R, 2) as float32."""
    return np.rint(x * 255).clip(0, 255).astype(np.uint8) if x.ndim == 4 else x.astype(np.float32)
