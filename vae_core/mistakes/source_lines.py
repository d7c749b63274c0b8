"""The program as text: the lines as they stand in the source of the functions that are executed."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from vae_core.mistakes.right_lines import EVALUATION, RIGHT, Lines


@dataclass(frozen=True)
class SourceLine:
    """One line of the program: its `place`, a field of Lines, and its `text`; `training`: whether it runs in each training step."""

    place: str
    text: str
    training: bool


@cache
def line_of(function: Callable[..., Any]) -> str:
    """The first statement of a line's function, on one line, as it stands in its source."""
    source = textwrap.dedent(inspect.getsource(function))
    (definition,) = ast.parse(source).body
    assert isinstance(definition, ast.FunctionDef)
    segment = ast.get_source_segment(source, definition.body[0])
    return " ".join((segment or "").split())


def program_text(lines: Lines = RIGHT) -> tuple[SourceLine, ...]:
    """The whole program in the order in which it runs."""
    return tuple(
        SourceLine(field.name, line_of(getattr(lines, field.name)), field.name not in EVALUATION)
        for field in fields(lines)
    )
