"""Starts the web app: checks the port, prints the address with its QR code, and runs the server."""

import errno
import gc
import importlib
import os
import signal
import socket
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from vae_core.about import DISTRIBUTION
from vae_core.errors import UserError, reason
from vae_core.messages import Message
from vae_core.runs.users import secret_key
from vae_core.translation.terminal import say
from vae_core.utils.paths import app_root, app_settings, name_folder
from vae_core.utils.paths import home as default_home
from vae_core.web.file_descriptors import raise_limit
from vae_core.web.hosts import Hosts, configured_names, own_names
from vae_core.web.qr_code import for_terminal
from vae_core.web.streamlit_server import run

EVERYWHERE, LOCAL = ("0.0.0.0", "::"), ("127.0.0.1", "localhost", "::1")
SLOW_IMPORTS = ("torch", "plotly.graph_objects")


def serve(
    host: str = "127.0.0.1",
    port: int = 8501,
    home: str | Path | None = None,
    data_dir: str | Path | None = None,
    hosts: str = "",
    pictures: Sequence[str] = (),
) -> int:
    """Serve the app until Ctrl-C and return the exit status; UserError where the port, the home or the app cannot be used.

    `hosts`: other host names of this server that requests may use, separated by commas. `pictures`: folders and files of pictures
    that visitors may train on.
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
    check_port(host, port)
    raise_limit()
    known, key = allowed_hosts(host, hosts), _secret_key()
    signal.signal(signal.SIGINT, _end_at_once)  # until Streamlit has started and sets its own handler
    threading.Thread(target=_welcome, args=(host, port), daemon=True).start()
    run(script, settings(host, port), known, key)
    return 0


def _end_at_once(number: int, frame: Any) -> NoReturn:
    """Ctrl-C during the start: nothing is open yet, and an exception inside a library's import would print a stack trace."""
    os._exit(130)


def allowed_hosts(host: str, hosts: str = "") -> Hosts:
    """The host names that requests to a server on `host` may use; UserError for an invalid name in `hosts`."""
    reached = lan_address() if host in EVERYWHERE else host
    return Hosts(own_names(None if reached in LOCAL else reached), configured_names(hosts))


def _secret_key() -> bytes:
    home = default_home()
    try:
        return secret_key(home)
    except OSError as error:
        raise UserError(
            "The folder {home} cannot be written ({strerror}): set LATENT_HOME to another folder.",
            home=home,
            strerror=reason(error),
        ) from error


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


def lan_address() -> str | None:
    """This machine's address on its network, or None without a network; no packet is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1: a datagram socket only looks up the route
            found = str(probe.getsockname()[0])
        except OSError:
            return None
    return None if found.startswith("127.") else found


def address(host: str, port: int) -> str:
    """The URL to open in a browser for a server that listens on `host`."""
    name = (lan_address() or "127.0.0.1") if host in EVERYWHERE else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def welcome(host: str, port: int) -> str:
    """The text that the terminal shows once the app responds: its URL and, on a network, the URL as a QR code."""
    url = address(host, port)
    if host in LOCAL:
        return say(Message("Latent Explorer: {url} (this machine only; Ctrl-C ends it)", url=url))
    if host in EVERYWHERE and lan_address() is None:
        return say(Message("Latent Explorer: {url} (no network found; Ctrl-C ends it)", url=url))
    return (
        say(Message("Latent Explorer, open to your network: {url} (Ctrl-C ends it)", url=url))
        + f"\n{for_terminal(url)}"
    )


def _welcome(host: str, port: int) -> None:
    """Print the address as soon as the server responds, then import the libraries that the first page needs."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    while True:
        try:
            socket.create_connection((here, port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    print(welcome(host, port), flush=True)
    for name in SLOW_IMPORTS:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # the libraries' 500,000 objects are never garbage, so later collections skip them


def settings(host: str, port: int) -> dict[str, Any]:
    """The options of the app's config.toml and the server's address, by Streamlit's flat option names."""
    return _flat(app_settings()) | {"server.address": host, "server.port": port}


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return flat
