"""What a Ray cluster costs beside a worker of this computer: delays, steps a processor second, and how fast a lost node is made good.

python -m benchmarks.cluster [--rounds 5] [--only words,work,deaths,cut]

Starts real clusters on the loopback interface by the app's own command, with homes of their own. Every figure is the median of its
rounds in this one run. The steps a processor second are those of the same training, in turns here and on a node: of all its processes
(the actor and the bridge, and Ray's own beside them) and of the worker. The cut of a network needs a Linux where this program may make
network namespaces; otherwise that row says so.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.helpers import network_cut
from tests.helpers.ray_cluster import RayCluster, descendants
from tests.helpers.run_helpers import DIGITS, LONG, RunHome, equal_weights, run_of, until
from vae_core.config import ModelConfig, TrainConfig
from vae_core.runs.state_machine import ACTIVE
from vae_core.scheduling.cluster import setting
from vae_core.utils.locks import FileLock

TICKS = os.sysconf("SC_CLK_TCK")
WORK = ModelConfig(shape=(1, 8, 8), latent_dim=8, hidden=(512, 512), likelihood="bernoulli")
WORK_SECONDS = 10.0  # of training, for the steps a processor second
EXACT = TrainConfig(epochs=400, batch_size=64, lr=1e-3)
Row = tuple[str, str, str]


@contextmanager
def cluster(*others: str) -> Iterator[RayCluster]:
    """A cluster with the node "first" and these, whose token this process has too."""
    made = RayCluster()
    os.environ.update(made.environment)
    try:
        for name in others:
            made.join(name)
        yield made
    finally:
        made.close()


@contextmanager
def home_on(address: str) -> Iterator[RunHome]:
    """A home that trains on the cluster at that address, or here where it is ""."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = RunHome(Path(folder))
        setting.choose(home.store.home, address)
        home.start_scheduler()
        try:
            yield home
        finally:
            home.close()


def wait_for_nodes(home: RunHome, *names: str) -> float:
    """Seconds until the bridge may use these nodes, and no other."""

    def there() -> bool:
        found = setting.state(home.store.home)
        return found is not None and found.connected and {node.name for node in found.nodes} == set(names)

    return until(there)


def delays(rounds: int) -> list[Row]:
    """An event's way to the head and a word's to the actor, from this process, which is then a driver of Ray itself."""
    with cluster() as made:
        command = [sys.executable, "-m", "benchmarks.live.cluster_delays", made.address, str(rounds)]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    event, word, cold, warm = map(float, lines[-4:])
    return [
        ("event to the head", f"{1000 * event:.1f} ms", "25 ms"),
        ("word to the actor", f"{1000 * word:.1f} ms", "25 ms"),
        ("first step of a cold actor", f"{cold:.1f} s", "30 s"),
        ("first step of a warm actor", f"{warm:.2f} s", "0.5 s"),
    ]


def words(rounds: int) -> list[Row]:
    """A turned knob, from the click to the store; and the first step of a run on an actor that waits for it."""
    knobs, firsts = [], []
    with cluster() as made, home_on(made.address) as home:
        wait_for_nodes(home, "first")
        for _ in range(rounds):
            id = _started(home, firsts)
            for lr in (2e-3, 3e-3):
                began = time.perf_counter()
                home.store.set_controls(id, lr=lr)
                until(lambda id=id, lr=lr: home.store.get(id).latest["step"]["lr"] == lr)
                knobs.append(time.perf_counter() - began)
            _stop(home, id)
            time.sleep(8)  # until the next actor has been started
    return [
        ("turned knob seen in the store", f"{statistics.median(knobs):.2f} s", "2 s"),
        ("click to first step, an actor waits", f"{statistics.median(firsts):.2f} s", "0.5 s"),
    ]


def _started(home: RunHome, seconds: list[float]) -> str:
    began = time.perf_counter()
    id: str = home.store.create(run_of(LONG))
    home.wait_for_step(id)
    seconds.append(time.perf_counter() - began)
    return id


def _stop(home: RunHome, id: str) -> None:
    home.store.command(id, "stop")
    home.wait_for_end(id, "stopped")


def work(rounds: int) -> list[Row]:
    """Steps a processor second on a node and here, in turns."""
    train = TrainConfig(epochs=None, seconds=WORK_SECONDS, batch_size=128, lr=1e-3, precision="fp32")
    run = run_of(train, model=WORK, data=DIGITS)
    shares, alone = [], []
    with cluster() as made, home_on(made.address) as there, home_on("") as here:
        wait_for_nodes(there, "first")
        for _ in range(rounds):
            worker = _rate(here, run, lambda: [here.store.get(here.now).pid or 0])
            bridge = FileLock(there.store.home / setting.LOCK).owner() or 0
            node = made.nodes["first"].pid
            everything = _rate(there, run, lambda b=bridge, n=node: [b, *descendants(n)])
            shares.append(everything / worker)
            alone.append(worker)
    return [
        ("steps a processor second, of the local worker's", f"{statistics.median(shares):.2f}", "0.75"),
        ("  the local worker", f"{statistics.median(alone):,.0f} steps a processor second", ""),
    ]


def _rate(home: Any, run: Any, processes: Callable[[], list[int]]) -> float:
    """Steps a processor second of these processes while the run trains."""
    id = home.now = home.store.create(run)
    home.wait_for_step(id)
    steps, before = home.step(id), {pid: _cpu(pid) for pid in processes()}
    while home.state(id) in ACTIVE:
        last = home.step(id), {pid: _cpu(pid) for pid in processes()}
        time.sleep(0.2)
    used = sum(now - before.get(pid, 0.0) for pid, now in last[1].items() if pid)
    return float((last[0] - steps) / used)


def _cpu(pid: int) -> float:
    """Processor seconds of a process so far; 0 where it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def deaths(rounds: int) -> list[Row]:
    """A node is killed while two runs train on two nodes; then six runs, of which one node is killed in the middle."""
    noticed, resumed = [], []
    with cluster("second") as made, home_on(made.address) as home:
        for _ in range(rounds):
            wait_for_nodes(home, "first", "second")
            ids = [home.store.create(run_of(LONG)) for _ in range(2)]
            for id in ids:
                home.wait_for_save(id)
            killed = next(id for id in ids if home.store.get(id).node == "second")
            _stop(home, next(id for id in ids if id != killed))
            at = home.step(killed)
            made.kill("second")
            noticed.append(until(lambda id=killed: home.store.get(id).node != "second" or home.state(id) == "queued"))
            resumed.append(noticed[-1] + until(lambda id=killed, at=at: home.step(id) > at and home.store.get(id).node))
            _stop(home, killed)
            made.join("second")
        wait_for_nodes(home, "first", "second")
        six = _six(made, home)
    return [
        ("node killed: noticed", f"{statistics.median(noticed):.1f} s", "10 s"),
        ("node killed: resumed", f"{statistics.median(resumed):.1f} s", "40 s"),
        ("six runs, two nodes, one killed in the middle", six, "all done, weights as uninterrupted"),
    ]


def _six(made: RayCluster, home: RunHome) -> str:
    alone = home.store.create(run_of(EXACT))
    home.wait_for_end(alone)
    ids = [home.store.create(run_of(EXACT)) for _ in range(6)]
    until(lambda: any(home.store.get(id).node == "second" and "saved" in home.store.get(id).latest for id in ids))
    made.kill("second")
    for id in ids:
        home.wait_for_end(id)
    same = sum(equal_weights(home.weights(id), home.weights(alone)) for id in ids)
    return f"{len(ids)} done, {same} with the uninterrupted weights"


def cut(rounds: int) -> list[Row]:
    """The network to a node is cut, between two network namespaces."""
    what = "network cut: resumed elsewhere"
    if not network_cut.possible():
        return [(what, "not measured: no network namespaces can be made here", "20 s")]
    command = [sys.executable, "-m", "tests.helpers.network_cut", str(rounds)]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return [(what, f"{statistics.median(map(float, found)):.1f} s", "20 s")]


PARTS = {"delays": delays, "words": words, "work": work, "deaths": deaths, "cut": cut}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(PARTS), help="some of " + ", ".join(PARTS))
    options = parser.parse_args()
    for name in options.only.split(","):
        for what, found, bar in PARTS[name](options.rounds):
            print(f"{what:50} {found:40} {bar and f'bar {bar}'}", flush=True)


if __name__ == "__main__":
    main()
