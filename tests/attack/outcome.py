"""The outcome that every attack returns, and the measurement of the server's memory during an attack."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.browser.server import Server


@dataclass
class Outcome:
    """The outcome of one attack: `counts` of what happened, and `losses`, a sentence for each thing that must not happen."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    losses: list[str] = field(default_factory=list)

    def check(self, holds: bool, loss: str) -> None:
        """Add a loss unless `holds`."""
        if not holds:
            self.losses.append(loss)

    def __str__(self) -> str:
        counts = ", ".join(f"{count:,} {what}" for what, count in self.counts.items())
        return "\n".join([f"{self.name}: {counts}", *(f"  LOST: {loss}" for loss in self.losses)])


def resident(pid: int) -> int:
    """Resident memory of a process in bytes; 0 where it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024 if "VmRSS:" in status else 0


class Memory:
    """A context that measures the resident memory of a process: `before`, `peak` and `after`, in bytes."""

    def __init__(self, pid: int, every: float = 0.02) -> None:
        self.pid, self.every, self._ended = pid, every, threading.Event()
        self.before = self.peak = self.after = resident(pid)

    def __enter__(self) -> Memory:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self.after = resident(self.pid)

    def _watch(self) -> None:
        while not self._ended.wait(self.every):
            self.peak = max(self.peak, resident(self.pid))


def check_server(server: Server, outcome: Outcome) -> None:
    """Add a loss where the server has ended."""
    outcome.check(server.process.poll() is None, f"the server ended with status {server.process.poll()}")
