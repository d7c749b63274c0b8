"""Seats: actors on the cluster's nodes, each started before a run needs it, and used once its node has the same versions."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import ray
from ray.exceptions import RayError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from vae_core.messages import Message
from vae_core.scheduling.cluster.setting import NodeState
from vae_core.scheduling.cluster.trainer_actor import Trainer
from vae_core.scheduling.cluster.versions import difference, own

RUNS_PER_GPU = 4
NOTHING = Message("")
# Never started again by Ray: a run goes on from the state in its own folder, perhaps elsewhere. Words have a thread of their own.
OPTIONS: dict[str, Any] = {"max_restarts": 0, "max_task_retries": 0, "concurrency_groups": {"words": 1}}
ACTOR: Any = ray.remote(**OPTIONS)(Trainer)


@dataclass(frozen=True)
class Node:
    """A living node: how many runs may train there at once, and its share of a GPU for each, 0 without one."""

    id: str
    name: str
    places: int
    gpu: float


def nodes() -> list[Node]:
    """The living nodes that have processors to give."""
    found = [_node(one) for one in ray.nodes() if one["Alive"]]
    return [node for node in found if node.places]


def _node(one: dict[str, Any]) -> Node:
    cpus, gpus = int(one["Resources"].get("CPU", 0)), int(one["Resources"].get("GPU", 0))
    places = min(cpus, RUNS_PER_GPU * gpus) if gpus else cpus
    return Node(one["NodeID"], _name(one), places, min(1.0, gpus / places) if gpus and places else 0.0)


def _name(one: dict[str, Any]) -> str:
    """The name that was given to the node, or else its computer's."""
    with suppress(ValueError):
        ipaddress.ip_address(one["NodeName"])
        return str(one["NodeManagerHostname"])
    return str(one["NodeName"])


@dataclass
class Seat:
    """An actor, and its answer to the handshake; `ready` once that has come and is right."""

    node: Node
    actor: Any
    hello: Any
    ready: bool = False
    taken: bool = False


class Seats:
    """All seats of this bridge. On every node one more than are taken is kept ready, while the node has processors."""

    def __init__(self) -> None:
        self.here = own()
        self.nodes: list[Node] = []
        self.seats: list[Seat] = []
        self.refused: dict[str, Message] = {}  # by the node's id, which is another one after it has been started again

    def update(self, waiting: int) -> None:
        """Look at the nodes, take up actors that have answered, and start others, for so many waiting runs."""
        self.nodes = nodes()
        alive = {node.id for node in self.nodes}
        self.seats = [seat for seat in self.seats if seat.taken or seat.node.id in alive]
        for seat in [seat for seat in self.seats if not seat.ready]:
            self._hear(seat)
        wanted = max(1, waiting)  # seats beside those that are taken, over all nodes
        for node in sorted(self.nodes, key=self._free, reverse=True):
            idle = sum(not seat.taken for seat in self.seats if seat.node.id == node.id)
            share = min(self._free(node), -(-wanted // max(1, len(self.nodes)))) - idle
            if node.id not in self.refused:
                self.seats += [self._start(node) for _ in range(share)]

    def take(self, needs_gpu: bool | None) -> Seat | None:
        """A ready seat on the node with the most free places; with `needs_gpu` one with or without a GPU."""
        free = [
            seat
            for seat in self.seats
            if seat.ready and not seat.taken and (needs_gpu is None or bool(seat.node.gpu) == needs_gpu)
        ]
        return max(free, key=lambda seat: self._free(seat.node), default=None)

    def leave(self, seat: Seat) -> None:
        """End a seat's actor."""
        seat.taken = False
        self.seats = [one for one in self.seats if one is not seat]
        with suppress(RayError):
            ray.kill(seat.actor)

    def state(self) -> tuple[NodeState, ...]:
        """The nodes as pages show them."""
        return tuple(
            NodeState(node.name, node.places, self._taken(node), self.refused.get(node.id, NOTHING))
            for node in self.nodes
        )

    def _taken(self, node: Node) -> int:
        return sum(seat.taken for seat in self.seats if seat.node.id == node.id)

    def _free(self, node: Node) -> int:
        return node.places - self._taken(node)

    def _start(self, node: Node) -> Seat:
        where = NodeAffinitySchedulingStrategy(node.id, soft=False)
        actor = ACTOR.options(num_cpus=1, num_gpus=node.gpu, scheduling_strategy=where).remote()
        return Seat(node, actor, actor.hello.remote())

    def _hear(self, seat: Seat) -> None:
        """Take up an actor's answer, if it has come."""
        if not ray.wait([seat.hello], timeout=0)[0]:
            return
        try:
            why = difference(ray.get(seat.hello), self.here)
        except RayError as error:
            why = _why_none(error)
        if why is None:
            seat.ready = True
            return
        self.refused[seat.node.id] = why
        self.leave(seat)


def _why_none(error: RayError) -> Message:
    said = next((line for line in str(error).splitlines() if "Error: " in line), str(error).partition("\n")[0])
    if "No module named" in said:
        return Message(
            "Not used, since Latent Explorer is not installed there as it is here ({error}).", error=said.strip()[:200]
        )
    return Message("Not used, since a training process cannot start there ({error}).", error=said.strip()[:200])
