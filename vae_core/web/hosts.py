"""Names of this server, as a request's Host and Origin give them."""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from vae_core.errors import UserError
from vae_core.web.asgi import Message, header

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
# Who adds one of these passes on what another machine has asked.
FORWARDING = frozenset(
    b"forwarded via x-forwarded-for x-forwarded-host x-forwarded-proto x-forwarded-server x-forwarded-port"
    b" x-real-ip x-client-ip true-client-ip cf-connecting-ip".split()
)


def parse(authority: str) -> tuple[str, int | None] | None:
    """Host and port of "name:port": in lower case, an address in its shortest form; None for what is no host."""
    try:
        parts = urlsplit(f"//{authority}")
        port, name = parts.port, parts.hostname
    except ValueError:
        return None
    extra = parts.path or parts.query or parts.fragment or "@" in authority
    return None if extra or not name else (shortest(name.rstrip(".")), port)


def shortest(name: str) -> str:
    """An address in the one form that it is compared in; a name as it is."""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name
    return str(getattr(address, "ipv4_mapped", None) or address)


def added(words: str) -> frozenset[str]:
    """The names in HOSTS; UserError for what cannot be one."""
    names = {word: parse(word) for word in re.split(r"[,\s]+", words) if word}
    if wrong := next((word for word, found in names.items() if found is None or "*" in word), None):
        raise UserError(f"'{wrong}' is no host name: write names with commas between, as in HOSTS=vae.school.example.")
    return frozenset(found[0] for found in names.values() if found)


def own(address: str | None) -> frozenset[str]:
    """What this machine is called: on itself, and at `address` on its network."""
    if address is None:
        return LOOPBACK
    name = socket.gethostname().lower().removesuffix(".local")
    return LOOPBACK | {shortest(address.lower()), name, f"{name}.local"}


@dataclass(frozen=True)
class Hosts:
    """The names that a request may call this server by: the machine's own, and those that its owner added."""

    own: frozenset[str]
    added: frozenset[str] = frozenset()

    def knows(self, scope: Message) -> bool:
        """Whether the request is for this server: a foreign name may be one that was pointed at this machine (DNS rebinding)."""
        hosts = [value for key, value in scope["headers"] if key == b"host"]
        found = parse(hosts[0].decode("latin-1")) if len(hosts) == 1 else None
        return found is not None and (found[0] in self.added or self._is_own(found[0], scope))

    def at_machine(self, scope: Message) -> bool:
        """Whether the browser runs on this machine: the two ends have one address, and no proxy stands between."""
        peer = _end(scope, "client")
        here = peer != "" and (peer == _end(scope, "server") or _is_loopback(peer))
        found = parse(header(scope, b"host") or "")
        passed_on = any(key in FORWARDING for key, _ in scope["headers"])
        return here and found is not None and self._is_own(found[0], scope) and not passed_on

    def _is_own(self, name: str, scope: Message) -> bool:
        return name in self.own or name == _end(scope, "server")  # also an address that it has only got since its start


def _end(scope: Message, side: str) -> str:
    return shortest(str((scope.get(side) or ("",))[0]))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def same_origin(scope: Message) -> bool:
    """Whether no other page sent the request: what browsers say of themselves in Origin is the Host; others say nothing."""
    origin, host = header(scope, b"origin"), header(scope, b"host") or ""
    if origin is None:
        return True
    parts = urlsplit(origin)
    pair = [parse(parts.netloc), parse(host)]
    default = PORTS.get(parts.scheme)
    ours, theirs = [(found[0], found[1] or default) if found else None for found in pair]
    return parts.scheme in PORTS and ours is not None and ours == theirs
