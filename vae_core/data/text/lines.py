"""The lines of a person's text: the encoding of a file is found, each line that is not empty is one text."""

import io
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vae_core.data.tables.reading import content
from vae_core.data.tables.text_format import encoding
from vae_core.errors import UserError
from vae_core.utils import limits

CONTROLS = dict.fromkeys((*range(32), *range(127, 160)), " ")


@dataclass(frozen=True)
class Lines:
    """Lines of a text, in Unicode's composed form (NFC) and with single spaces; `encoding` of the file, or "" where there was none.

    `long`: how many lines are left out because they have more than LINE_CHARACTERS characters.
    """

    texts: tuple[str, ...]
    encoding: str = ""
    long: int = 0


def read_lines(path: Path) -> list[str]:
    """The lines of a text file that are not empty; raises UserError for a file that cannot be read, is no text or has no line, and
    for a line that is too long."""
    name, data = content(path, limits.TEXT_BYTES)
    found = lines_of_bytes(name, data)
    if found.long:
        raise UserError(
            "{name} has a line of more than {most:,} characters: shorten it.", name=name, most=limits.LINE_CHARACTERS
        )
    return [*found.texts]


def lines_of_bytes(name: str, data: bytes) -> Lines:
    """The lines of the file `name` with the content `data`; raises UserError where it is no text, or has no line or too many."""
    code = encoding(data)
    if code is None:
        raise UserError("{name} is no text: give a file of lines, one sentence on each.", name=name)
    with io.TextIOWrapper(io.BytesIO(data), code) as file:
        found = normalised(name, file)
    return Lines(found.texts, code, found.long)


def normalised(name: str, lines: Iterable[str]) -> Lines:
    """Those of the lines that are not empty, brought into one form; raises UserError where there is none, or too many."""
    texts: list[str] = []
    long = 0
    for line in _not_empty(lines):
        if len(line) > limits.LINE_CHARACTERS:  # composing a line of many marks takes the square of its length
            long += 1
            continue
        texts.append(unicodedata.normalize("NFC", line))
        if len(texts) > limits.TEXT_LINES:
            raise UserError(
                "{name} has more than {most:,} lines, which is too much: give some of them.",
                name=name,
                most=limits.TEXT_LINES,
            )
    if not texts and not long:
        raise UserError("{name} has no line of text: give a file with one sentence on each line.", name=name)
    return Lines(tuple(texts), long=long)


def _not_empty(lines: Iterable[str]) -> Iterator[str]:
    """The lines without control characters and without spaces around them, single spaces between words."""
    for line in lines:
        if text := " ".join(line.translate(CONTROLS).split()):
            yield text
