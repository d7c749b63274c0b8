"""One row of runs.db as a run, and one event's record as numbers: what is damaged is told apart before anything counts on it."""

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from vae_core.errors import UserError
from vae_core.presets.run_config import RunConfig
from vae_core.runs.states import ACTIVE, COMMANDS, DELETED, TRANSITIONS
from vae_core.utils import json_files

ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}")
FILE = re.compile(r"\d{6,9}\.npz")  # of a snapshot
# What pages count on in a record, by the kind of event; `train` and `val` are tables of numbers, `kl` is a list of them.
COUNTS = ("step", "epoch", "index", "images", "parameters", "active_units")
FINITE = ("seconds", "samples_per_second", "progress", "lr")
NEEDED = {"step": ("step",), "epoch": ("step",), "snapshot": ("step", "epoch", "seconds", "index", "file")}
OF_THE_LAST = ("step", "epoch", "seconds", "samples_per_second")  # what is told beside the curves


@dataclass(frozen=True)
class RunRow:
    """One run as it stands; times in seconds since 1970, `latest` holds the newest record of each kind of event."""

    id: str
    title: str
    config: str
    data_dir: str
    state: str
    place: int | None  # in the queue, from 1
    created: float
    started: float | None
    ended: float | None
    pid: int | None
    heartbeat: float | None
    message: str
    restarts: int  # by itself, after its worker was killed
    progress: float  # 0..1
    latest: dict[str, dict[str, Any]]
    controls: dict[str, float]
    folder: Path
    owner: str  # the id of the person who started it, "" for the machine

    @cached_property
    def run(self) -> RunConfig:
        return settings(self.config)

    @property
    def active(self) -> bool:
        """A worker holds this run."""
        return self.state in ACTIVE

    @property
    def commands(self) -> tuple[str, ...]:
        """What a person may ask of it now: some of pause, resume, stop."""
        return tuple(word for word in COMMANDS if word in TRANSITIONS[self.state])


@dataclass(frozen=True)
class DamagedRow:
    """A row that is no run any more, and why, in one sentence."""

    id: str
    why: str

    @property
    def known(self) -> bool:
        """Whether it has the name of a run, by which it can be deleted."""
        return ID.fullmatch(self.id) is not None


def parse(row: sqlite3.Row | Mapping[str, Any], place: int | None, runs: Path) -> RunRow:
    """The run that a row of the table describes, its folder below `runs`; raises UserError, which says what is wrong with it."""
    id = row["id"]
    try:
        return _checked(row, place, runs)
    except ValueError as error:
        raise UserError(
            f"The run {str(id)[:40]!r} is damaged: {error}. It is left out: delete it, and start it again if you need it."
        ) from None


@lru_cache(maxsize=20_000)  # every viewer reads the same ones each second
def record(kind: str, text: str) -> dict[str, Any]:
    """One event's record, not to be changed; raises ValueError where it does not hold what pages count on."""
    return _record(kind, json_files.parse(_text(text, "record"), infinite=True))


@lru_cache(maxsize=2000)
def settings(text: str) -> RunConfig:
    """The settings of a run; raises UserError."""
    return RunConfig.parse(text)


@lru_cache(maxsize=2000)
def latest(text: object) -> dict[str, dict[str, Any]]:
    """The newest record of each kind, not to be changed; raises ValueError as `record` does, and for figures that are no numbers."""
    found = _table(json_files.parse(_text(text, "figures"), infinite=True))
    for kind, values in found.items():
        _record(kind, values)
    for name in OF_THE_LAST:
        if "step" in found and name not in found["step"]:
            raise ValueError(f"its last step lacks {name}")
    if not _figures(found.get("done", {}).get("figures") or {}):
        raise ValueError("its figures are no numbers")
    return found


def _record(kind: str, value: Any) -> dict[str, Any]:
    found = _table(value)
    for name in NEEDED.get(kind, ()):
        if name not in found:
            raise ValueError(f"a record of the kind {kind} lacks {name}")
    for name, value in found.items():
        if not _as_it_must_be(name, value) and (kind in NEEDED or name in (*COUNTS, *FINITE)):
            raise ValueError(f"{name} in a record is not what it must be")
    return found


def _checked(row: sqlite3.Row | Mapping[str, Any], place: int | None, runs: Path) -> RunRow:
    id = row["id"]
    if not isinstance(id, str) or not ID.fullmatch(id):
        raise ValueError("its name is no run's")
    if row["state"] not in (*TRANSITIONS, DELETED):
        raise ValueError(f"its state is {str(row['state'])[:40]!r}")
    config = _text(row["config"], "settings")
    settings(config)
    times = {name: _time(row[name], name) for name in ("started", "ended", "heartbeat")}
    if (created := _time(row["created"], "created")) is None:
        raise ValueError("its time of creation is missing")
    if not json_files.is_finite(row["progress"]):
        raise ValueError("its progress is no number")
    if not json_files.is_count(row["restarts"]):
        raise ValueError("how often it went on by itself is no count")
    return RunRow(
        id=id,
        title=_text(row["title"], "title"),
        config=config,
        data_dir=_text(row["data_dir"], "data folder"),
        state=row["state"],
        place=place,
        created=created,
        **times,
        pid=process(row["pid"]),
        message=_text(row["message"], "message"),
        restarts=row["restarts"],
        progress=min(1.0, max(0.0, row["progress"])),
        latest=latest(row["latest"]),
        controls=_controls(row["knobs"]),
        folder=runs / id,
        owner=_text(row["owner"], "owner"),
    )


def process(value: object) -> int | None:
    """A process's number that the system can be asked about, else None."""
    return value if isinstance(value, int) and 0 < value < 2**31 else None


def _figures(value: object) -> bool:
    if not isinstance(value, dict) or not all(item is None or _number(item) for item in value.values()):
        return False
    return not value or all(_number(value.get(name)) for name in ("distortion", "active_units"))


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("a record of it is no table of names and values")
    return value


def _controls(text: object) -> dict[str, float]:
    found = _table(json_files.parse(_text(text, "knobs")))
    if not all(json_files.is_finite(value) for value in found.values()):
        raise ValueError("its learning rate or beta is no number")
    return {name: float(value) for name, value in found.items()}


def _as_it_must_be(name: str, value: object) -> bool:
    if name in COUNTS:
        return json_files.is_count(value)
    if name in FINITE:
        return json_files.is_finite(value)
    if name == "file":
        return isinstance(value, str) and FILE.fullmatch(value) is not None
    if name in ("train", "val"):
        return isinstance(value, dict) and all(item is None or _number(item) for item in value.values())
    if name == "kl":
        return value is None or (isinstance(value, list) and all(item is None or _number(item) for item in value))
    return value is None or isinstance(value, str) or _number(value)


def _number(value: object) -> bool:
    """A number, or the NaN of a figure that could not be measured."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"its {what} is no text")
    return value


def _time(value: object, what: str) -> float | None:
    if value is not None and not json_files.is_finite(value):
        raise ValueError(f"the time it was {what} is no number")
    return value  # type: ignore[return-value]
