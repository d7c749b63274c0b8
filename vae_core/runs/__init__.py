"""Training in the background: a store that any process reads, a scheduler, and one worker process per run."""

from vae_core.runs.curves import Series
from vae_core.runs.recovery import RESTARTS
from vae_core.runs.states import ACTIVE, COMMANDS, TRANSITIONS
from vae_core.runs.store import RunRow, Store

__all__ = ["ACTIVE", "COMMANDS", "RESTARTS", "TRANSITIONS", "RunRow", "Series", "Store"]
