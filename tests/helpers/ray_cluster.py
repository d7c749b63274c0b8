"""A real Ray cluster on this computer's loopback interface, whose nodes are started by the app's own command."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from tests.helpers.run_helpers import until
from vae_core.scheduling.cluster.connection import ALONE, HEALTH

# Ray lets only a head listen to its own computer alone; for a second node it puts the address in the network in place of 127.0.0.1.
APP = ["-m", "vae_core"]
COMPLETE = "--block"  # in what Ray prints once a node is complete
ON_LOOPBACK = """
import sys
from ray._private import services
services.resolve_ip_for_localhost = str
from vae_core.__main__ import main
sys.exit(main())
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RayCluster:
    """Nodes by name; `environment` is that of every process which belongs to the cluster."""

    def __init__(self, host="127.0.0.1"):
        self.folder = Path(tempfile.mkdtemp(prefix="ray-"))  # short, because Ray's sockets lie in it
        self.address = f"{host}:{free_port()}"
        self.environment = HEALTH | {
            "RAY_AUTH_TOKEN_PATH": str(self.folder / "token"),
            "RAY_raylet_start_wait_time_s": "45",
            "RAY_AUTH_MODE": "token",
            "RAY_TMPDIR": str(self.folder),
            "RAY_object_store_memory": "100000000",
            "RAY_worker_niceness": "0",  # by default other programs go first, and these tests wait
        }
        self.nodes = {}
        host, port = self.address.split(":")
        self.start("first", "head", "--host", host, "--port", port)

    def join(self, name, host="127.0.0.1", cwd=None, within=()):
        """Add a node, whose processes import the modules of the folder `cwd`, where one is given, and run `within` a program."""
        program = ["-c", ON_LOOPBACK] if host == "127.0.0.1" else APP
        self.start(name, "join", self.address, "--host", host, program=program, cwd=cwd, within=within)

    def start(self, name, *arguments, program=APP, cwd=None, within=()):
        command = [*within, sys.executable, *program, "cluster", *arguments, "--name", name, "--places", "1"]
        for _ in range(5):  # Ray gives its own servers 15 seconds, which a busy computer may not have
            log = self.folder / f"{name}.log"
            with log.open("wb") as file:
                node = subprocess.Popen(
                    command,
                    env=os.environ | self.environment | ({} if program is APP else {ALONE: "1"}),
                    cwd=cwd,
                    start_new_session=True,
                    stdout=file,
                    stderr=file,
                    stdin=subprocess.DEVNULL,
                )
            self.nodes[name] = node
            until(lambda node=node, log=log: node.poll() is not None or COMPLETE in log.read_text())
            if node.poll() is None:
                return
            self.kill(name)
        raise RuntimeError(f"the node {name} did not start:\n{log.read_text()[-2000:]}")

    def kill(self, name):
        """End all processes of a node at once, as a power cut does."""
        node = self.nodes.pop(name)
        for pid in [node.pid, *descendants(node.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        node.wait()

    def close(self):
        for name in list(self.nodes):
            self.kill(name)
        shutil.rmtree(self.folder, ignore_errors=True)


def descendants(pid):
    """The processes that a process has started, and those that these have, and what is left of its session where it has ended."""
    parents, found = {}, set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            _, parent, _, session, *_ = stat.read_text().rpartition(")")[2].split()
            parents.setdefault(int(parent), []).append(int(stat.parent.name))
            if int(session) == pid:
                found.add(int(stat.parent.name))
    todo = [pid, *found]
    while todo:
        children = set(parents.get(todo.pop(), [])) - found
        found |= children
        todo += children
    return found - {pid}
