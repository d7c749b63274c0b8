"""JSON from a file that may be damaged or made to harm: read strictly, and never deeper or larger than a person would write."""

import json
import math
from typing import Any

DEPTH = 20  # lists and objects within one another; what this app writes has five
DIGITS = 18  # of a whole number: what has more fits no 64 bits


def parse(text: str | bytes, infinite: bool = False) -> Any:
    """The plain values of a JSON text in UTF-8; NaN and infinity only where `infinite`.

    Raises ValueError, which says what is wrong, for what is no JSON, is nested too deep, names a key twice, or holds a
    number or a text that cannot be kept.
    """
    try:
        value = json.loads(
            text if isinstance(text, str) else text.decode(),
            parse_int=_whole,
            parse_float=float if infinite else _finite,
            parse_constant=float if infinite else _constant,
            object_pairs_hook=_once,
        )
        _look_through(value)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    except UnicodeError:
        raise ValueError("it is not text in UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON: {error.msg.lower()} in line {error.lineno}") from None
    return value


def is_finite(value: object) -> bool:
    """Whether a value is a number that is neither NaN nor infinite."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def is_count(value: object) -> bool:
    """Whether a value is a whole number of zero or more."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _look_through(value: Any) -> None:
    waiting = [(value, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEPTH:
            raise ValueError("it is nested too deep")
        if isinstance(value, dict):
            waiting += [(part, depth + 1) for pair in value.items() for part in pair]
        elif isinstance(value, list):
            waiting += [(part, depth + 1) for part in value]
        elif isinstance(value, str):
            value.encode()  # half of a surrogate pair has no place in UTF-8, and so on no page


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > DIGITS:
        raise ValueError(f"it holds a whole number of {len(digits):,} digits")
    return int(digits)


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError("it holds a number that is too large")
    return number


def _constant(name: str) -> float:
    raise ValueError(f"it holds {name}, which is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("it names a key twice")
    return found
