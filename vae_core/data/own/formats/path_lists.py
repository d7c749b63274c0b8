"""A list of pictures and their labels: a text file with a column of file names or paths, beside the pictures themselves."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np

from vae_core.data.own.archives.files import File
from vae_core.data.own.formats.text_lines import delimiter_of, first_lines, numbered_lines
from vae_core.data.own.labels import LETTERS
from vae_core.data.own.pictures.splits import SPLIT_OF
from vae_core.data.own_caption import OwnCaption, WordColumns, of_captions, of_columns
from vae_core.errors import UserError
from vae_core.messages import Message, listed
from vae_core.utils.arrays import Int64

SUFFIXES = (".csv", ".tsv", ".txt", ".lst")
LABELS = (
    "label",
    "labels",
    "class",
    "class_name",
    "classname",
    "category",
    "target",
    "y",
    "species",
    "breed",
    "diagnosis",
    "dx",
)
CAPTIONS = ("caption", "captions", "sentence", "description", "text")
MOST_CLASSES = 256
SAMPLE = 200  # lines by which a list is recognised
SHOWN, LONGEST_NAME = 12, 40  # names of columns in a sentence, and letters of one


@dataclass(frozen=True)
class PathList:
    """Labels, splits and words (None: the list has none) of the pictures that it names, by their place among all pictures."""

    file: File
    rows: Int64
    labels: list[str] | None
    splits: Int64 | None
    words: tuple[OwnCaption, Int64] | None = None
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True)
class _Columns:
    names: tuple[str, ...]  # of the header, or of the columns by number
    header: bool
    delimiter: str
    path: int
    by: str  # whether pictures are named by "path", "name" or "stem"


def find_list(texts: Sequence[File], pictures: Sequence[File]) -> PathList | None:
    """The list among these text files in which most lines name a picture; None where there is none."""
    indices = {kind: _index(pictures, kind) for kind in ("path", "name", "stem")}
    for file in texts:
        if file.name.suffix.lower() in SUFFIXES and (columns := _recognise(file, indices)):
            return _read(file, columns, indices[columns.by], len(pictures))
    return None


def _key(text: str, kind: str) -> str:
    path = PurePosixPath(text.strip().replace("\\", "/"))
    return {"path": str(path), "name": path.name, "stem": path.stem if kind == "stem" else ""}[kind]


def _index(pictures: Sequence[File], kind: str) -> dict[str, int]:
    """The place of each picture by its path, by its name, or by its name without ending; those that several share are left out."""
    keys = [_key(str(file.name), kind) for file in pictures]
    places: dict[str, int] = {}
    twice = set()
    for place, key in enumerate(keys):
        twice |= {key} & places.keys()
        places[key] = place
    return {key: place for key, place in places.items() if key not in twice}


def _cells(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Where each row begins among the lines, and its cells; a cell in quotes may hold the end of a line."""
    if not delimiter:
        yield from enumerate(line.split() for line in lines)
        return
    reader, begin = csv.reader(lines, delimiter=delimiter), 0
    for row in reader:
        yield begin, row
        begin = reader.line_num


def _recognise(file: File, indices: dict[str, dict[str, int]]) -> _Columns | None:
    """The column that names most pictures, at least one in every other line."""
    lines = [line for line in first_lines(file) if line.strip()][:SAMPLE]
    if not lines:
        return None
    delimiter = delimiter_of(lines[0])
    rows = [row for _, row in _cells(lines, delimiter)]
    width = min(map(len, rows))
    for kind, index in indices.items():
        hits = [len({_key(row[column], kind) for row in rows} & index.keys()) for column in range(width)]
        best = int(np.argmax(hits)) if hits else 0
        if hits and 2 * hits[best] >= max(1, len(rows) - 1):
            header = _key(rows[0][best], kind) not in index
            names = rows[0] if header else [Message("column {number}", number=i + 1) for i in range(width)]
            return _Columns(tuple(names[:width]), header, delimiter, best, kind)
    return None


def _read(file: File, columns: _Columns, index: dict[str, int], pictures: int) -> PathList:
    """All lines of the list; raises UserError for a picture that is named twice with different labels."""
    lines = list(numbered_lines(file, str(file)))[columns.header :]
    cells = _cells([text for _, text in lines], columns.delimiter)
    rows = [(lines[begin][0], row) for begin, row in cells if len(row) >= len(columns.names)]
    found: dict[int, tuple[int, list[str]]] = {}
    for number, row in rows:
        place = index.get(_key(row[columns.path], columns.by))
        if place is not None and found.setdefault(place, (number, row))[1] != row:
            raise UserError(
                "{list} names {picture} twice, with different labels: leave one of the lines out.",
                list=str(file),
                picture=row[columns.path],
            )
    named = {place: row for place, (_, row) in sorted(found.items())}
    numbers = [number for _, (number, _) in sorted(found.items())]
    split = _split_column(columns, list(named.values()))
    words, said, used = _words(file, columns, list(named.values()), numbers, split)
    label = _label_column(columns, list(named.values()), split, used)
    return PathList(
        file,
        np.array(list(named), np.int64),
        None if label is None else [row[label].strip()[: LETTERS + 1] for row in named.values()],
        None if split is None else np.array([SPLIT_OF[row[split].strip().lower()] for row in named.values()], np.int64),
        words,
        (*said, *_notes(file, columns, label, pictures - len(named), len(rows) - len(named))),
    )


def _split_column(columns: _Columns, rows: Sequence[Sequence[str]]) -> int | None:
    """The column whose every cell is the name of a split, and not always the same."""
    for i in range(len(columns.names)):
        cells = {row[i].strip().lower() for row in rows}
        if i != columns.path and cells <= SPLIT_OF.keys() and len({SPLIT_OF[cell] for cell in cells}) > 1:
            return i
    return None


def _words(
    file: File, columns: _Columns, rows: Sequence[Sequence[str]], numbers: Sequence[int], split: int | None
) -> tuple[tuple[OwnCaption, Int64] | None, tuple[Message, ...], int | None]:
    """The words beside the pictures, what is said of them, and the column whose captions they are, which gives no labels then."""
    others = [i for i in range(len(columns.names)) if i not in (columns.path, split)] if columns.header and rows else []
    written = next((i for i in others if columns.names[i].strip().lower() in CAPTIONS), None)
    if written is not None:
        captions = [row[written] for row in rows]
        try:
            if empty := _empty(captions, numbers):
                raise UserError(
                    "{list} has no caption in line {line}: write one, or leave the picture out.",
                    list=str(file),
                    line=min(empty),
                )
            found = of_captions(captions)
        except UserError as error:
            if empty and len(others) == 1:
                raise  # there is nothing else that could be the label
            return None, (Message("The captions are no words of a model: {why}", why=error),), None
        pattern = found[0].caption.phrase([0] * len(found[0].names))
        return (
            found,
            (Message("Each picture has words, those of its caption, such as '{caption}'.", caption=pattern),),
            written,
        )
    names = [columns.names[i].strip()[:LONGEST_NAME] for i in others]
    cells = [[row[i] for row in rows] for i in others]
    columnwise = of_columns(names, cells)
    return columnwise.words, _said_of_columns(file, names, columnwise, cells, numbers), None


def _said_of_columns(
    file: File, names: Sequence[str], found: WordColumns, cells: Sequence[Sequence[str]], numbers: Sequence[int]
) -> tuple[Message, ...]:
    """Which columns give words, and which do not and why; nothing where there would be none without empty cells either."""
    notes = []
    if found.words is not None:
        used = _some([names[place] for place in found.used])
        notes.append(
            Message(
                "Each picture has {count} words, one of each of the columns {names}.", count=len(found.used), names=used
            )
        )
    if len(found.used) + len(found.empty) > 1:
        notes += [
            Message(
                "The column {name} gives no words, since cells are empty ({count:,}, the first in line {line} of {list}): fill them "
                "in, with 'none' for example.",
                name=names[place],
                count=len(lines := _empty(cells[place], numbers)),
                line=min(lines),
                list=str(file),
            )
            for place in found.empty
        ]
    if found.words is not None:
        for why in dict.fromkeys(found.left.values()):
            others = _some([names[place] for place, reason in found.left.items() if reason == why])
            notes.append(Message("Columns without words, since {why}: {names}.", names=others, why=why))
    return tuple(notes)


def _empty(cells: Sequence[str], numbers: Sequence[int]) -> list[int]:
    """The lines whose cell is empty."""
    return [number for cell, number in zip(cells, numbers, strict=True) if not cell.strip()]


def _some(names: Sequence[str]) -> str:
    """The names, of many the first ones."""
    shown = listed([*names[:SHOWN]])
    if len(names) <= SHOWN:
        return shown
    return Message("{names} and {count} more", names=shown, count=len(names) - SHOWN)


def _label_column(
    columns: _Columns, rows: Sequence[Sequence[str]], split: int | None, captions: int | None
) -> int | None:
    """The column with a usual name, else the only other one, else the first whose values repeat as those of classes do."""
    others = [i for i in range(len(columns.names)) if i not in (columns.path, split, captions)]
    usual = [i for i in others if columns.names[i].strip().lower() in LABELS]
    if usual or len(others) == 1:
        return (usual or others)[0]
    most = min(MOST_CLASSES, len(rows) // 2)
    return next((i for i in others if 1 < len({row[i] for row in rows}) <= most), None)


def _notes(file: File, columns: _Columns, label: int | None, unnamed: int, absent: int) -> tuple[Message, ...]:
    if label is None:
        notes = [Message("{list} names the pictures, but gives no labels.", list=str(file))]
    else:
        notes = [Message("The labels are those of {column} in {list}.", column=columns.names[label], list=str(file))]
    if unnamed:
        notes.append(Message("Left out: {count:,} pictures that {list} does not name.", count=unnamed, list=str(file)))
    if absent > 0:
        notes.append(Message("{count:,} lines of {list} name no picture that is here.", count=absent, list=str(file)))
    return tuple(notes)
