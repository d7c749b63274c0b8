"""Pictures as text: a CSV with a row for each picture, of its pixels and perhaps its label, as Kaggle has them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

import numpy as np

from vae_core.data.own.archives.files import File, Files
from vae_core.data.own.formats.text_lines import blocks_of_lines, delimiter_of, first_lines
from vae_core.data.own.labels import LETTERS
from vae_core.data.own.pictures.load_limits import refuse_memory, within_time_limit
from vae_core.data.own.pictures.raw_pictures import RawPictures
from vae_core.data.own.stored.named_arrays import Part, by_file, raw_pictures
from vae_core.data.own.stored.stored_array import HeldArray, Numbers
from vae_core.errors import UserError
from vae_core.messages import Message

LEAST_SIDE = 8  # pixels
LABELS = (
    "label",
    "labels",
    "class",
    "target",
    "y",
    "digit",
    "letter",
    "character",
)  # usual names of the column of labels
PIXEL = re.compile(r"[a-z]*[\W_]*\d+([\Wx_]+\d+)*", re.IGNORECASE)  # pixel0, px_1, 1x1, 0.12


@dataclass(frozen=True)
class PixelTable:
    """How a CSV is read: its delimiter ("": spaces), whether it has a header, its columns of pixels, and that of labels or None."""

    delimiter: str
    header: bool
    pixels: tuple[int, ...]
    label: int | None


def recognise_pixels(file: File) -> PixelTable | None:
    """How a text file holds pictures, from its first lines; None where it does not, such as a table of other columns."""
    lines = first_lines(file)[:50]
    if not lines:
        return None
    delimiter = delimiter_of(lines[0])
    first, *others = (_cells(line, delimiter) for line in lines)
    alike = [cells for cells in others if len(cells) == len(first)]  # one of another length is named when it is read
    if 2 * len(alike) < len(others) or len(first) < LEAST_SIDE**2:
        return None
    header = not all(map(_is_number, first[1:-1]))
    found = _by_name(first) if header else _by_place([first, *alike])
    return found and PixelTable(delimiter, header, *found)


def table_pictures(found: Sequence[tuple[File, PixelTable]], files: Files) -> RawPictures:
    """The pictures of CSV files; those of several files are splits by their names. Raises UserError for a cell that is no number."""
    parts = by_file([(file, [_read(file, table)]) for file, table in found])
    place = found[0][0].name.name if len(found) == 1 else files.place
    kind = Message("A text file with a row of pixels for each picture: {files}.", files=_names(found))
    return raw_pictures(parts, place, kind)


def _names(found: Sequence[tuple[File, PixelTable]]) -> str:
    return ", ".join(file.name.name for file, _ in found)


def _cells(line: str, delimiter: str) -> list[str]:
    return [cell.strip().strip('"') for cell in (line.split(delimiter) if delimiter else line.split())]


def _is_number(text: str) -> bool:
    try:
        float(text)
        return True
    except ValueError:
        return False


def _is_picture(pixels: int) -> bool:
    """Whether so many numbers are a square picture, grey or in three colours."""
    return any(isqrt(pixels // c) ** 2 * c == pixels and isqrt(pixels // c) >= LEAST_SIDE for c in (1, 3))


def _by_name(names: Sequence[str]) -> tuple[tuple[int, ...], int | None] | None:
    """The columns of pixels and of the label, by a header; others, such as a number of the row, are left out."""
    label = next((names.index(name) for name in names if name.lower() in LABELS), None)
    rest = [i for i in range(len(names)) if i != label]
    pixels = [i for i in rest if PIXEL.fullmatch(names[i])]
    if not _is_picture(len(pixels)):
        return None
    other = [i for i in rest if i not in set(pixels)]
    return tuple(pixels), label if label is not None or len(other) != 1 else other[0]


def _by_place(rows: Sequence[Sequence[str]]) -> tuple[tuple[int, ...], int | None] | None:
    """The same without a header: one number more than a picture has is the label, in the first column or in the last.

    It is the one that is no number, or else the one with fewer different values; a column of one value is the edge of the pictures.
    """
    count = len(rows[0])
    if _is_picture(count):
        return tuple(range(count)), None
    if not _is_picture(count - 1):
        return None
    first, last = ({row[i] for row in rows} for i in (0, -1))
    words = [not all(map(_is_number, cells)) for cells in (first, last)]
    at_end = words[1] if any(words) else (len(first) == 1, len(first)) > (len(last) == 1, len(last))
    return (tuple(range(count - 1)), count - 1) if at_end else (tuple(range(1, count)), 0)


def _read(file: File, table: PixelTable) -> Part:
    name = file.name.name
    blocks: list[Numbers] = []
    labels: list[str] = []
    count, skip = 0, table.header
    for lines in within_time_limit(blocks_of_lines(file, name), name):
        lines, skip = (lines[1:], False) if skip and lines else (lines, skip)
        if lines:
            blocks.append(_pixels(lines, table, name, count))
            labels += [_label(line, table, name) for line in lines] if table.label is not None else []
            count += len(lines)
            refuse_memory(count, (1, 1, 1), name)
    if not blocks:
        raise UserError("{name} has no row of pixels.", name=name)
    dtype = np.uint8 if all(block.dtype == np.uint8 for block in blocks) else np.float32
    array = np.concatenate([block.astype(dtype, copy=False) for block in blocks])
    return Part(HeldArray(name, array), HeldArray(name, np.array(labels)) if labels else None)


def _pixels(lines: Sequence[str], table: PixelTable, place: str, before: int) -> Numbers:
    """The pixels of some rows, with so many rows before: uint8 where all are whole numbers of 0 to 255, else float32."""
    try:
        x = np.loadtxt(
            lines,
            np.float32,
            comments=None,
            delimiter=table.delimiter or None,
            usecols=table.pixels,
            ndmin=2,
            quotechar='"',
        )
    except ValueError:
        raise _bad_row(lines, table, place, before) from None
    whole = np.isfinite(x).all() and (x == np.floor(x)).all() and x.min() >= 0 and x.max() <= 255
    return x.astype(np.uint8) if whole else x


def _bad_row(lines: Sequence[str], table: PixelTable, place: str, before: int) -> UserError:
    """The first row of some that cannot be read, and the cell in it that is no number."""
    for row, line in enumerate(lines, before + 1):
        cells = _cells(line, table.delimiter)
        wrong = next((i for i in table.pixels if i >= len(cells) or not _is_number(cells[i])), None)
        if wrong is not None:
            found = cells[wrong] if wrong < len(cells) else ""
            return UserError(
                "{name} has '{cell}' in row {row}, column {column}, which is no number: correct it, or leave the row out.",
                name=place,
                cell=found[:40],
                row=row,
                column=wrong + 1,
            )
    return UserError("{name} has a row that cannot be read.", name=place)


def _label(line: str, table: PixelTable, place: str) -> str:
    """The cell of the label, found from the nearer end of the line."""
    at, between = table.label or 0, table.delimiter or None
    cell = line.rsplit(between, 1)[-1] if at > table.pixels[-1] else line.split(between, at + 1)[at]
    if len(cell) > LETTERS:
        raise UserError("{name} has labels that are longer than {letters} letters.", name=place, letters=LETTERS)
    return cell.strip().strip('"')
