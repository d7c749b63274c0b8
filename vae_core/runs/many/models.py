"""The models that a person may see, by name, without a look at all of them: a folder's names are read again when it changes, a model
when it is asked for.

Nothing is kept on the disk, so that a model that a hand added, replaced or deleted is seen at the next look.
"""

import os
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from vae_core import checkpoints
from vae_core.checkpoints import CheckpointInfo, DamagedCheckpoint
from vae_core.data import DATASETS
from vae_core.errors import UserError
from vae_core.runs.many.listing import hidden, with_words
from vae_core.runs.run_rows import RUN_ID
from vae_core.runs.store import Store
from vae_core.runs.users import User

PREFIX = "run-"  # of the name of a run's model, before the run's id
AT_ONCE = 100  # names that are compared with the private runs at once
# Nanoseconds after a change of a folder in which another one may leave its time of change as it is: some file systems count
# whole seconds, others the ticks of the kernel's clock.
TICK, COARSE_TICK, SECOND = 50_000_000, 2_000_000_000, 1_000_000_000

Found = CheckpointInfo | DamagedCheckpoint
Stamp = tuple[str, int]  # a model's folder, and a number that changes with its files


@dataclass(frozen=True)
class Offered:
    """Some of the models, by name: those that are `whole`, and why each of the `damaged` ones is left out."""

    whole: dict[str, CheckpointInfo]
    damaged: dict[str, str]


class Models(Mapping[str, CheckpointInfo]):
    """Every whole model, by name; those that come with the app are first, then those of the runs that this person may see.

    `refused` says why models that looked whole could not be opened.
    """

    def __init__(self, home: Path, user: User, refused: Mapping[Stamp, str]) -> None:
        self.home, self.user, self.refused = home, user, refused
        # Texts, since each page looks at hundreds of files, and a Path takes longer to make than the look.
        self.roots = {"": str(checkpoints.bundled()), PREFIX: str(home / "runs")}

    def __getitem__(self, name: str) -> CheckpointInfo:
        found = self._look(name)
        if not isinstance(found, CheckpointInfo) or self._why_not(found):
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        every = (f"{prefix}{own}" for prefix, root in self.roots.items() for own in names(root))
        return (name for name in every if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def stamp(self, name: str) -> Stamp:
        """The folder of a model, which may be damaged, and a number that changes with its files; KeyError where there is none."""
        found = self._look(name)
        if found is None:
            raise KeyError(name)
        return stamped(found.folder)

    def why_not(self, name: str) -> str:
        """Why the model of that name is left out, in one sentence; "" where it is whole, or there is none."""
        found = self._look(name)
        return "" if found is None else self._why_not(found)

    def offered(self, most: int, search: str = "", also: Collection[str] = ()) -> Offered:
        """The models that come with the app and the newest of the runs, at most so many of these; with a search those that have all
        its words. Those that `also` names are among them. In the order of all models.
        """
        runs = self._found(search, most) if search else self._newest(most)
        chosen = {*also, *(PREFIX + own for own in runs)}
        own = [name for name in names(self.roots[""]) if not search or self._has(name, search) or name in chosen]
        whole, damaged = {}, {}
        for name in (*own, *sorted(name for name in chosen if name.startswith(PREFIX))):
            found = self._look(name)
            if found is not None and (why := self._why_not(found)):
                damaged[name] = why
            elif isinstance(found, CheckpointInfo):
                whole[name] = found
        return Offered(whole, damaged)

    def more_than(self, count: int) -> bool:
        """Whether there are more than so many folders of runs, which may each hold a model."""
        return len(names(self.roots[PREFIX])) > count

    def _newest(self, most: int) -> list[str]:
        """The names of at most so many folders of runs that hold a model, the newest first."""
        root, found = self.roots[PREFIX], list[str]()
        known = list(reversed(names(root)))
        for start in range(0, len(known), AT_ONCE):
            some = known[start : start + AT_ONCE]
            out = self._private(tuple(some))
            found += [name for name in some if name not in out and age(os.path.join(root, name, checkpoints.RUN))]
            if len(found) >= most:
                break
        return found[:most]

    def _found(self, search: str, most: int) -> list[str]:
        """The names of at most so many folders of runs with all words of the search: of runs of the app, then of copies by hand."""
        rows = with_words(Store(self.home), self.user, search, most)
        by_hand = (name for name in names(self.roots[PREFIX]) if not RUN_ID.fullmatch(name))
        return [*rows, *(name for name in by_hand if self._has(PREFIX + name, search))][:most]

    def _has(self, name: str, search: str) -> bool:
        info = self.get(name)
        if info is None:
            return False
        data = info.run.data.dataset
        text = f"{name} {info.title} {data} {DATASETS[data].title if data in DATASETS else ''}".casefold()
        return all(word in text for word in search.casefold().split())

    def _look(self, name: str) -> Found | None:
        """The model of that name; only names that are in the folder become part of a path."""
        prefix = PREFIX if name.startswith(PREFIX) else ""
        own, root = name.removeprefix(prefix), self.roots[prefix]
        if own not in _listing(root).known or (prefix and own in self._private((own,))):
            return None
        folder = os.path.join(root, own)
        changed = age(os.path.join(folder, checkpoints.RUN))
        return _read(folder, changed) if changed else None

    def _why_not(self, found: Found) -> str:
        if isinstance(found, DamagedCheckpoint):
            return found.why
        return self.refused.get(stamped(found.folder), "") if self.refused else ""

    def _private(self, ids: tuple[str, ...]) -> frozenset[str]:
        """Which of these are private runs that this person may not see."""
        if self.user.is_admin:
            return frozenset()
        changed = tuple(age(os.path.join(self.home, name)) for name in ("runs.db", "runs.db-wal"))
        return _hidden(self.home, self.user, ids, changed) if changed[0] else frozenset()


def stamped(folder: Path) -> Stamp:
    """The folder of a model, and a number that changes when one of its files is written again."""
    return str(folder), sum(age(folder / name) for name in (checkpoints.RUN, checkpoints.WEIGHTS, checkpoints.LATENTS))


def age(path: str | Path) -> int:
    """A number that changes when the file is written again; 0 where there is no file."""
    try:
        found = os.lstat(path)
    except OSError:
        return 0
    return found.st_mtime_ns + found.st_size


def names(root: str) -> Sequence[str]:
    """The names in a folder, in order; none where there is no folder. Read again when the folder has changed."""
    return _listing(root).names


@dataclass(frozen=True)
class _Listing:
    """A folder's names, its time of change before they were read (0: there was no folder), and when they were read."""

    changed: int
    read: int
    names: tuple[str, ...]
    known: frozenset[str]

    @property
    def is_sure(self) -> bool:
        """Whether any later change of the folder has another time than this one."""
        return self.read - self.changed > (COARSE_TICK if self.changed % SECOND == 0 else TICK)


_listings: dict[str, _Listing] = {}


def _listing(root: str) -> _Listing:
    try:
        changed = os.stat(root).st_mtime_ns
    except OSError:
        return _Listing(0, 0, (), frozenset())
    last = _listings.get(root)
    if last is None or last.changed != changed or not last.is_sure:
        now = time.time_ns()
        try:
            found = tuple(sorted(os.listdir(root)))
        except OSError:
            found = ()
        last = _listings[root] = _Listing(changed, now, found, frozenset(found))
    return last


@lru_cache(maxsize=4 * AT_ONCE)
def _read(folder: str, changed: int) -> Found:
    try:
        return checkpoints.info(Path(folder))
    except UserError as error:
        return DamagedCheckpoint(Path(folder), error.message)


@lru_cache(maxsize=1024)
def _hidden(home: Path, user: User, ids: tuple[str, ...], changed: tuple[int, ...]) -> frozenset[str]:
    return hidden(Store(home), user, ids)
