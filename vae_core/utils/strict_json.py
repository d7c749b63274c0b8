"""Strict parsing of JSON from files that may be damaged or malicious: limits on nesting and number size, no duplicate keys."""

import json
import math
from typing import Any

from vae_core.messages import Message

DEPTH = 20  # of nested lists and objects; this app's own files have 5
DIGITS = 18  # of an integer: more digits do not fit into 64 bits


def parse(text: str | bytes, infinite: bool = False) -> Any:
    """The value of a JSON text in UTF-8; NaN and infinity are allowed only with `infinite`.

    Raises ValueError, which says what is wrong, where it is not JSON, is nested too deeply, has a duplicate key, or contains an
    invalid number or text.
    """
    try:
        value = json.loads(
            text if isinstance(text, str) else text.decode(),
            parse_int=_short_integer,
            parse_float=float if infinite else _finite,
            parse_constant=float if infinite else _constant,
            object_pairs_hook=_unique_keys,
        )
        _check_nesting(value)
    except RecursionError:
        raise ValueError(Message("it is nested too deeply")) from None
    except UnicodeError:
        raise ValueError(Message("it is not text in UTF-8")) from None
    except json.JSONDecodeError as error:
        raise ValueError(
            Message("it is not JSON: {problem} in line {line}", problem=error.msg.lower(), line=error.lineno)
        ) from None
    return value


def is_finite(value: object) -> bool:
    """Whether a value is a number that is neither NaN nor infinite."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def is_count(value: object) -> bool:
    """Whether a value is a whole number of zero or more."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _check_nesting(value: Any) -> None:
    waiting = [(value, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEPTH:
            raise ValueError(Message("it is nested too deeply"))
        if isinstance(value, dict):
            waiting += [(part, depth + 1) for pair in value.items() for part in pair]
        elif isinstance(value, list):
            waiting += [(part, depth + 1) for part in value]
        elif isinstance(value, str):
            value.encode()  # raises for half of a surrogate pair, which UTF-8 cannot represent


def _short_integer(digits: str) -> int:
    if len(digits.lstrip("-")) > DIGITS:
        raise ValueError(Message("it contains an integer of {count:,} digits", count=len(digits)))
    return int(digits)


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError(Message("it contains a number that is too large"))
    return number


def _constant(name: str) -> float:
    raise ValueError(Message("it contains {name}, which is not a number", name=name))


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(Message("it contains a key twice"))
    return found
