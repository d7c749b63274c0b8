"""The one kind of error that a person is meant to read, the look-up of a name that raises it, and the one kind of warning."""

import warnings
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from vae_core.messages import Message

Entry = TypeVar("Entry")


class UserError(ValueError):
    """What went wrong and what to do, in one sentence; pages show it in the person's language, the command line in English.

    `UserError("There is no model '{name}'.", name=name)`: a literal template and its values, as in `Message`.
    """

    def __init__(self, template: str, /, **values: Any) -> None:
        self.message = template if isinstance(template, Message) and not values else Message(template, **values)
        super().__init__(self.message)


# What the operating system says, in its own English words: those that a person may cause or mend.
SYSTEM_REASONS = (
    Message("No space left on device"),
    Message("Permission denied"),
    Message("Operation not permitted"),
    Message("No such file or directory"),
    Message("Read-only file system"),
    Message("Is a directory"),
    Message("Not a directory"),
    Message("File exists"),
    Message("Too many open files"),
    Message("File name too long"),
    Message("Input/output error"),
    Message("Disk quota exceeded"),
    Message("File too large"),
    Message("Device or resource busy"),
    Message("Connection refused"),
    Message("Network is unreachable"),
    Message("Name or service not known"),
    Message("Temporary failure in name resolution"),
    Message("timed out"),
)


def reason(error: BaseException) -> Message:
    """Why the operating system refused; in English, and in other languages where it is one of SYSTEM_REASONS."""
    said = str(getattr(error, "strerror", None) or error)
    return next((one for one in SYSTEM_REASONS if one == said), Message("{said}", said=said))


def entry(registry: Mapping[str, Entry], name: str, kind: Message) -> Entry:
    """The registry's entry of that name, one of a `kind`; raises UserError with the known names for an unknown one."""
    if name not in registry:
        known = ", ".join(registry)
        raise UserError("There is no {kind} '{name}'; known are {known}.", kind=kind, name=name, known=known)
    return registry[name]


class DataWarning(UserWarning):
    """How a person's data were read, where that is more than plain: a range of values, an order of axes, what was left out."""


def say(notes: Iterable[Message], stacklevel: int) -> None:
    """Warn of each note; with stacklevel 2 at the line that called the caller, and so on."""
    for note in notes:
        warnings.warn(note, DataWarning, stacklevel=stacklevel + 1)
