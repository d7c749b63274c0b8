"""A cluster of two network namespaces, whose connection is cut while a run trains in the other one.

python -m tests.helpers.network_cut ROUNDS prints, for each round, the seconds from the cut to the first step elsewhere; each run ends
with the weights of an uninterrupted one. It needs Linux, the program ip, and the rights to make namespaces; see `possible`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.helpers.ray_cluster import RayCluster
from tests.helpers.run_helpers import LONG, RunHome, equal_weights, run_of, until
from vae_core.config import TrainConfig
from vae_core.scheduling.cluster import setting

EXACT = TrainConfig(epochs=500, batch_size=64, lr=1e-3)
OWN, OTHER = "10.77.31.1", "10.77.31.2"


def possible():
    """Whether network namespaces can be made here."""
    made = ["unshare", "--net", "true"]
    return shutil.which("ip") and shutil.which("unshare") and subprocess.run(made, capture_output=True).returncode == 0


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def main(rounds):
    if (
        "INSIDE" not in os.environ
    ):  # in a network namespace of its own, and as the first process, with which all others end
        command = ["unshare", "--net", "--pid", "--fork", "--mount-proc", "--kill-child"]
        again = [*command, sys.executable, "-m", "tests.helpers.network_cut", str(rounds)]
        return subprocess.call(again, env=os.environ | {"INSIDE": "1"})
    holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])  # its namespace is the other computer
    ip("link", "set", "lo", "up")
    until(lambda: os.readlink(f"/proc/{holder.pid}/ns/net") != os.readlink("/proc/self/ns/net"))
    ip("link", "add", "here", "type", "veth", "peer", "name", "there", "netns", str(holder.pid))
    within = ["nsenter", "--net", "--target", str(holder.pid)]
    for words in (
        ["addr", "add", f"{OTHER}/24", "dev", "there"],
        ["link", "set", "there", "up"],
        ["link", "set", "lo", "up"],
    ):
        subprocess.run([*within, "ip", *words], check=True)
    ip("addr", "add", f"{OWN}/24", "dev", "here")
    ip("link", "set", "here", "up")
    cluster = RayCluster(OWN)
    os.environ.update(cluster.environment)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = RunHome(Path(folder))
        setting.choose(home.store.home, cluster.address)
        home.start_scheduler()
        try:
            alone = home.store.create(run_of(EXACT))
            home.wait_for_end(alone)
            for n in range(rounds):
                print(round_(home, cluster, f"other{n}", within, alone), flush=True)
        finally:
            home.close()
            cluster.close()
    holder.kill()
    return 0


def round_(home, cluster, name, within, alone):
    """Seconds from the cut until the run that trained beyond it makes a step on this side."""
    cluster.join(name, OTHER, within=within)
    until(lambda: {node.name for node in setting.state(home.store.home).nodes} == {"first", name})
    fillers = [home.store.create(run_of(LONG)) for _ in range(2)]
    for id in fillers:
        home.wait_for_step(id)
    here, there = sorted(fillers, key=lambda id: home.store.get(id).node != "first")
    stop(home, there)
    beyond = home.store.create(run_of(EXACT))
    home.wait_for_save(beyond)
    assert home.store.get(beyond).node == name
    stop(home, here)
    ip("link", "set", "here", "down")
    seconds = until(lambda: home.store.get(beyond).node == "first" and home.step(beyond) > 0)
    home.wait_for_end(beyond)
    assert equal_weights(home.weights(beyond), home.weights(alone))
    ip("link", "set", "here", "up")
    cluster.kill(name)
    return seconds


def stop(home, id):
    home.store.command(id, "stop")
    home.wait_for_end(id, "stopped")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
