"""Start the web app: one address, on this machine only or open to the class's network."""

import errno
import gc
import importlib
import io
import os
import signal
import socket
import threading
import time
import tomllib
from pathlib import Path
from typing import Any, NoReturn

from vae_core.about import DISTRIBUTION
from vae_core.errors import UserError
from vae_core.runs.persons import home_key
from vae_core.utils.paths import app_root
from vae_core.utils.paths import home as default_home
from vae_core.web.descriptors import raise_limit
from vae_core.web.hosts import Hosts, added, own
from vae_core.web.server import run

EVERYWHERE, LOCAL = ("0.0.0.0", "::"), ("127.0.0.1", "localhost", "::1")
HEAVY = ("torch", "plotly.graph_objects")


def serve(
    host: str = "127.0.0.1",
    port: int = 8501,
    home: str | Path | None = None,
    data_dir: str | Path | None = None,
    hosts: str = "",
) -> int:
    """Serve the app until Ctrl-C; the exit status, or UserError where the port, the home or the app is not to be had.

    `hosts`: other names of this server, with commas between, that requests may call it by.
    """
    script = app_root() / "app.py"
    if not script.is_file():
        again = f"pip install --force-reinstall --no-deps {DISTRIBUTION}"
        raise UserError(f"The app's pages are missing: there is no {script}. Install them again: {again}")
    for name, folder in (("LATENT_HOME", home), ("LATENT_DATA", data_dir)):
        if folder is not None:
            os.environ[name] = str(Path(folder).expanduser().resolve())
    check_port(host, port)
    raise_limit()
    known, key = names(host, hosts), _home_key()
    signal.signal(
        signal.SIGINT, _end_at_once
    )  # until Streamlit, which can be told to end once it answers, puts its own
    threading.Thread(target=_welcome, args=(host, port), daemon=True).start()
    run(script, settings(host, port), known, key)
    return 0


def _end_at_once(number: int, frame: Any) -> NoReturn:
    """Ctrl-C while it starts: nothing is open yet, and an exception in the middle of the libraries' start prints their traces."""
    os._exit(130)


def names(host: str, hosts: str = "") -> Hosts:
    """What requests may call a server that listens on `host`; UserError for what cannot be a name."""
    reached = lan_address() if host in EVERYWHERE else host
    return Hosts(own(None if reached in LOCAL else reached), added(hosts))


def _home_key() -> bytes:
    home = default_home()
    try:
        return home_key(home)
    except OSError as error:
        raise UserError(
            f"The folder {home} cannot be written ({error.strerror}): set LATENT_HOME to one that can."
        ) from error


def check_port(host: str, port: int) -> None:
    """Raise UserError, with the way out, unless `port` can be listened on at `host`."""
    if not 0 < port < 65536:
        raise UserError(f"Port {port} does not exist: choose one from 1024 to 65535.")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        raise UserError(_refusal(host, port, error)) from error


def _refusal(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use, perhaps by this app already: close it or choose another, as in PORT={port + 1}."
    if error.errno == errno.EACCES:
        return f"Port {port} is not for ordinary users: choose one from 1024 to 65535, as in PORT=8501."
    return f"{host} is not an address of this machine: use HOST=127.0.0.1, or HOST=0.0.0.0 for your network."


def lan_address() -> str | None:
    """This machine's address on its network, or None without one; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1: a datagram socket only looks up the route
            found = str(probe.getsockname()[0])
        except OSError:
            return None
    return None if found.startswith("127.") else found


def address(host: str, port: int) -> str:
    """The address to type into a browser for a server that listens on `host`."""
    name = (lan_address() or "127.0.0.1") if host in EVERYWHERE else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def welcome(host: str, port: int) -> str:
    """What the terminal says once the app answers: its address and, for a network, the address as a QR code."""
    url = address(host, port)
    if host in LOCAL:
        return f"Latent Explorer: {url} (this machine only; Ctrl-C ends it)"
    if host in EVERYWHERE and lan_address() is None:
        return f"Latent Explorer: {url} (no network found; Ctrl-C ends it)"
    return f"Latent Explorer, open to your network: {url} (Ctrl-C ends it)\n{_qr(url)}"


def _qr(url: str) -> str:
    import segno

    text = io.StringIO()
    segno.make(url, micro=False).terminal(text, compact=True)
    return text.getvalue()


def _welcome(host: str, port: int) -> None:
    """Print the address as soon as it answers, then import what the first page needs."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    while True:
        try:
            socket.create_connection((here, port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    print(welcome(host, port), flush=True)
    for name in HEAVY:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # the libraries' half a million objects are never garbage: later collections need not visit them


def settings(host: str, port: int) -> dict[str, Any]:
    """The app's config.toml with this server's own settings, as Streamlit's flat option names."""
    with open(app_root() / ".streamlit" / "config.toml", "rb") as file:
        options = _flat(tomllib.load(file))
    return options | {"server.address": host, "server.port": port}


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return flat
