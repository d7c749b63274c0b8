"""The connection of the bridge to Ray: never without the cluster's token, and noticed within seconds when the head is gone."""

import logging
import os
import socket
import stat
from collections.abc import Mapping
from pathlib import Path

from vae_core.errors import UserError
from vae_core.scheduling.cluster.setting import need_extra, split

# Ray's own settings, read by every process of it: a node that does not answer for some seconds is gone.
HEALTH = {
    "RAY_health_check_initial_delay_ms": "1000",
    "RAY_health_check_period_ms": "1000",
    "RAY_health_check_timeout_ms": "2000",
    "RAY_health_check_failure_threshold": "3",
    "RAY_gcs_rpc_server_reconnect_timeout_s": "10",
    "RAY_raylet_start_wait_time_s": "120",
    "RAY_USAGE_STATS_ENABLED": "0",
}
# Read by Ray: with "0" a node with the address 127.0.0.1 keeps it; otherwise Ray takes that in the network, and listens to everybody.
ALONE = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
PROBE_SECONDS = 1.0


def token_file() -> Path:
    """Where the cluster's token lies: $RAY_AUTH_TOKEN_PATH, else where Ray itself looks."""
    return Path(os.environ.get("RAY_AUTH_TOKEN_PATH") or Path.home() / ".ray" / "auth_token")


def environment(host: str) -> Mapping[str, str]:
    """The environment in which the processes of Ray start on a node with this address.

    Raises UserError without the token, or where others can read it.
    """
    path = token_file()
    if not path.is_file():
        raise UserError(
            "There is no token of a cluster at {path}: copy the file of that name from the computer that started the cluster, "
            "readable by you alone.",
            path=path,
        )
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UserError("Others can read the cluster's token: run chmod 600 {path}.", path=path)
    # A node imports its own copy of this package, wherever it lies, so that the handshake speaks of what it trains with.
    modules = os.pathsep.join(filter(None, (str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH"))))
    own = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN_PATH": str(path), "PYTHONPATH": modules}
    if host == "127.0.0.1" and ALONE not in os.environ:
        own[ALONE] = "0"
    return {**HEALTH, **os.environ, **own}


def answers(address: str) -> str:
    """By which address of this computer something is reached that listens at `address`; "" where nothing answers."""
    try:
        with socket.create_connection(split(address), timeout=PROBE_SECONDS) as probe:
            return str(probe.getsockname()[0])
    except OSError:
        return ""


def connect(address: str) -> None:
    """Connect this process to the cluster, once; UserError with what to do where that fails."""
    need_extra()
    if not (here := answers(address)):
        raise UserError("The cluster at {address} does not answer.", address=address)
    os.environ.update(environment(here))
    os.chdir(os.sep)  # every node would look for modules in the working folder of this process first
    import ray
    from ray.exceptions import AuthenticationError

    try:
        ray.init(
            address=address,
            namespace="latent-explorer",
            log_to_driver=False,
            logging_level=logging.ERROR,
            _node_ip_address=here,  # otherwise Ray guesses it by a packet to the internet
        )
    except AuthenticationError:
        raise UserError(
            "The cluster at {address} does not accept the token in {path}: copy the file from the computer that started it.",
            address=address,
            path=token_file(),
        ) from None
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise UserError(
            "The cluster at {address} cannot be used from this computer ({why}). This computer must be one of its nodes: run "
            "latent-explorer cluster join {address} --places 0 here.",
            address=address,
            why=str(error).partition("\n")[0][:200],
        ) from error
