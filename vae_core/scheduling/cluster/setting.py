"""Which cluster a home's runs train on, and how it is: two small files in the home, so that every process of it agrees."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from vae_core.errors import UserError, reason
from vae_core.messages import Message, record, recorded
from vae_core.utils import strict_json
from vae_core.utils.files import read_file, write_atomically

SETTING, STATE, LOCK = "cluster.json", "cluster_state.json", "bridge.lock"
LARGEST = 2**20
ADDRESS = re.compile(r"(?P<host>[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):(?P<port>\d{1,5})")
FRESH = 8.0  # seconds after which the bridge counts as gone; it writes once a second


@dataclass(frozen=True)
class NodeState:
    """One node: its name, how many runs may train there and do, and why none may, "" where they may."""

    name: str
    places: int
    training: int
    refused: Message


@dataclass(frozen=True)
class ClusterState:
    """Whether the bridge is connected to the cluster, why it is not, and the cluster's nodes."""

    connected: bool
    why: Message
    nodes: tuple[NodeState, ...] = ()


def choose(home: Path, address: str) -> None:
    """Train this home's runs on the cluster at "host:port", or on this computer where it is "".

    Raises UserError for another address, without Ray, and where the home cannot be written.
    """
    path = home / SETTING
    try:
        if address:
            split(address)
            need_extra()
            write_atomically({path: json.dumps({"address": address}).encode()})
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(
            "{path} cannot be written ({why}): set LATENT_HOME to another folder.", path=path, why=reason(error)
        ) from error


def chosen(home: Path) -> str:
    """The address of the home's cluster, "" where there is none."""
    found = _table(home / SETTING).get("address")
    return found if isinstance(found, str) and ADDRESS.fullmatch(found) else ""


def split(address: str) -> tuple[str, int]:
    """Host and port of an address; UserError where it is none."""
    found = ADDRESS.fullmatch(address)
    if found is None or not 0 < int(found["port"]) < 65536:
        raise UserError(
            "'{address}' is not the address of a cluster: name a host and a port, as in 192.168.1.10:6379.",
            address=address[:80],
        )
    return found["host"].strip("[]"), int(found["port"])


def need_extra() -> None:
    """Raise UserError where Ray is not installed."""
    if find_spec("ray") is None:
        raise UserError(
            "A cluster needs the extra library Ray: run pip install 'vae-explorer[cluster]', or from a checkout "
            "make run EXTRAS=cluster."
        )


def write_state(home: Path, state: ClusterState) -> None:
    """Say how the cluster is; a full disk changes nothing."""
    nodes = [asdict(node) | {"refused": record(node.refused)} for node in state.nodes]
    content = {"at": time.time(), "connected": state.connected, "why": record(state.why), "nodes": nodes}
    write_atomically({home / STATE: json.dumps(content).encode()})


def state(home: Path) -> ClusterState | None:
    """How the home's cluster is, as its bridge wrote within the last seconds; None where the home has no cluster."""
    if not chosen(home):
        return None
    found = _table(home / STATE)
    try:
        if not time.time() - found["at"] < FRESH:
            return ClusterState(False, Message("The connection to the cluster is being made."))
        return ClusterState(found["connected"] is True, recorded(found["why"]), _nodes(found["nodes"]))
    except (KeyError, TypeError, ValueError):
        return ClusterState(False, Message("The connection to the cluster is being made."))


def _nodes(found: Sequence[Mapping[str, Any]]) -> tuple[NodeState, ...]:
    return tuple(
        NodeState(str(one["name"]), int(one["places"]), int(one["training"]), recorded(one["refused"])) for one in found
    )


def _table(path: Path) -> dict[str, Any]:
    try:
        found = strict_json.parse(read_file(path, LARGEST).decode())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
