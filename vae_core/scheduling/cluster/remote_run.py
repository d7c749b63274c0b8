"""One run that a node trains: a thread of the bridge, which holds the run's lease and writes what the actor sends."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import ray
from ray.exceptions import RayError

from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.people.limits import in_force
from vae_core.runs.forks import START
from vae_core.runs.heartbeat_and_recovery import LOCK
from vae_core.runs.store import RunRow, Store
from vae_core.scheduling.cluster.connection import answers
from vae_core.scheduling.cluster.data_transfer import Sent
from vae_core.scheduling.cluster.seats import Seat
from vae_core.scheduling.cluster.trainer_actor import Crash, Job, Sending
from vae_core.scheduling.full_disk import log_line
from vae_core.scheduling.lease import Lease, LeaseLost, Requests
from vae_core.scheduling.one_run import LOG, fail, failure_message, release, take_folder
from vae_core.scheduling.recorder import Recorder
from vae_core.training.events import Done, Event, Saved
from vae_core.training.saved_state import LARGEST_FILE, STATE
from vae_core.utils.files import read_file, write_atomically
from vae_core.utils.locks import FileLock

SETTLING = (
    1.0  # seconds after which a head that went together with the actor has gone too, which is not the run's fault
)
TOO_OFTEN = Message(
    "The node that trained the run ended or could not be reached four times, probably because its memory ran out. Choose smaller "
    "layers or a smaller batch, then resume the run from its last save."
)


class RemoteRun(threading.Thread):
    """Follows the run on its seat until it ends, pauses or fails, or until its node is gone: then it waits again."""

    def __init__(self, store: Store, id: str, token: str, seat: Seat, sent: Sent, address: str) -> None:
        super().__init__(daemon=True, name=id)
        self.store, self.seat, self.sent, self.address = store, seat, sent, address
        self.lease = Lease(store, id, token)
        self.folder = store.folder(id)
        self.lock = FileLock(self.folder / LOCK)
        self.told = Requests("running", {})
        self.lost = False  # whether the lease is, as a heartbeat has found

    def tell(self, requests: Requests) -> None:
        """Send the present requests to the actor, where they are new."""
        if requests != self.told:
            self.told = requests
            self.seat.actor.tell.remote(requests)

    def run(self) -> None:
        with suppress(LeaseLost):
            try:
                self.lease.heartbeat()
                take_folder(self.folder, self.lock)
                while not self._trained(self.store.get(self.lease.id)):
                    pass  # the pause was revoked while the state was saved: continue
            except RayError as error:
                self._log(str(error))
                self.lock.release()
                time.sleep(SETTLING)
                self.lease.give_back(TOO_OFTEN if answers(self.address) else None)
            except LeaseLost:
                raise
            except Exception as error:  # noqa: BLE001  any error ends the run with a sentence, and the log has the details
                self._log(traceback.format_exc())
                self.lock.release()
                fail(self.lease, failure_message(error, self.folder))
        self.lock.release()

    def _trained(self, row: RunRow) -> bool:
        """Let the actor train; False where it must continue at once. RayError where the actor is gone."""
        recorder, last = Recorder(self.lease, row), None
        for arrived in self.seat.actor.train.remote(self._job(row), self._data(row)):
            found = ray.get(arrived)
            if isinstance(found, Crash):
                self._log(found.details)
                self.lock.release()
                fail(self.lease, found.why)
                return True
            last = self._take(recorder, found)
        recorder.close()
        self.lock.release()  # before the lease: who gets the run next finds its folder free
        if release(self.lease, last, self.folder):
            return True
        take_folder(self.folder, self.lock)
        return False

    def _take(self, recorder: Recorder, found: Sending) -> Event:
        """Write the files that came with an event, and record it."""
        event = found.event
        if isinstance(event, Saved):
            event = replace(event, path=self.folder / STATE)
        elif isinstance(event, Done) and event.path is not None:
            event = replace(event, path=self.folder)
        if found.files:
            self.lease.requests()  # raises LeaseLost before the files are touched
            write_atomically({self.folder / _plain(name): content for name, content in found.files.items()})
        recorder.take(event)
        return event

    def _job(self, row: RunRow) -> Job:
        most = None if row.by_admin else in_force(self.store.home).person.seconds
        self.told = self.lease.requests()
        return Job(row.config, dict(_files(self.folder)), self.told, most, self.folder / LOG)

    def _data(self, row: RunRow) -> Any:
        """None where the node has the data set itself, else where it lies in the object store."""
        if ray.get(self.seat.actor.lies_here.remote(row.config)):
            return None
        return self.sent.ref(row.run, Path(row.data_dir))

    def _log(self, text: str) -> None:
        try:
            with (self.folder / LOG).open("a", encoding="utf-8") as file:
                file.write(f"{text}\n")
        except OSError:
            log_line(text)


def _files(folder: Path) -> Mapping[str, bytes]:
    """What a training goes on from, or begins with."""
    there = (name for name in (STATE, START) if (folder / name).is_file())
    return {name: read_file(folder / name, LARGEST_FILE) for name in there}


def _plain(name: str) -> str:
    """A file's name without any path."""
    if not name or Path(name).name != name or name.startswith("."):
        raise UserError("A node sent a file with the unusable name {name!r}.", name=name[:80])
    return name
