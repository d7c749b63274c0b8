"""The SMILES of a person's file: .smi, a molecule on each line, or a table with a column of SMILES."""

from pathlib import Path, PurePosixPath

from vae_core.data.tables import reading
from vae_core.data.tables.file_formats import READERS
from vae_core.data.tables.text_format import encoding
from vae_core.errors import UserError
from vae_core.utils import limits

LINES = (".smi", ".smiles", ".ism")
KINDS = (*LINES, *READERS)
COLUMNS = (
    "smiles",
    "canonical_smiles",
    "isomeric_smiles",
    "structure",
    "molecule",
    "mol",
)  # by their names in lower case


def read_smiles(path: Path, fewest: int = limits.FEWEST) -> tuple[str, list[str]]:
    """The name of the file, and the SMILES in it, one by one as they stand there.

    Raises UserError for a file that cannot be read, has no SMILES, or fewer than `fewest` of them.
    """
    path = path.expanduser()
    with_lines = path.suffix.lower() in (*LINES, ".zip")  # a table is read by the one way for tables
    name, data = reading.content(path, limits.TABLE_BYTES, KINDS) if with_lines else (path.name, b"")
    found = _lines(name, data) if PurePosixPath(name).suffix.lower() in LINES else _column(path)
    if len(found) < fewest:
        raise UserError(
            "{name} has {count} molecules: give at least {fewest}.", name=name, count=len(found), fewest=fewest
        )
    return name, found


def _lines(name: str, data: bytes) -> list[str]:
    """The first word of each line; what follows it is a name."""
    known = encoding(data)
    if known is None:
        raise UserError("{name} is no text: give a file with a SMILES on each line.", name=name)
    found = [line.split()[0] for line in data.decode(known).splitlines() if line.strip()]
    return found[1:] if found and found[0].lower() in COLUMNS else found


def _column(path: Path) -> list[str]:
    """The column of a table that is called SMILES."""
    table = reading.read(path, fewest=1)
    names = {str(column).lower(): column for column in table.frame.columns}
    chosen = next((names[name] for name in COLUMNS if name in names), None)
    if chosen is None:
        raise UserError(
            "{name} has no column called SMILES: rename the one that holds the molecules. Its columns are {columns}.",
            name=table.name,
            columns=", ".join(map(str, list(table.frame.columns)[:20])),
        )
    return [text for cell in table.frame[chosen] if isinstance(cell, str) and (text := cell.strip())]
