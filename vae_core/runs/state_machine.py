"""The state machine of a run: one table of allowed transitions."""

from vae_core.errors import UserError
from vae_core.messages import Message, listed

# State -> action -> next state.
TRANSITIONS: dict[str, dict[str, str]] = {
    "queued": {"start": "running", "pause": "paused", "stop": "stopped"},
    "running": {
        "pause": "pausing",
        "stop": "stopping",
        "finish": "done",
        "fail": "failed",
        "reached": "paused",
        "limit": "stopped",
        "restart": "queued",
        "lose": "lost",
    },
    "pausing": {
        "resume": "running",
        "stop": "stopping",
        "paused": "paused",
        "reached": "paused",
        "limit": "stopped",
        "finish": "done",
        "fail": "failed",
        "restart": "paused",
        "lose": "lost",
    },
    "paused": {"step": "queued", "epoch": "queued", "resume": "queued", "stop": "stopping"},
    "stopping": {
        "stopped": "stopped",
        "limit": "stopped",
        "finish": "done",
        "fail": "failed",
        "restart": "stopping",
        "lose": "lost",
    },
    "stopped": {"resume": "queued"},
    "done": {},
    "failed": {"resume": "queued"},
    "lost": {"resume": "queued", "stop": "stopping", "return": "running", "restart": "queued"},
}
# A user's actions; all others are those of scheduler, worker and recovery. "step" and "epoch" train until one more is done.
COMMANDS = ("pause", "resume", "stop", "step", "epoch")
# States with a worker: it trains, or it writes the checkpoint of a paused run that is being stopped.
ACTIVE = ("running", "pausing", "stopping")
DELETED = "deleted"  # outside the table: for a day a deleted run can only be given its former state back


def next_state(state: str, action: str) -> str:
    """The state after `action`; UserError where the table has no such transition."""
    allowed = TRANSITIONS.get(state, {})  # a damaged row may have an unknown state
    if action not in allowed:
        possible = [command for command in COMMANDS if command in allowed]
        advice = Message("Start a new run instead.")
        if possible:
            advice = Message("Possible now: {commands}.", commands=listed([Message(command) for command in possible]))
        raise UserError(
            "This run is {state}, so '{action}' is not possible. {advice}",
            state=Message(state),
            action=Message(action),
            advice=advice,
        )
    return allowed[action]
