"""A table from a file, from a zip with one inside, or from a DataFrame, with a name of its own for every column."""

import zipfile
from itertools import count
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from vae_core.data.tables.column_types import recognise
from vae_core.data.tables.columns import LONGEST_NAME, Cells
from vae_core.data.tables.file_formats import READERS, RawTable, refuse_size
from vae_core.errors import UserError, reason
from vae_core.messages import Message
from vae_core.utils import limits
from vae_core.utils.files import read_file

if TYPE_CHECKING:
    import pandas

THE_TABLE = Message("the table")


def read(path: Path, fewest: int = limits.FEWEST) -> RawTable:
    """The table in a file, of at least `fewest` rows; raises UserError naming the file, what is wrong with it and what to do.

    A zip must hold one table, whose name is then the file's.
    """
    name, data = content(path, limits.TABLE_BYTES)
    reader = READERS.get(PurePosixPath(name).suffix.lower())
    if reader is None:
        raise UserError(
            "{name} is not a table that can be read: save it as one of {kinds}.", name=name, kinds=", ".join(READERS)
        )
    return _checked(reader(name, data), fewest)


def content(path: Path, most: int, kinds: tuple[str, ...] = tuple(READERS)) -> tuple[str, bytes]:
    """The name and the bytes of a file, or of the only one in a zip whose name ends with one of `kinds`, such as a table's.

    Raises UserError where it is larger than `most` bytes, cannot be read, or the zip holds another number of them.
    """
    try:
        if path.suffix.lower() == ".zip":
            return _in_zip(path, most, kinds)
        return path.name, read_file(path, most)
    except OSError as error:
        raise UserError("{name} cannot be read: {why}.", name=path.name, why=reason(error)) from None


def _in_zip(path: Path, most: int, kinds: tuple[str, ...]) -> tuple[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            tables = [one for one in archive.infolist() if PurePosixPath(one.filename).suffix.lower() in kinds]
            if len(tables) != 1:
                raise UserError(
                    "{name} holds {count} tables: give one of them ({kinds}).",
                    name=path.name,
                    count=len(tables),
                    kinds=", ".join(kinds),
                )
            name = PurePosixPath(tables[0].filename.replace("\\", "/")).name
            if tables[0].file_size > most:
                raise UserError(
                    "{name} is larger than it can rightly be ({size:,} bytes, at most {most:,}).",
                    name=name,
                    size=tables[0].file_size,
                    most=most,
                )
            return name, archive.read(tables[0])
    except UserError:
        raise
    except Exception as error:  # on damaged bytes zipfile and zlib raise almost anything
        raise UserError("{name} is damaged, or has a password: make the zip again.", name=path.name) from error


def cells(table: RawTable) -> Cells:
    """The cells of a table by column, as `columns.encode` takes them: numbers, names of categories, None where they are missing."""
    found = [recognise(name, table.frame[name], table.mark) for name in table.frame.columns]
    numbers = {one.name: one.numbers.tolist() for one in found if one.numbers is not None}
    return numbers | {one.name: one.texts.tolist() for one in found if one.texts is not None}


def from_frame(frame: "pandas.DataFrame", name: str = THE_TABLE, fewest: int = limits.FEWEST) -> RawTable:
    """A DataFrame as a table; its index is not used."""
    refuse_size(name, len(frame), frame.shape[1], fewest)
    renamed = frame.reset_index(drop=True).set_axis([str(column) for column in frame.columns], axis=1)
    return _checked(RawTable(name, renamed), fewest)


def _checked(table: RawTable, fewest: int) -> RawTable:
    """The table with a name of its own for every column."""
    refuse_size(table.name, len(table.frame), table.frame.shape[1], fewest)
    names: list[str] = []
    for place, given in enumerate(table.frame.columns, 1):
        name = " ".join(str(given).split())[: LONGEST_NAME - 10] or f"column {place}"
        same = (f"{name} ({number})" for number in count(2))
        names.append(name if name not in names else next(other for other in same if other not in names))
    return RawTable(table.name, table.frame.set_axis(names, axis=1), table.notes, table.mark)
