"""Starts the web app: checks the port, prints the address with its QR code, and runs the server."""

import errno
import os
import signal
import socket
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from vae_core.about import DISTRIBUTION
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.room.access import Room
from vae_core.runs.store import Store
from vae_core.scheduling.cluster import setting
from vae_core.utils.paths import app_root, app_settings, name_folder
from vae_core.web import slow_imports
from vae_core.web.entrance import ALONE, Public, check, opened
from vae_core.web.file_descriptors import raise_limit
from vae_core.web.streamlit_server import run
from vae_core.web.welcome import welcome


def serve(
    host: str = "127.0.0.1",
    port: int = 8501,
    home: str | Path | None = None,
    data_dir: str | Path | None = None,
    public: Public = ALONE,
    pictures: Sequence[str] = (),
    cluster: str = "",
) -> int:
    """Serve the app until Ctrl-C and return the exit status; UserError where the port, the home or the app cannot be used.

    `pictures`: folders and files of pictures that visitors may train on. `cluster`: the address of the cluster that trains, "" for
    this computer.
    """
    script = app_root() / "app.py"
    if not script.is_file():
        again = f"pip install --force-reinstall --no-deps {DISTRIBUTION}"
        raise UserError(
            "The app's pages are missing: there is no {script}. Install them again: {again}", script=script, again=again
        )
    for name, folder in (("LATENT_HOME", home), ("LATENT_DATA", data_dir)):
        if folder is not None:
            os.environ[name] = str(Path(folder).expanduser().resolve())
    for path in pictures:
        if not Path(path).exists():
            raise UserError("--pictures: there is nothing at {path}.", path=path)
        name_folder(Path(path))
    check(public)
    if not public.socket:
        check_port(host, port)
    setting.choose(Store().home, cluster)
    raise_limit()
    entrance = opened(host, port, public)
    os.environ["FORWARDED_ALLOW_IPS"] = (
        public.proxy
    )  # read by uvicorn, which otherwise believes every process of this machine
    signal.signal(signal.SIGINT, _end_at_once)  # until Streamlit has started and sets its own handler
    threading.Thread(target=_welcome, args=(host, port, public, entrance.room), daemon=True).start()
    run(script, settings(host, port, public), entrance)
    return 0


def _end_at_once(number: int, frame: Any) -> NoReturn:
    """Ctrl-C during the start: nothing is open yet, and an exception inside a library's import would print a stack trace."""
    os._exit(130)


def check_port(host: str, port: int) -> None:
    """Raise UserError, with advice, unless a server can listen on `port` at `host`."""
    if not 0 < port < 65536:
        raise UserError("Port {port} does not exist: choose one from 1024 to 65535.", port=port)
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        raise UserError(_refusal(host, port, error)) from error


def _refusal(host: str, port: int, error: OSError) -> Message:
    if error.errno == errno.EADDRINUSE:
        return Message(
            "Port {port} is in use, perhaps by this app already: close it or choose another, as in PORT={next}.",
            port=port,
            next=port + 1,
        )
    if error.errno == errno.EACCES:
        return Message(
            "Port {port} is reserved for administrators: choose one from 1024 to 65535, as in PORT=8501.", port=port
        )
    return Message(
        "{host} is not an address of this machine: use HOST=127.0.0.1, or HOST=0.0.0.0 for your network.", host=host
    )


def _welcome(host: str, port: int, public: Public, room: Room | None) -> None:
    """Print the address as soon as the server responds; see `slow_imports` for what follows."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    while not (_socket_responds(public.socket) if public.socket else _port_answers(here, port)):
        time.sleep(0.05)
    print(welcome(host, port, public, room), flush=True)
    slow_imports.before_the_first_page(app_root() / "app.py")


def _socket_responds(path: str) -> bool:
    """Whether a server at this Unix socket has answered a request: it listens before the server's own imports are over.

    Imports in two threads at once can wait for each other for ever.
    """
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
            probe.sendall(b"GET /_stcore/health HTTP/1.0\r\n\r\n")
            return probe.recv(1) != b""
        except OSError:
            return False


def _port_answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def settings(host: str, port: int, public: Public = ALONE) -> dict[str, Any]:
    """The options of the app's config.toml, the server's address and its certificate, by Streamlit's flat option names."""
    found = _flat(app_settings()) | {"server.address": host, "server.port": port}
    if public.cert:
        found |= {"server.sslCertFile": public.cert, "server.sslKeyFile": public.cert_key}
    return found


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return flat
