"""A real Ray cluster on this computer's loopback interface, its nodes started by the app's own command, each in a session of its own."""

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


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RayCluster:
    """Nodes by name; `environment` is that of every process which belongs to the cluster."""

    def __init__(self, places=1):
        self.folder = Path(tempfile.mkdtemp(prefix="ray-"))  # short, because Ray's sockets lie in it
        self.address = f"127.0.0.1:{free_port()}"
        self.environment = {
            "RAY_AUTH_TOKEN_PATH": str(self.folder / "token"),
            "RAY_TMPDIR": str(self.folder),
            "RAY_object_store_memory": "100000000",
        }
        self.nodes = {}
        host, port = self.address.split(":")
        self.start("first", "head", "--host", host, "--port", port, places=places)
        until(lambda: self._listens(port))

    def join(self, name, places=1, **environment):
        """Add a node; the environment is that of its processes only."""
        self.start(name, "join", self.address, "--host", "127.0.0.1", places=places, **environment)

    def start(self, name, *arguments, places, **environment):
        command = [sys.executable, "-m", "vae_core", "cluster", *arguments, "--name", name, "--places", str(places)]
        log = (self.folder / f"{name}.log").open("ab")
        self.nodes[name] = subprocess.Popen(
            command,
            env=os.environ | self.environment | environment,
            start_new_session=True,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )

    def kill(self, name):
        """End all processes of a node at once, as a power cut does."""
        node = self.nodes.pop(name)
        for pid in [node.pid, *_descendants(node.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        node.wait()

    def close(self):
        for name in list(self.nodes):
            self.kill(name)
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def _listens(port):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", int(port))) == 0


def _descendants(pid):
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, todo = [], [pid]
    while todo:
        children = parents.get(todo.pop(), [])
        found += children
        todo += children
    return found
