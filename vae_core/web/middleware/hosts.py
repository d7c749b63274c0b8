"""Host names of this server, and the checks of a request's Host, Origin and addresses."""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from vae_core.errors import UserError
from vae_core.web.middleware.asgi import Message, header

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
# Headers of a proxy, which forwards the request of another machine.
FORWARDING = frozenset(
    b"forwarded via x-forwarded-for x-forwarded-host x-forwarded-proto x-forwarded-server x-forwarded-port"
    b" x-real-ip x-client-ip true-client-ip cf-connecting-ip".split()
)


def parse(authority: str) -> tuple[str, int | None] | None:
    """Host and port of "name:port", the host in lower case and normalised; None where it is not a valid host."""
    try:
        parts = urlsplit(f"//{authority}")
        port, name = parts.port, parts.hostname
    except ValueError:
        return None
    extra = parts.path or parts.query or parts.fragment or "@" in authority
    return None if extra or not name else (normalised(name.rstrip(".")), port)


def normalised(name: str) -> str:
    """An IP address in its shortest form, an IPv4-mapped one as IPv4; a name unchanged."""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name
    return str(getattr(address, "ipv4_mapped", None) or address)


def configured_names(hosts: str) -> frozenset[str]:
    """The names in the setting HOSTS, separated by commas or spaces; UserError for an invalid name."""
    names = {name: parse(name) for name in re.split(r"[,\s]+", hosts) if name}
    if wrong := next((name for name, found in names.items() if found is None or "*" in name), None):
        raise UserError(
            "'{wrong}' is not a host name: write names separated by commas, as in HOSTS=vae.school.example.",
            wrong=wrong,
        )
    return frozenset(found[0] for found in names.values() if found)


def own_names(address: str | None) -> frozenset[str]:
    """The names of this machine: localhost and, where it listens at `address` on its network, its address and host name."""
    if address is None:
        return LOOPBACK
    name = socket.gethostname().lower().removesuffix(".local")
    return LOOPBACK | {normalised(address.lower()), name, f"{name}.local"}


@dataclass(frozen=True)
class Hosts:
    """The host names that a request may use: the machine's own, and those that are configured in HOSTS.

    `proxied`: a proxy is in front, so that all requests come from this machine and none counts as local.
    `personal`: whoever reaches the server has logged in elsewhere and is its owner, as behind a JupyterHub; every name is accepted.
    """

    own: frozenset[str]
    configured: frozenset[str] = frozenset()
    proxied: bool = False
    personal: bool = False

    def accepts(self, scope: Message) -> bool:
        """Whether the request's Host is a name of this server; any other name may be an attack by DNS rebinding."""
        if self.personal:
            return True
        hosts = [value for key, value in scope["headers"] if key == b"host"]
        found = parse(hosts[0].decode("latin-1")) if len(hosts) == 1 else None
        return found is not None and (found[0] in self.configured or self._is_own(found[0], scope))

    def is_local(self, scope: Message) -> bool:
        """Whether the client runs on this machine: client and server have the same address, and no proxy is between them."""
        if self.proxied or self.personal:
            return self.personal
        peer = _address(scope, "client")
        here = peer != "" and (peer == _address(scope, "server") or _is_loopback(peer))
        found = parse(header(scope, b"host") or "")
        forwarded = any(key in FORWARDING for key, _ in scope["headers"])
        return here and found is not None and self._is_own(found[0], scope) and not forwarded

    def _is_own(self, name: str, scope: Message) -> bool:
        return name in self.own or name == _address(scope, "server")  # an address may be newer than the server's start


def _address(scope: Message, side: str) -> str:
    return normalised(str((scope.get(side) or ("",))[0]))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def same_origin(scope: Message) -> bool:
    """Whether the Origin header equals the Host, or is missing, as in requests that do not come from another site's page."""
    origin, host = header(scope, b"origin"), header(scope, b"host") or ""
    if origin is None:
        return True
    parts = urlsplit(origin)
    pair = [parse(parts.netloc), parse(host)]
    default = PORTS.get(parts.scheme)
    ours, theirs = [(found[0], found[1] or default) if found else None for found in pair]
    return parts.scheme in PORTS and ours is not None and ours == theirs
