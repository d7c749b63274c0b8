"""Numbers in the texts of a table: decimal points and decimal commas, with or without marks between thousands."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

Mark = Literal[".", ","]  # the decimal mark

_POINT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_COMMA = re.compile(r"[+-]?(\d+,\d*|,\d+|\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_GROUPS = {  # decimal mark -> thousands in groups of three
    ".": re.compile(r"[+-]?\d{1,3}([ ,'\u00a0\u202f]\d{3})+(\.\d*)?", re.ASCII),
    ",": re.compile(r"[+-]?\d{1,3}([ .'\u00a0\u202f]\d{3})+(,\d*)?", re.ASCII),
}
_UNDECIDED = re.compile(r"[+-]?\d{1,3}(,\d{3})+", re.ASCII)  # 1,234: a decimal comma, or a mark between thousands


def plain(text: str, mark: Mark) -> str | None:
    """The number in Python's own form, "1234.5" for "1.234,5" with the mark ","; None where the text is no number."""
    if (_POINT if mark == "." else _COMMA).fullmatch(text):
        return text.replace(",", ".")
    if _GROUPS[mark].fullmatch(text):
        digits = re.sub(r"[ '\u00a0\u202f]", "", text)
        return digits.replace(",", "") if mark == "." else digits.replace(".", "").replace(",", ".")
    return None


def number(text: str) -> float | None:
    """The number in a text that a person typed, with a decimal point or a decimal comma; None where it is none."""
    found = plain(text.strip(), ".") or plain(text.strip(), ",")
    return None if found is None else float(found)


def mark_of(texts: Iterable[str], suspected: Mark) -> Mark | None:
    """The decimal mark with which all texts are numbers, None where they are not.

    Where both marks would do, as for "1,234", it is the `suspected` one.
    """
    every = list(texts)
    fitting: list[Mark] = [mark for mark in (".", ",") if all(plain(text, mark) is not None for text in every)]
    if not fitting:
        return None
    return suspected if suspected in fitting else fitting[0]


def has_decimal_comma(text: str) -> bool:
    """Whether a text can only be a number with a decimal comma, such as "3,5" or "1.234,50", unlike "1,234"."""
    return "," in text and plain(text, ",") is not None and plain(text, ".") is None


def decimals(text: str) -> int:
    """How many digits a number in Python's own form has after its decimal point: 2 for "3.50" and "1e-2"."""
    exponent = Decimal(text).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
