"""Reads a lesson's file: a head and steps in TOML, with Markdown below. Each refusal names the file and the line.

+++
title = "..."
+++
## do
page = "latent_space"
done = "decoded class is 4"

Put z where the decoder draws a **4**.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from vae_core.errors import UserError
from vae_core.lessons import steps
from vae_core.lessons.lesson import KINDS, Lesson
from vae_core.lessons.texts import check_text
from vae_core.utils.files import read_file

FILE_BYTES, MOST_STEPS, MOST_MINUTES = 64_000, 20, 90
HEAD = {"title": str, "about": str, "minutes": int, "model": str, "other": str}
Block = tuple[int, str, list[str]]  # line of the heading, kind, lines below it


def read_lesson(path: Path) -> Lesson:
    """The lesson of a file in a folder named after it, such as 01-two-numbers/en.md; raises UserError."""
    try:
        text = read_file(path, FILE_BYTES).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("{path} cannot be read ({error}).", path=path, error=error) from None
    return parse_lesson(text, path)


def parse_lesson(text: str, path: Path) -> Lesson:
    """The lesson that a text describes; raises UserError that names the file and the line."""
    lines = text.replace("\r\n", "\n").split("\n")
    fences = [number for number, line in enumerate(lines) if line.strip() == "+++"]
    if len(fences) < 2 or fences[0] != 0:
        raise refusal(path, 1, UserError("A lesson begins with a head between two lines of +++."))
    head = _head(path, lines[1 : fences[1]])
    blocks = list(_blocks(path, lines, fences[1] + 1))
    if not 1 <= len(blocks) <= MOST_STEPS:
        raise refusal(path, len(lines), UserError("A lesson has 1 to {most} steps.", most=MOST_STEPS))
    found = tuple(_step(path, block) for block in blocks)
    for number, step in enumerate(found):
        refuse_at(path, step.line, partial(steps.check_order, found, number))
    return Lesson(path.parent.name, path.stem, **head, steps=found, path=path)


def refusal(path: Path, line: int, error: UserError) -> UserError:
    """The error with the file and the line in front."""
    name = f"{path.parent.name}/{path.name}"
    return UserError("{file}, line {line}: {why}", file=name, line=line, why=error.message)


def refuse_at(path: Path, line: int, act: Callable[[], Any]) -> Any:
    """What `act` gives; its UserError is raised with the file and the line in front."""
    try:
        return act()
    except UserError as error:
        raise refusal(path, line, error) from None


def _head(path: Path, lines: list[str]) -> dict[str, Any]:
    values = read_toml(path, 2, lines)
    for name in values.keys() - HEAD.keys():
        raise refusal(path, line_of(lines, name, 2), UserError("The head has no '{name}'.", name=name))
    values = {"other": "", **values}
    for name, kind in HEAD.items():
        if type(values.get(name)) is not kind or (name != "other" and not values[name]):
            raise refusal(path, line_of(lines, name, 2), UserError("The head needs '{name}'.", name=name))
    if not 0 < values["minutes"] <= MOST_MINUTES:
        wrong = UserError("'minutes' is a number from 1 to {most}.", most=MOST_MINUTES)
        raise refusal(path, line_of(lines, "minutes", 2), wrong)
    return values


def _blocks(path: Path, lines: list[str], start: int) -> Iterator[Block]:
    places = [n for n in range(start, len(lines)) if lines[n].startswith("#")]
    for number in range(start, places[0] if places else len(lines)):
        if lines[number].strip():
            raise refusal(path, number + 1, UserError("A step begins with a line such as '## read'."))
    for place, end in pairwise([*places, len(lines)]):
        kind = lines[place].removeprefix("##").strip()
        if not lines[place].startswith("## ") or kind not in KINDS:
            wrong = UserError("There is no step '{kind}'; known are {known}.", kind=kind, known=", ".join(KINDS))
            raise refusal(path, place + 1, wrong)
        yield place + 1, kind, lines[place + 1 : end]


def _step(path: Path, block: Block) -> Any:
    line, kind, lines = block
    blank = next((n for n, one in enumerate(lines) if not one.strip()), len(lines))
    keys = read_toml(path, line + 1, lines[:blank])
    for name in keys:
        if name not in steps.KEYS[kind]:
            known = ", ".join(steps.KEYS[kind])
            wrong = UserError(
                "A step '{kind}' has no '{name}'; it may have {known}.", kind=kind, name=name, known=known
            )
            raise refusal(path, line_of(lines, name, line + 1), wrong)
    text = "\n".join(lines[blank:]).strip()
    first = line + 1 + blank + next((n for n, one in enumerate(lines[blank:]) if one.strip()), 0)
    refuse_at(path, first, partial(check_text, text))
    for name, value in keys.items():
        refuse_at(path, line_of(lines, name, line + 1), partial(steps.check_key, name, value))
    return refuse_at(path, line, partial(steps.make_step, kind, text, line, keys))


def read_toml(path: Path, first: int, lines: list[str]) -> Mapping[str, Any]:
    """The settings in some lines of a file, the first of which is line `first`; raises UserError."""
    try:
        return tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = first + (int(found[1]) if found else len(lines)) - 1
        raise refusal(path, line, UserError("This is no TOML: {error}.", error=error)) from None


def line_of(lines: list[str], name: str, first: int) -> int:
    """On which line of the file the setting `name` stands, where `lines` begin at line `first`."""
    return first + next((n for n, one in enumerate(lines) if re.match(rf"\s*{re.escape(name)}\b", one)), 0)
