"""What the folders of pictures say: one level may be the split (train, val, test), and another, which varies, the class."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np

from vae_core.data.own.pictures.splits import SPLIT_OF
from vae_core.messages import Message
from vae_core.utils.arrays import Int64

UNSORTED = "(no folder)"
MOST_CLASSES = 256  # of a model; a deeper level with more names is one of objects or people, not of classes
Levels = list[tuple[str, ...]]  # the folders of each picture, from the outside in


@dataclass(frozen=True)
class FolderNames:
    """The label of each picture (None: there are no folders to tell), its split (None: no folder says), and how they were found."""

    labels: list[str] | None
    splits: Int64 | None
    note: Message | None = None


def read_folder_names(names: Sequence[PurePosixPath]) -> FolderNames:
    """Labels and splits from the folders of these pictures.

    The label is the innermost level whose names differ, such as cat and dog in data/cat/images/1.png and data/dog/images/2.png.
    """
    levels: Levels = [name.parts[:-1] for name in names]
    depth = min(map(len, levels), default=0)
    splits, at = _splits(levels, depth)
    if at is not None:
        levels = [level[:at] + level[at + 1 :] for level in levels]
        depth = min(map(len, levels), default=0)
    varying = [i for i in range(depth) if len({level[i] for level in levels}) > 1]
    if not varying:
        first = [level[0] if level else UNSORTED for level in levels]
        return FolderNames(first if len(set(first)) > 1 else None, splits)
    chosen = next((i for i in reversed(varying) if _are_classes({level[i] for level in levels}, len(levels))), None)
    if chosen is None:
        return FolderNames(None, splits, Message("The folders have too many names to be classes."))
    return FolderNames([level[chosen] for level in levels], splits, _note(levels, chosen, varying))


def _splits(levels: Levels, depth: int) -> tuple[Int64 | None, int | None]:
    """The split of each picture and the level that says it: the outermost whose names are all splits, at least two of them."""
    for i in range(depth):
        names = {level[i] for level in levels}
        found = {name: SPLIT_OF.get(name.lower()) for name in names}
        if None not in found.values() and len(set(found.values())) > 1:
            return np.array([found[level[i]] for level in levels], np.int64), i
    return None, None


def _are_classes(names: set[str], pictures: int) -> bool:
    return len(names) <= min(MOST_CLASSES, max(2, pictures // 2))


def _note(levels: Levels, chosen: int, varying: list[int]) -> Message | None:
    """A word on which level was taken, where another one would have been possible too."""
    if len(varying) == 1:
        return None
    return Message(
        "The names of folders on several levels differ; the labels are those like '{taken}', not those like '{other}'.",
        taken=levels[0][chosen],
        other=levels[0][next(i for i in reversed(varying) if i != chosen)],
    )
