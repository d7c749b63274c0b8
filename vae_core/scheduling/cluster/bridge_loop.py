"""The bridge's loop: waiting runs are given to free seats, actors are told what users request, and leases are kept."""

import os
import threading
import time
from contextlib import suppress
from typing import NoReturn

from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.runs.database import session
from vae_core.runs.run_rows import parse_settings
from vae_core.runs.store import Store
from vae_core.scheduling.cluster import setting
from vae_core.scheduling.cluster.connection import answers
from vae_core.scheduling.cluster.data_transfer import Sent
from vae_core.scheduling.cluster.remote_run import RemoteRun
from vae_core.scheduling.cluster.seats import Seat, Seats
from vae_core.scheduling.cluster.setting import ClusterState
from vae_core.scheduling.full_disk import keep_reserve, log_line
from vae_core.scheduling.lease import LeaseLost, claim_for, requests_by_token
from vae_core.scheduling.store_changes import last_request, modified

POLL = 0.02  # seconds between two looks at the store's files
SEATS_SECONDS, HEARTBEAT_SECONDS, CHECK_SECONDS = 0.2, 1.0, 0.5
MISSES = 3  # checks in a row that the head does not answer before it counts as gone
GPU = "cuda"


class Bridge:
    """The loop that claims runs for free seats, tells the actors what users request, and sends heartbeats for all its runs."""

    def __init__(self, store: Store, address: str) -> None:
        self.store, self.address = store, address
        self.seats, self.sent = Seats(), Sent()
        self.runs: list[RemoteRun] = []

    def run(self, idle: float) -> None:
        """Work until the head is gone, another cluster is chosen, or nothing has waited or trained for `idle` seconds."""
        threading.Thread(target=self._keep, daemon=True).start()
        seen, looked, seated, busy, waiting = None, 0.0, 0.0, time.time(), 0
        while True:
            now, found = time.time(), modified(self.store)
            self._end_ended()
            if now - seated > SEATS_SECONDS:
                seated, waiting = now, self._waiting()
                self.seats.update(waiting)
            if found != seen or now - looked > 1:
                seen, looked = found, now
                with suppress(UserError):  # a full disk, for instance: the next look tries again
                    self._tell()
                    self._start_waiting()
            busy = now if self.runs or waiting else max(busy, last_request(self.store))
            if not self.runs and (now - busy > idle or setting.chosen(self.store.home) != self.address):
                return
            time.sleep(POLL)

    def _keep(self) -> None:
        """In a thread that calls nothing of Ray, which may wait long for a head that is gone: heartbeats, and a look at the head."""
        beaten, misses = 0.0, 0
        while True:
            if time.time() - beaten > HEARTBEAT_SECONDS:
                beaten = time.time()
                self._beat()
            misses = 0 if answers(self.address) else misses + 1
            if misses >= MISSES:
                self._give_up()
            time.sleep(CHECK_SECONDS)

    def _waiting(self) -> int:
        with session(self.store.path) as db:
            return int(db.execute("SELECT count(*) FROM runs WHERE state = 'queued'").fetchone()[0])

    def _start_waiting(self) -> None:
        """Give waiting runs to seats that are free; those without a GPU first, since runs for the cpu suit both."""
        if setting.chosen(self.store.home) != self.address:
            return
        for has_gpu in (False, True):
            while seat := self.seats.take(has_gpu):
                keep_reserve(self.store.home)
                claimed = claim_for(self.store, seat.node.name, lambda config, gpu=has_gpu: self._suits(config, gpu))  # type: ignore[misc]
                if claimed is None:
                    break
                self._start(*claimed, seat)

    def _start(self, id: str, token: str, seat: Seat) -> None:
        seat.taken = True
        run = RemoteRun(self.store, id, token, seat, self.sent, self.address)
        self.runs.append(run)
        run.start()

    def _suits(self, config: str, has_gpu: bool) -> bool:
        """Whether the seat has the device of the settings; where no node has a GPU, any seat may say so in a sentence."""
        try:
            device = parse_settings(config).train.device
        except UserError:
            return True  # the run fails with what is wrong with its settings
        return device != GPU or has_gpu or not any(node.gpu for node in self.seats.nodes)

    def _tell(self) -> None:
        requests = requests_by_token(self.store)
        for run in self.runs:
            if (now := requests.get(run.lease.token)) is not None:
                run.tell(now)

    def _beat(self) -> None:
        """A heartbeat for each run, and how the cluster is."""
        for run in list(self.runs):
            try:
                run.lease.heartbeat()
            except LeaseLost:
                run.lost = True
            except UserError as error:  # the database cannot be read: if that lasts, the missing heartbeats end the run
                log_line(error)
        with suppress(OSError):
            setting.write_state(self.store.home, ClusterState(True, Message(""), self.seats.state()))

    def _end_ended(self) -> None:
        """Free the seats of runs that have ended, and end the actors of those that were given to another process, or deleted."""
        for run in [run for run in self.runs if run.lost or not run.is_alive()]:
            self.runs.remove(run)
            self.seats.leave(run.seat)

    def _give_up(self) -> NoReturn:
        """The head is gone, and with it all actors: let the runs wait again, for this computer or for a later connection."""
        with suppress(OSError):
            why = Message("The cluster at {address} does not answer.", address=self.address)
            setting.write_state(self.store.home, ClusterState(False, why))
        for run in list(self.runs):
            run.lock.release()
            with suppress(LeaseLost, UserError):
                run.lease.give_back(None)
        os._exit(1)  # Ray's threads may wait for the head for a long time
