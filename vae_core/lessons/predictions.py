"""What is right: the computed answer of a prediction, from the values that the scene, the model and the run have now."""

from bisect import bisect_right
from collections.abc import Mapping

from vae_core.lessons.lesson import Prediction, Step
from vae_core.lessons.quantities import Value

SAME = 0.05  # two values count as the same within this share of the second
SMALLER, LARGER, EQUAL = range(3)


def answer_of(asked: Prediction, values: Mapping[str, Value]) -> float | None:
    """The number of the right choice from 0, or the right number where there are no choices; None while it is not known."""
    value = values.get(asked.quantity)
    if not isinstance(value, int | float):
        return None
    if asked.compared:
        other = values.get(asked.compared)
        return compared(value, other) if isinstance(other, int | float) else None
    return bisect_right(asked.bounds, value) if asked.choices else float(value)


def compared(value: float, other: float) -> int:
    """SMALLER, LARGER, or EQUAL within SAME of the other value."""
    if abs(value - other) <= SAME * abs(other):
        return EQUAL
    return SMALLER if value < other else LARGER


def text_of(step: Step, answer: float | None) -> str:
    """The text of a reveal: `otherwise` where the computed answer is not the usual one."""
    unusual = step.usual is not None and answer is not None and int(answer) != step.usual
    return step.otherwise if unusual and step.otherwise else step.text
