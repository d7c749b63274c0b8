"""The properties that an edit can give more of: what is measured on pictures or molecules, factors of sprites, columns of numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vae_core.checkpoints import CheckpointInfo
from vae_core.data import load
from vae_core.data.tables.columns import decode
from vae_core.edits.picture_properties import MEASURED, ink
from vae_core.errors import UserError
from vae_core.features import targets
from vae_core.messages import Message
from vae_core.molecules import structures

Values = NDArray[np.float64]
FACTORS = {  # of the sprites; a rotation comes back to where it began, so more of it is no direction
    "scale": Message("the scale"),
    "x": Message("the place across"),
    "y": Message("the place down"),
}


@dataclass(frozen=True)
class Property:
    """`title` and `unit` as people see them; a column of a table has its own name and no unit."""

    title: Message | str
    unit: Message | str = ""


def properties(info: CheckpointInfo) -> dict[str, Property]:
    """The properties of a model's data by name; none for points."""
    if info.vocabulary is not None:
        known_to_chemistry = structures.PROPERTIES if info.vocabulary.notation else {}
        return {name: Property(one.title, one.unit) for name, one in known_to_chemistry.items()}
    measured = MEASURED if info.run.model.kind == "picture" else {}
    found = {name: Property(one.title, one.unit) for name, one in measured.items()}
    known = targets.targets_of(info)
    if info.columns:
        return {name: Property(name) for name, one in known.items() if one.width}
    return found | {name: Property(title, Message("steps")) for name, title in FACTORS.items() if name in known}


def values(info: CheckpointInfo, x: NDArray[np.generic], name: str) -> Values:
    """A property of the test examples x (N, *shape), (N,); NaN where it is not known.

    Raises UserError for another name, with those that there are, where the factors of the data cannot be read, and for molecules
    without the extra `molecules`.
    """
    known = properties(info)
    if name not in known:
        listed = ", ".join(known) or "-"
        raise UserError("There is no property '{name}': known are {names}.", name=name, names=listed)
    if info.vocabulary is not None:
        return decoded(info, x, name)
    if name in MEASURED and not info.columns:
        return MEASURED[name].of(ink(x))
    target = targets.targets_of(info)[name]
    if target.width:
        return _column(info, x, target)
    return np.asarray(targets.values(load(info.run.data).test, target), np.float64)


def within_classes(info: CheckpointInfo) -> bool:
    """Whether a direction is to change a property within each class; the classes of molecules are bands of one of the properties."""
    return bool(info.classes) and info.vocabulary is None


def decoded(info: CheckpointInfo, x: NDArray[np.generic], name: str) -> Values:
    """A property of molecules x (N, T), also of decoded ones, (N,); NaN for what is no molecule."""
    assert info.vocabulary is not None
    return structures.measured([structures.structure(one) for one in info.vocabulary.smiles(x)], name)


def _column(info: CheckpointInfo, x: NDArray[np.generic], target: targets.Target) -> Values:
    """The values of a column in the table's unit, NaN where a cell is empty."""
    cells = decode(info.columns, np.asarray(x, np.float32))[target.name]
    return np.array([np.nan if cell is None else float(cell) for cell in cells])
