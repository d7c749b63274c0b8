"""The real server, started as a person starts it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NAME = "Latent Explorer"  # stands in what the terminal shows once the app responds
ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port that no process listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A running `python -m vae_core serve` with its own home folder; `log` is its output so far."""

    home: Path
    data: Path | None
    port: int
    process: subprocess.Popen[bytes]
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.home / "server.log").read_text()

    @property
    def room(self) -> dict[str, str]:
        """What opens the room of a server that others can reach: the class's `code` and the teacher's `key`."""
        kept: dict[str, str] = json.loads((self.home / "room.json").read_text())
        return kept

    def complaints(self) -> list[str]:
        """The lines of the log without those that show the address and its QR code."""
        lines = [line for line in self.log.splitlines() if line.strip() and not set(line) <= set("█▀▄ ")]
        return [line for line in lines if NAME not in line and "/?teacher=" not in line]

    def stop(self, sign: signal.Signals = signal.SIGINT) -> int:
        """End the server as Ctrl-C does, and return its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(sign)
        try:
            return self.process.wait(timeout=180)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


PROGRAM = (sys.executable, "-m", "vae_core")


def start(
    home: Path,
    data: Path | None = None,
    port: int | None = None,
    hosts: str = "",
    options: Sequence[str] = (),
    scheme: str = "http",
    program: Sequence[str] = PROGRAM,
    cwd: Path = ROOT,
) -> Server:
    """Start the server, with other host names and further options if given, and wait until it has printed its address.

    `program` and `cwd`: the installed command and its working folder, to test an installed package instead of this checkout.
    """
    port = port or free_port()
    environment = {name: value for name, value in os.environ.items() if name != "LATENT_DATA"}
    environment |= {"LATENT_HOME": str(home), "OMP_NUM_THREADS": "1"}
    if data is not None:
        environment["LATENT_DATA"] = str(data)
    command = [*program, "serve", "--port", str(port), "--hosts", hosts, *options]
    with open(home / "server.log", "wb") as log:
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=log, stderr=subprocess.STDOUT)
    server = Server(home, data, port, process, scheme)
    deadline = time.monotonic() + 180  # the machine may be busy with other work
    while NAME not in server.log:
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise RuntimeError(f"the server did not start:\n{server.log}")
        time.sleep(0.05)
    return server


@contextmanager
def script(path: Path, home: Path) -> Iterator[str]:
    """Serve one script in the app's place; yields its address. The log must contain no stack trace at the end."""
    port, log = free_port(), home / "server.log"
    command = [sys.executable, "-m", "tests.browser.one_script", str(path), str(port)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "LATENT_HOME": str(home)}
    with open(log, "wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    _answers(f"{address}/_stcore/health", process)
    try:
        yield address
    finally:
        process.terminate()
        process.wait(timeout=180)
    assert "Traceback" not in log.read_text()


def _answers(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 180  # as above
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server did not start"
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise TimeoutError(address)
