"""`cluster`: this computer as the head or a node of a Ray cluster, and how the cluster of this home is."""

import argparse
import os
import secrets
import socket
from typing import Any

from vae_core.commands.argument_types import host, integer
from vae_core.commands.shared_arguments import home_argument
from vae_core.errors import UserError, reason
from vae_core.messages import Message
from vae_core.scheduling.capacity import training_places
from vae_core.scheduling.cluster import setting
from vae_core.scheduling.cluster.connection import answers, environment, token_file
from vae_core.translation.terminal import say
from vae_core.utils.paths import home as default_home

PORT = 6379
SERVERS = ("dashboard-agent-grpc", "dashboard-agent-listen", "metrics-export", "runtime-env-agent")


def add_cluster(sub: Any) -> None:
    """Add the sub-command and its own three."""
    parser = sub.add_parser("cluster", help=Message("train on other computers too, with Ray"))
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    head = actions.add_parser("head", help=Message("start a cluster, whose first node is this computer"))
    head.add_argument(
        "--host", type=host, default="127.0.0.1", help=Message("this computer's address for the other nodes")
    )
    head.add_argument("--port", type=integer(1, 65535), default=PORT, help=Message("default: 6379"))
    head.set_defaults(run=_head)
    join = actions.add_parser("join", help=Message("make this computer a node of a cluster"))
    join.add_argument("address", metavar="HOST:PORT", help=Message("where the cluster's head listens"))
    join.add_argument("--host", type=host, default="", help=Message("this computer's address for the other nodes"))
    join.set_defaults(run=_join)
    for one in (head, join):
        one.add_argument(
            "--places",
            type=integer(0, 4096),
            default=None,
            help=Message("how many runs may train here at once (default: the cores but one)"),
        )
        one.add_argument("--name", default="", help=Message("the name that pages show (default: the computer's)"))
    status = actions.add_parser("status", help=Message("the nodes of this home's cluster"))
    home_argument(status)
    status.set_defaults(run=_status)


def _head(arguments: argparse.Namespace) -> int:
    setting.need_extra()
    _check_address(arguments.host)
    _keep_token()
    print(
        say(
            Message(
                "The head of a cluster. On each other computer put the file {token} in the same place, readable by you alone, then "
                "run: latent-explorer cluster join {host}:{port}",
                token=token_file(),
                host=arguments.host,
                port=arguments.port,
            )
        ),
        flush=True,
    )
    return _start(
        arguments,
        arguments.host,
        "--head",
        f"--port={arguments.port}",
        f"--node-ip-address={arguments.host}",
        "--include-dashboard=false",
    )


def _join(arguments: argparse.Namespace) -> int:
    setting.need_extra()
    setting.split(arguments.address)
    _check_address(arguments.host)
    host = arguments.host or answers(arguments.address)
    if not host:
        raise UserError("The cluster at {address} does not answer.", address=arguments.address)
    return _start(arguments, host, f"--address={arguments.address}", f"--node-ip-address={host}")


def _check_address(host: str) -> None:
    """Raise UserError for an address that other nodes cannot use."""
    if host in ("0.0.0.0", "::"):
        raise UserError(
            "--host: {host} is no address that other computers can reach: name this computer's own.", host=host
        )


def _start(arguments: argparse.Namespace, host: str, *options: str) -> int:
    """Do as `ray start`, which stays in the foreground and ends all its processes with Ctrl-C."""
    os.environ.update(environment(host))
    from ray.scripts.scripts import start  # reads the environment

    places = training_places() if arguments.places is None else arguments.places
    name = [f"--node-name={arguments.name}"] if arguments.name else []
    # Ray waits for its own small servers for some seconds only, and not at all for ports that it is given.
    ports = [f"--{server}-port={free_port()}" for server in SERVERS]
    try:
        start.main([f"--num-cpus={places}", *name, *ports, *options, "--block", "--disable-usage-stats"])
    except Exception as error:  # noqa: BLE001  Ray raises plain exceptions
        why = str(error).partition("\n")[0][:200]
        raise UserError("Ray cannot start here ({why}).", why=why) from error
    return 0


def free_port() -> int:
    """A port on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("", 0))
        return int(probe.getsockname()[1])


def _keep_token() -> None:
    """Write a new token, which only this user can read, unless there is one."""
    path = token_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        return
    except OSError as error:
        raise UserError("{path} cannot be written ({why}).", path=path, why=reason(error)) from error


def _status(arguments: argparse.Namespace) -> int:
    home = default_home(arguments.home)
    found = setting.state(home)
    if found is None:
        print(say(Message("The runs of {home} train on this computer: no cluster is chosen.", home=home)))
        return 0
    if not found.connected:
        print(say(found.why))
        return 1
    for node in found.nodes:
        print(
            say(
                Message(
                    "{name}: {training} of {places} places train. {refused}",
                    name=node.name,
                    training=node.training,
                    places=node.places,
                    refused=node.refused,
                )
            ).rstrip()
        )
    return 0
