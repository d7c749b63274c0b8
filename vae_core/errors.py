"""The one kind of error that a person is meant to read, and the look-up of a name that raises it."""

from collections.abc import Mapping
from typing import TypeVar

Entry = TypeVar("Entry")


class UserError(ValueError):
    """What went wrong and what to do, in one sentence; pages show it as it is, the command line prints it."""


def entry(registry: Mapping[str, Entry], name: str, kind: str) -> Entry:
    """The registry's entry of that name; raises UserError with the known names for an unknown one."""
    if name not in registry:
        raise UserError(f"There is no {kind} '{name}'; known are {', '.join(registry)}.")
    return registry[name]
