"""The lessons of the project and of this computer: a folder each, with a file for each language.

A folder whose file is wrong, or whose languages do not match, is left out, and the sentence says why.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from vae_core.errors import UserError
from vae_core.lessons.lesson import Lesson, Step
from vae_core.lessons.reading import read_lesson, refusal
from vae_core.utils.paths import app_root, home

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LANGUAGE = re.compile(r"[a-z]{2}")
MOST = 200  # folders


@dataclass(frozen=True)
class Lessons:
    """Lessons by id, each a table of language -> lesson; `refused` says what is wrong with the others."""

    by_id: dict[str, dict[str, Lesson]] = field(default_factory=dict)
    refused: tuple[UserError, ...] = ()

    def get(self, id: str, language: str) -> Lesson | None:
        """The lesson in that language, else in the first that there is; None for an unknown id."""
        known = self.by_id.get(id, {})
        return known.get(language) or known.get("en") or next(iter(known.values()), None)


def roots() -> tuple[Path, ...]:
    """Where lessons lie: beside app.py, and a person's own in the home folder; a lesson there replaces one of equal name."""
    return app_root() / "lessons", home() / "lessons"


def find_lessons(folders: tuple[Path, ...] | None = None) -> Lessons:
    """All lessons, in the order of their names."""
    places: dict[str, Path] = {}
    for root in folders or roots():
        for folder in sorted(root.glob("*/"))[:MOST]:
            if any(folder.glob("*.md")):
                places[folder.name] = folder
    found: dict[str, dict[str, Lesson]] = {}
    refused = []
    for id in sorted(places):
        try:
            found[id] = read_folder(places[id])
        except UserError as error:
            refused.append(error)
    return Lessons(found, tuple(refused))


def read_folder(folder: Path) -> dict[str, Lesson]:
    """The lesson of a folder in each language; raises UserError."""
    if not ID.fullmatch(folder.name):
        raise UserError("The folder {name} is no lesson: use small letters, digits and hyphens.", name=folder.name)
    files = [path for path in sorted(folder.glob("*.md")) if LANGUAGE.fullmatch(path.stem)]
    if not files:
        raise UserError("The folder {name} has no file such as en.md.", name=folder.name)
    found = {path.stem: read_lesson(path) for path in files}
    first, *others = found.values()
    for other in others:
        _compare(first, other)
    return found


def _compare(first: Lesson, other: Lesson) -> None:
    """Raise UserError where two languages of a lesson differ in more than their words."""
    for name in ("minutes", "model", "other"):
        if getattr(first, name) != getattr(other, name):
            raise refusal(other.path, 2, UserError("'{name}' is not as in {file}.", name=name, file=first.path.name))
    for mine, theirs in zip(first.steps, other.steps, strict=False):
        if _bones(mine) != _bones(theirs):
            wrong = UserError("This step is not as in {file}, line {line}.", file=first.path.name, line=mine.line)
            raise refusal(other.path, theirs.line, wrong)
    if len(first.steps) != len(other.steps):
        count, known = len(other.steps), len(first.steps)
        wrong = UserError("{count} steps, but {file} has {known}.", count=count, file=first.path.name, known=known)
        raise refusal(other.path, other.steps[-1].line, wrong)


def _bones(step: Step) -> tuple[object, ...]:
    """All of a step but its words."""
    asked = step.prediction
    words = (len(asked.choices), asked.quantity, asked.compared, asked.bounds, asked.mark, bool(step.otherwise))
    return (step.kind, step.page, step.ring, step.scene, step.done, step.training, step.usual, *words)
