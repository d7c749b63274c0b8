"""What may happen to a run: one table from its state and a word to its next state."""

from vae_core.errors import UserError

TRANSITIONS: dict[str, dict[str, str]] = {
    "queued": {"start": "running", "pause": "paused", "stop": "stopped"},
    "running": {
        "pause": "pausing",
        "stop": "stopping",
        "finish": "done",
        "fail": "failed",
        "restart": "queued",
        "lose": "lost",
    },
    "pausing": {
        "resume": "running",
        "stop": "stopping",
        "paused": "paused",
        "finish": "done",
        "fail": "failed",
        "restart": "paused",
        "lose": "lost",
    },
    "paused": {"resume": "queued", "stop": "stopping"},
    "stopping": {"stopped": "stopped", "finish": "done", "fail": "failed", "restart": "stopping", "lose": "lost"},
    "stopped": {"resume": "queued"},
    "done": {},
    "failed": {"resume": "queued"},
    "lost": {"resume": "queued", "stop": "stopping", "return": "running", "restart": "queued"},
}
COMMANDS = ("pause", "resume", "stop")  # a person's words; the scheduler, the worker and the reaper say the others
ACTIVE = (
    "running",
    "pausing",
    "stopping",
)  # a worker holds the run, or is about to: it writes the checkpoint of a paused one
DELETED = "deleted"  # outside the table: hidden for a day, in which it can only be brought back to the state it had


def next_state(state: str, word: str) -> str:
    """The state after `word`; UserError where the table has no such step."""
    known = TRANSITIONS.get(state, {})  # none for a damaged one
    if word not in known:
        possible = [w for w in COMMANDS if w in known]
        advice = f"you can {' or '.join(possible)} it" if possible else "start a new one instead"
        raise UserError(f"This run is {state}, so it cannot take '{word}': {advice}.")
    return known[word]
