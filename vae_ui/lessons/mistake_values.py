"""The values of the two programs on the page Break it: the one with the mistake, and the right one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vae_core.lessons.quantities import OF_A_PROGRAM, Value
from vae_ui.base import state
from vae_ui.lessons import course

if TYPE_CHECKING:
    from vae_core.mistakes.outcome import Outcome, Pair

NAMES = {"trained", *(f"{which} {name}" for which in ("faulty", "right") for name in OF_A_PROGRAM)}


def values() -> dict[str, Value]:
    """The values of NAMES for the mistake of the step in view, else for the one that the page shows."""
    from vae_core.mistakes.pair_job import PairJob  # programs of torch, which few steps speak of

    at = course.present()
    asked = None if at is None else at[0].steps[at[1] - 1].scene.mistake
    id = asked or state.choices().mistake
    pair = PairJob.of(id).load()
    seen = pair is not None and id in state.choices().trained
    return {"trained": "yes" if seen else "no"} | ({} if pair is None else values_of(pair))


def values_of(pair: Pair) -> dict[str, Value]:
    """The values of a trained pair."""
    return _of(pair.faulty, "faulty") | _of(pair.right, "right")


def _of(outcome: Outcome, which: str) -> dict[str, Value]:
    distortion, rate = outcome.figures["distortion"], outcome.figures["rate"]
    found: dict[str, Value] = {
        "distortion": distortion,
        "rate": rate,
        "test loss": None if distortion is None or rate is None else distortion + rate,
        "reported loss": outcome.figures["reported"],
        "variety": outcome.figures["variety"],
        "findings": len(outcome.findings),
    }
    return {f"{which} {name}": value for name, value in found.items()}
