"""Limits on what one person, and all people together, may use: the file limits.toml in the home folder, or the defaults below.

A file with an unknown key, a wrong type or a value out of its range changes nothing: the limits that were in force stay in
force, and one sentence says what is wrong. A file that is changed counts from the next look at it; no server is started again.
"""

import os
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from vae_core.errors import UserError, reason
from vae_core.frozen import Frozen
from vae_core.messages import Message
from vae_core.translation.terminal import say
from vae_core.utils.files import read_file

FILE, FILE_BYTES = "limits.toml", 100_000
MB = 2**20
SECTIONS = {
    "person": Message("For each person who is not an administrator."),
    "everyone": Message("For all people together."),
}


def _count(default: int, most: int, about: Message) -> int:
    found: int = Field(default, ge=1, le=most, strict=True, description=about)
    return found


class PersonLimits(Frozen):
    """What one person may use who is not an administrator; uploads are limited for administrators too."""

    runs: int = _count(8, 10_000, Message("runs of one person that wait or train"))
    training: int = _count(8, 1000, Message("of these, runs that train at the same time"))
    seconds: int = _count(
        3600, 10_000_000, Message("seconds of training, after which a run is ended and its model kept")
    )
    jobs: int = _count(20, 10_000, Message("background jobs of one person that wait or run"))
    upload_mb: int = _count(200, 100_000, Message("MB of uploaded files in memory, while the page is open"))
    archive_mb: int = _count(400, 1_000_000, Message("MB of uploads kept on the disk for training"))
    disk_mb: int = _count(2000, 10_000_000, Message("MB of runs and kept uploads together on the disk"))


class LimitsInAll(Frozen):
    """What all people together may use; administrators are counted, and refused only uploads."""

    runs: int = _count(100, 100_000, Message("runs that wait or train"))
    training: int = _count(64, 1000, Message("of these, runs that train at the same time, if the cores allow as many"))
    jobs: int = _count(200, 100_000, Message("background jobs that wait or run"))
    upload_mb: int = _count(1024, 1_000_000, Message("MB of uploaded files in memory"))
    archive_mb: int = _count(4096, 10_000_000, Message("MB of uploads kept on the disk for training"))
    disk_mb: int = _count(20_000, 100_000_000, Message("MB of runs and kept uploads together on the disk"))


class Limits(Frozen):
    """All limits: those of `person`, for each one, and those of `everyone`, for all together."""

    person: PersonLimits = PersonLimits()
    everyone: LimitsInAll = LimitsInAll()


@dataclass(frozen=True)
class _Known:
    """A file as it was when it was last read: its stamp, the limits in force since then, and what is wrong with it."""

    stamp: tuple[int, int] | None
    limits: Limits
    problem: Message | None


_known: dict[Path, _Known] = {}  # by the file; a process has one home, a test many


def in_force(home: Path) -> Limits:
    """The limits of this home now. A wrong file is named once on the standard error of each process."""
    return _look(home).limits


def problem(home: Path) -> Message | None:
    """What is wrong with the file of this home, in one sentence; None where nothing is, or there is none."""
    return _look(home).problem


def read(path: Path) -> Limits:
    """The limits of a file; UserError where it cannot be read, or holds anything else than limits."""
    try:
        values = tomllib.loads(read_file(path, FILE_BYTES).decode())
        for section in SECTIONS.keys() & values.keys():
            _check(section, values[section])
        return Limits.parse(values)
    except UserError as error:
        why = error.message
    except OSError as error:
        why = reason(error)
    except ValueError as error:  # not UTF-8, or not TOML, whose parser names the line
        why = Message("{error}", error=str(error))
    raise UserError("The limits in {path} are wrong, so the file changes nothing. {why}", path=path, why=why)


def _check(section: str, values: object) -> None:
    """Raise UserError, which names the section, where it holds anything else than its limits."""
    if not isinstance(values, dict):
        raise UserError("[{section}] is no section with limits.", section=section)
    try:
        type(getattr(Limits(), section)).parse(values)
    except UserError as error:
        raise UserError("[{section}] {problem}", section=section, problem=error.message) from None


def as_file(limits: Limits) -> str:
    """A limits.toml with each limit, and its meaning and default as a comment in the terminal's language."""
    parts = [f"# {say(Message('limits.toml, for the home folder of the app. What is left out has its default.'))}"]
    for section, title in SECTIONS.items():
        values = getattr(limits, section)
        parts += ["", f"# {say(title)}", f"[{section}]"]
        for name, field in type(values).model_fields.items():
            about = Message("{about}; default: {default}", about=field.description, default=field.default)
            parts.append(f"{name} = {getattr(values, name)}  # {say(about)}")
    return "\n".join(parts)


def _look(home: Path) -> _Known:
    path = home / FILE
    known, stamp = _known.get(path), _stamp(path)
    if known is not None and known.stamp == stamp:
        return known
    limits, wrong = Limits(), None
    if stamp is not None:
        try:
            limits = read(path)
        except UserError as error:
            limits, wrong = known.limits if known else limits, error.message
            print(say(error.message), file=sys.stderr, flush=True)
    _known[path] = _Known(stamp, limits, wrong)
    return _known[path]


def _stamp(path: Path) -> tuple[int, int] | None:
    """A pair that changes when the file is written again; None where there is none."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
