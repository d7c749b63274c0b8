"""The lines of a person's text file: its encoding is found, each line is one sentence."""

import unicodedata
from pathlib import Path

from vae_core.data.tables.text_format import encoding
from vae_core.errors import UserError, reason
from vae_core.utils.files import read_file

MOST_BYTES = 100_000_000


def read_lines(path: Path) -> list[str]:
    """The lines of a text file that are not empty, in Unicode's composed form (NFC), without spaces around them.

    Raises UserError for a file that cannot be read, is no text or has no line.
    """
    try:
        data = read_file(path, MOST_BYTES)
    except OSError as error:
        raise UserError("{path} cannot be read: {reason}.", path=path, reason=reason(error)) from None
    name = encoding(data)
    if name is None:
        raise UserError("{path} is no text: give a file of lines, one sentence on each.", path=path)
    lines = [unicodedata.normalize("NFC", line.strip()) for line in data.decode(name).splitlines()]
    found = [line for line in lines if line]
    if not found:
        raise UserError("{path} has no line of text: give a file with one sentence on each line.", path=path)
    return found
