"""What runs on a node: an actor that trains one run in a private folder, and yields its events with the bytes of its files."""

import os
import shutil
import tempfile
import time
import traceback
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import ray
import torch

from vae_core.data import load
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.presets.run_config import RunConfig
from vae_core.scheduling.cluster.data_transfer import Packed, lies_here, unpacked
from vae_core.scheduling.cluster.versions import Versions, own
from vae_core.scheduling.lease import Requests
from vae_core.scheduling.one_run import events_of, failure_message
from vae_core.training.events import Done, Event, Saved
from vae_core.training.live_controls import LiveControls
from vae_core.training.saved_state import STATE
from vae_core.utils.memory import keep_freed_memory

PREFIX = (
    f"latent-explorer-{os.getuid() if hasattr(os, 'getuid') else ''}-"  # of the private folders, before the process id
)


@dataclass(frozen=True)
class Job:
    """What an actor needs to begin or to go on: the settings, the files of the run's folder, and the present requests.

    `log` is where the bridge writes the log, and `most_seconds` what a training may take.
    """

    config: str
    files: dict[str, bytes] = field(repr=False)
    requests: Requests
    most_seconds: float | None
    log: Path


@dataclass(frozen=True)
class Sending:
    """One event, when it was sent (seconds since 1970), and the files that it announces, by name."""

    event: Event
    at: float
    files: dict[str, bytes] = field(repr=False)


@dataclass(frozen=True)
class Crash:
    """The training failed with an exception: a sentence, and the details for the log."""

    why: Message
    details: str


class Trainer:
    """Trains one run at a time, and hears words about it meanwhile."""

    def __init__(self) -> None:
        self.controls = LiveControls()
        torch.set_num_threads(1)  # as in a worker on one's own computer, so that a run can move from one to the other
        keep_freed_memory()
        _remove_left_behind()

    def hello(self) -> Versions:
        """The versions that this node has."""
        return own()

    def lies_here(self, config: str) -> bool:
        """Whether the node has the data set of these settings, so that it need not be sent."""
        return lies_here(RunConfig.parse(config))

    @ray.method(concurrency_group="words")
    def tell(self, requests: Requests) -> None:
        """Set the live controls of the training, which reads them before each batch."""
        requests.apply(self.controls)

    @ray.method(num_returns="streaming")
    def train(self, job: Job, data: Packed | None) -> Iterator[Sending | Crash]:
        """Train, and yield each event with the files that a resumed run, or a page, needs."""
        self.controls = LiveControls(most_seconds=job.most_seconds)
        job.requests.apply(self.controls)
        with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-") as name:
            folder = Path(name)
            try:
                run = RunConfig.parse(job.config)
                for file, content in job.files.items():
                    (folder / file).write_bytes(content)
                found = load(run.data) if data is None else unpacked(data)
                for event in events_of(run, found, folder, self.controls):
                    yield Sending(event, time.time(), _announced(event, folder, job.files))
            except Exception as error:  # noqa: BLE001  any error ends the run with a sentence, and the log has the details
                where = job.log.parent if not isinstance(error, OSError | UserError) else folder
                yield Crash(failure_message(error, where), traceback.format_exc())


def _announced(event: Event, folder: Path, given: Collection[str]) -> dict[str, bytes]:
    if isinstance(event, Saved):
        return {STATE: event.path.read_bytes()}
    if isinstance(event, Done) and event.path is not None:
        files = (path for path in folder.iterdir() if path.is_file() and path.name not in (STATE, *given))
        return {path.name: path.read_bytes() for path in files}
    return {}


def _remove_left_behind() -> None:
    """Remove the private folders of actors that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        pid = folder.name.removeprefix(PREFIX).partition("-")[0]
        if pid.isdecimal() and not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists():
            with suppress(OSError):
                shutil.rmtree(folder)
