"""Text files line by line, limited in length: CSV and lists, in UTF-8 or an older encoding, plain or as .gz."""

from collections.abc import Iterator
from itertools import chain

from vae_core.data.own.archives.files import File, gunzipped
from vae_core.errors import UserError
from vae_core.utils import limits

CHUNK = limits.MIB  # bytes read at a time, and the longest line
DELIMITERS = ",;\t|"


def first_lines(file: File) -> list[str]:
    """The whole lines among the first bytes of a text; empty for a file that is no text."""
    data = gunzipped(file).start(CHUNK)
    if b"\0" in data:
        return []
    text = decoded(data)
    lines = text.splitlines()
    return lines if len(data) < CHUNK or text.endswith("\n") else lines[:-1]


def numbered_lines(file: File, place: str) -> Iterator[tuple[int, str]]:
    """All lines that are not empty, with their numbers in the file, from 1; raises UserError as `blocks_of_lines`."""
    lines = chain.from_iterable(_blocks(file, place))
    return ((number, line) for number, line in enumerate(lines, 1) if line.strip())


def blocks_of_lines(file: File, place: str) -> Iterator[list[str]]:
    """All lines that are not empty, some at a time; raises UserError for more than `limits.FILE_BYTES`, or for an endless line."""
    for block in _blocks(file, place):
        yield [line for line in block if line.strip()]


def _blocks(file: File, place: str) -> Iterator[list[str]]:
    rest, total = b"", 0
    with gunzipped(file).open() as stream:
        while chunk := stream.read(CHUNK):
            total += len(chunk)
            *lines, rest = (rest + chunk).split(b"\n")
            if total > limits.FILE_BYTES or len(rest) > CHUNK:
                raise UserError(
                    "{name} has more than {most} MB of text, or a line of more than one: give fewer pictures, or an .npz.",
                    name=place,
                    most=limits.FILE_BYTES // limits.MIB,
                )
            yield _texts(lines)
    yield _texts([rest])


def delimiter_of(line: str) -> str:
    """What separates the cells of a line: a comma, a semicolon, a tabulator or a bar; "" for spaces."""
    return max(DELIMITERS, key=line.count) if any(mark in line for mark in DELIMITERS) else ""


def decoded(data: bytes) -> str:
    """Text in UTF-8, or where that fails in Windows's western encoding, in which every byte is a letter."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.end == len(data):  # the data end within a letter
            return data[: error.start].decode("utf-8-sig")
        return data.decode("cp1252", "replace")


def _texts(lines: list[bytes]) -> list[str]:
    return decoded(b"\n".join([*lines, b""])).splitlines()
