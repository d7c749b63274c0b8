"""The store of background runs: their database, states, owners, quotas, deletion and recovery. Processes are in `scheduling`."""

from vae_core.runs.curves import Series
from vae_core.runs.heartbeat_and_recovery import RESTARTS
from vae_core.runs.state_machine import ACTIVE, COMMANDS, TRANSITIONS
from vae_core.runs.store import RunRow, Store

__all__ = ["ACTIVE", "COMMANDS", "RESTARTS", "TRANSITIONS", "RunRow", "Series", "Store"]
