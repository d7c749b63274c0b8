"""How a text file holds a table: its encoding, its separator, its decimal mark, and whether it begins with a heading."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from vae_core.data.tables.decimal_marks import Mark, has_decimal_comma, plain
from vae_core.messages import Message

SEPARATORS = {
    ",": Message("commas"),
    ";": Message("semicolons"),
    "\t": Message("tabs"),
    "|": Message("vertical bars"),
}
SAMPLE = 2**16  # characters at the beginning that decide on the separator
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HIGH = re.compile(rb"[\x80-\xff]+")
_POINT = re.compile(r"[+-]?\d+\.\d+", re.ASCII)
_SEP = re.compile(r"sep=(.)\r?\n", re.ASCII)  # how Excel marks a separator in the first line


def encoding(data: bytes) -> str | None:
    """The encoding of a text: by its byte order mark, else utf-8, gbk or latin-1, which Excel writes; None where it is no text."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name if _decodes(data, name) else None
    if b"\0" in data:
        return None
    if _decodes(data, "utf-8"):
        return "utf-8"
    if _is_chinese(data) and _decodes(data, "gb18030"):
        return "gb18030"
    return "cp1252" if _decodes(data, "cp1252") else "latin-1"


def _decodes(data: bytes, name: str) -> bool:
    try:
        codecs.decode(data, name)
    except UnicodeError:
        return False
    return True


def _is_chinese(data: bytes) -> bool:
    """Whether most bytes above 127 form the usual characters of GB 2312, two bytes each: accented letters stand alone instead."""
    pairs = high = 0
    for run in _HIGH.findall(data):
        high += len(run)
        pairs += sum(
            0xB0 <= first <= 0xD7 and second >= 0xA1 for first, second in zip(run[::2], run[1::2], strict=False)
        )
    return 2 * pairs > 0.7 * high


def separator(sample: str) -> tuple[str, int]:
    """The character between values, and how many lines at the beginning hold no table: 1 for Excel's "sep=;".

    It is the one with which the most lines have the same number of values, and among equals the one that gives the most.
    """
    if named := _SEP.match(sample):
        return named[1], 1
    lines = sample.splitlines()[:100]
    lines = lines[:-1] if len(lines) > 2 and len(sample) >= SAMPLE else lines  # the last one may be cut
    best, most = ",", (0.0, 0)
    for candidate in SEPARATORS:
        widths = Counter(len(row) for row in _rows(lines, candidate) if row)
        (width, lines_with_it), *_ = widths.most_common(1) or [(0, 0)]
        score = (lines_with_it / max(1, widths.total()), width)
        if width > 1 and score > most:
            best, most = candidate, score
    return best, 0


def _rows(lines: Iterable[str], separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=separator))
    except csv.Error:  # a line that is longer than a table's lines are
        return []


def suspected_mark(columns: Iterable[Iterable[str]], separator: str) -> Mark:
    """The decimal mark of the whole table, for numbers such as "1,234" that could have either."""
    sample = [value for column in columns for value in column]
    if any(map(has_decimal_comma, sample)):
        return ","
    return "." if separator == "," or any(map(_POINT.fullmatch, sample)) else ","


def has_heading(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns, whose values (without missing ones) `below` holds.

    It does not where it has a number above numbers, unless these are years, or where most of its values occur again below.
    """
    numeric = [bool(values) and all(plain(v, ".") or plain(v, ",") for v in values) for values in below]
    if any(numeric):
        heads = [value for value, is_number in zip(first, numeric, strict=True) if is_number]
        return not all(plain(value, ".") or plain(value, ",") for value in heads) or all(map(_is_year, heads))
    again = sum(value in values for value, values in zip(first, below, strict=True))
    return 2 * again < len(first)


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 1900 <= int(text) <= 2100 and len(text) == 4
