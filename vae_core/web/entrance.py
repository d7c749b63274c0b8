"""How the app is reached: from this machine alone, from a network with a room's code, or from elsewhere through a proxy."""

import ipaddress
import os
import re
import socket
from dataclasses import dataclass, replace
from pathlib import Path

from vae_core.errors import UserError, reason
from vae_core.room.access import Room, open_room
from vae_core.runs.users import secret_key
from vae_core.utils.paths import home as default_home
from vae_core.web.middleware.base_path import normalised
from vae_core.web.middleware.hosts import Hosts, configured_names, own_names

EVERYWHERE, LOCAL = ("0.0.0.0", "::"), ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Public:
    """How the app is reached from elsewhere.

    `hosts`: the names of its public origin, separated by commas. `room`: one of room.access.WISHES. `base`: the path below which a
    proxy offers it. `proxy`: the addresses of proxies whose X-Forwarded headers count. `cert` and `cert_key`: files for https.
    `socket`: a Unix socket to listen on instead of a port. `personal`: who reaches the server has logged in elsewhere, as its owner.
    """

    hosts: str = ""
    room: str = "auto"
    base: str = ""
    proxy: str = ""
    cert: str = ""
    cert_key: str = ""
    socket: str = ""
    personal: bool = False


ALONE = Public()


@dataclass(frozen=True)
class Entrance:
    """What the middleware needs of it: host names, the room that asks for a code if any, base path, cookies' key, socket."""

    hosts: Hosts
    room: Room | None
    base: str
    key: bytes
    url: str
    listening: socket.socket | None = None


def check(public: Public) -> None:
    """Raise UserError for options that do not go together, and for files that are not there."""
    if bool(public.cert) != bool(public.cert_key):
        raise UserError("https needs both --cert and --key: the certificate's file and that of its private key.")
    for option, path in (("--cert", public.cert), ("--key", public.cert_key)):
        if path and not Path(path).is_file():
            raise UserError("{option}: there is no file {path}.", option=option, path=path)
    if public.personal and not public.socket:
        raise UserError(
            "--personal needs --socket: every user of this machine could reach a port, and would have the owner's rights."
        )
    if public.socket and (public.cert or not hasattr(socket, "AF_UNIX")):
        raise UserError("--socket: a Unix socket has no https, and Windows has no Unix sockets; use --port.")
    if public.socket and Path(public.socket).exists():
        raise UserError(
            "--socket: there is something at {path} already; remove it, or choose another.", path=public.socket
        )
    for address in filter(None, re.split(r"[,\s]+", public.proxy)):
        try:
            ipaddress.ip_network(address, strict=False)
        except ValueError:
            raise UserError(
                "--proxy: '{address}' is not an address, as in --proxy 127.0.0.1.", address=address
            ) from None


def opened(host: str, port: int, public: Public) -> Entrance:
    """The server's host names, and its room where it can be reached from elsewhere; UserError where a name or the home is unusable."""
    known, key, base = allowed_hosts(host, public), _secret_key(), normalised(public.base)
    known = replace(known, proxied=bool(public.hosts or base or public.proxy or public.socket))
    here = host in LOCAL and not known.proxied
    room = None if here or public.personal else open_room(default_home(), key, public.room)
    url = address(host, port, public)
    return Entrance(known, room, base, key, url, unix_socket(Path(public.socket)) if public.socket else None)


def answers(path: Path) -> bool:
    """Whether a server listens on the Unix socket at this path."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def unix_socket(path: Path) -> socket.socket:
    """A socket that listens at a path, which only this user may open; UserError where it cannot be made there."""
    if path.is_socket() and not answers(path):
        path.unlink()  # left behind by a server that was killed
    listening = socket.socket(socket.AF_UNIX)
    mask = os.umask(0o177)
    try:
        listening.bind(str(path))
    except (OSError, ValueError) as error:
        listening.close()
        raise UserError(
            "--socket: {path} cannot be listened on ({why}): name a file that is not there, in a folder of yours.",
            path=path,
            why=reason(error),
        ) from error
    finally:
        os.umask(mask)
    listening.listen()
    listening.setblocking(False)
    return listening


def allowed_hosts(host: str, public: Public = ALONE) -> Hosts:
    """The host names that requests to a server on `host` may use; UserError for an invalid name in HOSTS."""
    reached = lan_address() if host in EVERYWHERE else host
    return Hosts(
        own_names(None if reached in LOCAL else reached), configured_names(public.hosts), personal=public.personal
    )


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


def lan_address() -> str | None:
    """This machine's address on its network, or None without a network; no packet is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1: a datagram socket only looks up the route
            found = str(probe.getsockname()[0])
        except OSError:
            return None
    return None if found.startswith("127.") else found


def address(host: str, port: int, public: Public = ALONE) -> str:
    """The URL to open in a browser for a server that listens on `host`; the public one where a name of it is given."""
    base, scheme = normalised(public.base), "https" if public.cert else "http"
    first = re.split(r"[,\s]+", public.hosts.strip())[0]
    if first and public.proxy:
        return f"https://{first}{base}"
    name = first or ((lan_address() or "127.0.0.1") if host in EVERYWHERE else host)
    return f"{scheme}://[{name}]:{port}{base}" if ":" in name else f"{scheme}://{name}:{port}{base}"
