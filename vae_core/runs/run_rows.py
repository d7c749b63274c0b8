"""Rows of runs.db as checked objects: a run's row, and an event's record. Damaged ones are found before any page uses them."""

import hashlib
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from vae_core.errors import UserError
from vae_core.messages import Message, recorded
from vae_core.presets.papers import PRESETS
from vae_core.presets.run_config import RunConfig
from vae_core.runs.rules.queue_order import Waiting
from vae_core.runs.state_machine import ACTIVE, COMMANDS, DELETED, TRANSITIONS
from vae_core.utils import strict_json

RUN_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}")
SNAPSHOT_FILE = re.compile(r"\d{6,9}\.npz")
# Fields of a record that pages rely on; `train` and `val` are tables of numbers, `kl` is a list of numbers.
COUNTS = ("step", "epoch", "index", "images", "parameters", "active_units")
FINITE = ("seconds", "samples_per_second", "progress", "lr")
REQUIRED = {"step": ("step",), "epoch": ("step",), "snapshot": ("step", "epoch", "seconds", "index", "file")}
LATEST_STEP = ("step", "epoch", "seconds", "samples_per_second")  # fields of the latest step, shown beside the curves


@dataclass(frozen=True)
class RunRow:
    """The present state of one run; times in seconds since 1970, `latest` holds the newest record of each kind of event."""

    id: str
    title: str
    config: str
    data_dir: str
    state: str
    waiting: Waiting | None  # its place in the queue; None where it does not wait
    created: float
    started: float | None
    ended: float | None
    pid: int | None
    heartbeat: float | None
    message: Message
    restarts: int  # automatic ones, after its worker was killed
    progress: float  # 0..1
    latest: dict[str, dict[str, Any]]
    controls: dict[str, float]
    folder: Path
    owner: str  # the id of the user who started it, "" where that browser kept no cookie
    by_admin: bool  # whether that user was an administrator, whose runs have no limits
    private: bool  # whether only its owner and administrators see it
    origin: str  # the id of the run whose weights it began with, "" where it began with its own
    node: str  # the name of the cluster's node that trains it or did last, "" for this computer

    @cached_property
    def run(self) -> RunConfig:
        """The settings as an object."""
        return parse_settings(self.config)

    @property
    def place(self) -> int | None:
        """Its place in the queue, from 1; None where it does not wait."""
        return None if self.waiting is None else self.waiting.place

    @property
    def active(self) -> bool:
        """Whether a worker holds this run."""
        return self.state in ACTIVE

    @property
    def commands(self) -> tuple[str, ...]:
        """The commands that its state allows: some of pause, resume, stop."""
        return tuple(word for word in COMMANDS if word in TRANSITIONS[self.state])


@dataclass(frozen=True)
class DamagedRow:
    """A damaged row: its id, and what is wrong with it in one sentence."""

    id: str
    why: str

    @property
    def has_valid_id(self) -> bool:
        """Whether its id is that of a run, so that it can be deleted."""
        return RUN_ID.fullmatch(self.id) is not None


def parse_row(row: sqlite3.Row | Mapping[str, Any], waiting: Waiting | None, runs: Path) -> RunRow:
    """The run of a row of the table, with its folder in `runs`; raises UserError, which says what is wrong with the row."""
    id = row["id"]
    try:
        return _checked(row, waiting, runs)
    except ValueError as error:
        raise UserError(
            "The run {id!r} is damaged and left out: {error}. Delete it, and start it again if you need it.",
            id=str(id)[:40],
            error=error,
        ) from None


@lru_cache(maxsize=20_000)  # every open page reads the same records each second
def parse_record(kind: str, text: str) -> dict[str, Any]:
    """One event's record, shared, so do not change it; raises ValueError where a field that pages rely on is missing or invalid."""
    return _checked_record(kind, strict_json.parse(_text(text, Message("record")), infinite=True))


@lru_cache(maxsize=2000)
def parse_settings(text: str) -> RunConfig:
    """The settings of a run from their JSON text; raises UserError."""
    return RunConfig.parse(text)


@lru_cache(maxsize=2000)
def parse_latest(text: object) -> dict[str, dict[str, Any]]:
    """The newest record of each kind, shared, so do not change it; raises ValueError as `parse_record` does."""
    found = _table(strict_json.parse(_text(text, Message("figures")), infinite=True))
    for kind, values in found.items():
        _checked_record(kind, values)
    for name in LATEST_STEP:
        if "step" in found and name not in found["step"]:
            raise ValueError(Message("its last step has no {name}", name=name))
    if not _are_figures(found.get("done", {}).get("figures") or {}):
        raise ValueError(Message("its figures are not numbers"))
    return found


def _checked_record(kind: str, value: Any) -> dict[str, Any]:
    found = _table(value)
    for name in REQUIRED.get(kind, ()):
        if name not in found:
            raise ValueError(Message("a record of the kind {kind} has no {name}", kind=kind, name=name))
    for name, value in found.items():
        if not _is_valid(name, value) and (kind in REQUIRED or name in (*COUNTS, *FINITE)):
            raise ValueError(Message("{name} in a record has an invalid value", name=name))
    return found


def _checked(row: sqlite3.Row | Mapping[str, Any], waiting: Waiting | None, runs: Path) -> RunRow:
    id = row["id"]
    if not isinstance(id, str) or not RUN_ID.fullmatch(id):
        raise ValueError(Message("its id is not that of a run"))
    if row["state"] not in (*TRANSITIONS, DELETED):
        raise ValueError(Message("its state is {state!r}", state=str(row["state"])[:40]))
    config = _text(row["config"], Message("settings"))
    parse_settings(config)
    times = {name: _time(row[name], name) for name in ("started", "ended", "heartbeat")}
    if (created := _time(row["created"], "created")) is None:
        raise ValueError(Message("its time of creation is missing"))
    if not strict_json.is_finite(row["progress"]):
        raise ValueError(Message("its progress is not a number"))
    if not strict_json.is_count(row["restarts"]):
        raise ValueError(Message("its number of restarts is not a count"))
    return RunRow(
        id=id,
        title=_text(row["title"], Message("title")),
        config=config,
        data_dir=_text(row["data_dir"], Message("data folder")),
        state=row["state"],
        waiting=waiting,
        created=created,
        **times,
        pid=valid_pid(row["pid"]),
        message=recorded(_text(row["message"], Message("message"))),
        restarts=row["restarts"],
        progress=min(1.0, max(0.0, row["progress"])),
        latest=parse_latest(row["latest"]),
        controls=_controls(row["knobs"]),
        folder=runs / id,
        owner=_text(row["owner"], Message("owner")),
        by_admin=bool(row["by_admin"]),
        private=bool(row["private"]),
        origin=_text(row["origin"], Message("origin")),
        node=_text(row["node"], Message("node")),
    )


def search_words(run: RunConfig) -> str:
    """What a run is found by, in lower case: its title, its data set, and the presets whose model and objective it has."""
    settings = run.settings
    presets = [
        f"{name} {preset.title}"
        for name, preset in PRESETS.items()
        if preset.objective.name == run.objective.name
        and all(settings.get(field) == value for field, value in preset.changes)
    ]
    return "\n".join([run.title, run.data.dataset, *presets]).casefold()


def alike(run: RunConfig) -> str:
    """Equal for runs of equal settings, whatever their titles, and for hardly any others: 16 hexadecimal digits.

    Settings at their defaults do not count, so that a version that adds a setting finds the runs of older ones.
    """
    text = run.model_copy(update={"title": ""}).model_dump_json(exclude_defaults=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def valid_pid(value: object) -> int | None:
    """The value if it can be a process id, else None."""
    return value if isinstance(value, int) and 0 < value < 2**31 else None


def _are_figures(value: object) -> bool:
    if not isinstance(value, dict) or not all(item is None or _is_number(item) for item in value.values()):
        return False
    return not value or all(_is_number(value.get(name)) for name in ("distortion", "active_units"))


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(Message("a record is not a table of names and values"))
    return value


def _controls(text: object) -> dict[str, float]:
    found = _table(strict_json.parse(_text(text, Message("live controls"))))
    if not all(strict_json.is_finite(value) for value in found.values()):
        raise ValueError(Message("its learning rate or beta is not a number"))
    return {name: float(value) for name, value in found.items()}


def _is_valid(name: str, value: object) -> bool:
    if name in COUNTS:
        return strict_json.is_count(value)
    if name in FINITE:
        return strict_json.is_finite(value)
    if name == "file":
        return isinstance(value, str) and SNAPSHOT_FILE.fullmatch(value) is not None
    if name in ("train", "val"):
        return isinstance(value, dict) and all(item is None or _is_number(item) for item in value.values())
    if name in ("texts", "original_texts"):
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if name == "kl":
        return value is None or (isinstance(value, list) and all(item is None or _is_number(item) for item in value))
    return value is None or isinstance(value, str) or _is_number(value)


def _is_number(value: object) -> bool:
    """Whether it is a number; NaN is one, for a figure that could not be measured."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: object, what: Message) -> str:
    if not isinstance(value, str):
        raise ValueError(Message("its {what} is not text", what=what))
    return value


def _time(value: object, what: str) -> float | None:
    if value is not None and not strict_json.is_finite(value):
        raise ValueError(Message("its time '{what}' is not a number", what=what))
    return value  # type: ignore[return-value]
