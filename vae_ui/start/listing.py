"""The training step as the Start page lists it: the code of the function itself, and the lines that compute each term."""

import ast
import inspect
from functools import lru_cache
from textwrap import dedent

from vae_core.explore.explorer import Explorer
from vae_core.lessons.training_step import training_step
from vae_core.utils.paths import app_root

TERMS = {
    "distortion": ("p", "distortion"),
    "rate": ("q", "rate"),
    "loss": ("loss",),
}  # a term: the names that it is made of


def listing(model: Explorer) -> dict[str, object] | None:
    """What the stage needs of the training step; None for a posterior that the step is not written for."""
    return _listing() if model.info.run.model.posterior == "normal" else None


@lru_cache
def _listing() -> dict[str, object]:
    source = dedent(inspect.getsource(training_step))
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    body = function.body[1:]  # without the docstring
    first = body[0].lineno - 1
    lines = dedent("\n".join(source.splitlines()[first:])).splitlines()
    lit = {term: [_line(body, name) - first for name in names] for term, names in TERMS.items()}
    file = inspect.getsourcefile(training_step)
    assert file is not None
    return {"lines": lines, "lit": lit, "file": _below_root(file)}


def _line(body: list[ast.stmt], name: str) -> int:
    """The number, from 0, of the line that assigns to `name`."""
    return next(
        one.lineno - 1
        for one in body
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name) and one.targets[0].id == name
    )


def _below_root(file: str) -> str:
    root = app_root().as_posix() + "/"
    return file.replace("\\", "/").removeprefix(root)
