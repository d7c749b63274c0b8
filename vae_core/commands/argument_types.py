"""Argument types for argparse: numbers in a range, valid paths, folders, host names. Each error is a sentence with advice."""

import argparse
import os
import re
from collections.abc import Callable
from pathlib import Path

from vae_core.messages import Message
from vae_core.translation.terminal import say

LONGEST_NAME, LONGEST_PATH = 255, 4000  # bytes


def integer(low: int, high: int) -> Callable[[str], int]:
    """A whole number from `low` to `high`."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise _wrong(
                Message(
                    "give a whole number from {low:,} to {high:,}, not {text}.", low=low, high=high, text=short(text)
                )
            )
        return value

    return read


def number(low: float, high: float) -> Callable[[str], float]:
    """A number from `low` to `high`."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise _wrong(
                Message("give a number from {low:g} to {high:g}, not {text}.", low=low, high=high, text=short(text))
            )
        return value

    return read


def age(text: str) -> float:
    """A span of time such as 7d, 12h or 30m, in seconds."""
    found = re.fullmatch(r"(\d{1,6})([dhm])", text, re.ASCII)
    if found is None:
        raise _wrong(Message("give days, hours or minutes, such as 7d, 12h or 30m, not {text}.", text=short(text)))
    return float(found[1]) * {"d": 24 * 3600.0, "h": 3600.0, "m": 60.0}[found[2]]


def path(text: str) -> str:
    """A valid path of this system, whether or not it exists."""
    try:
        name = os.fsencode(text)
        text.encode()
        Path(text).expanduser()
    except (UnicodeError, RuntimeError):
        raise _wrong(Message("{text} is not a valid path on this computer.", text=short(text))) from None
    if not text or "\0" in text:
        raise _wrong(Message("{text} is not a valid path.", text=short(text)))
    if len(name) > LONGEST_PATH or max(map(len, name.split(b"/"))) > LONGEST_NAME:
        raise _wrong(Message("{text} is too long for a path: choose a shorter one.", text=short(text)))
    return text


def folder(text: str) -> str:
    """The path of a folder that exists or could be created."""
    there = Path(os.path.realpath(Path(path(text)).expanduser()))
    while not there.exists():
        there = there.parent
    if not there.is_dir():
        raise _wrong(Message("{there} is a file, not a folder: choose another one.", there=there))
    return text


def new_file(text: str) -> str:
    """The path of a file that could be written: its parent is a folder, and it is not a folder itself."""
    there = Path(path(text))
    folder(str(there.parent))
    if there.is_dir() or there.name in ("", ".."):
        raise _wrong(Message("{text} is a folder: give the name of a file.", text=short(text)))
    return text


def host(text: str) -> str:
    """An address or a name of this machine."""
    try:
        if 0 < len(text.encode("idna")) <= LONGEST_NAME and text.isprintable() and " " not in text:
            return text
    except UnicodeError:
        pass
    raise _wrong(Message("{text} is not an address: give 127.0.0.1, or 0.0.0.0 for your network.", text=short(text)))


def _wrong(sentence: Message) -> argparse.ArgumentTypeError:
    """The error of an argument, which argparse prints as it is."""
    return argparse.ArgumentTypeError(say(sentence))


def short(text: str, most: int = 60) -> str:
    """The typed text in quotes, shortened to `most` characters."""
    return repr(text if len(text) <= most else f"{text[:most]}...")
