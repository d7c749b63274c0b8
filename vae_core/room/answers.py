"""What a class has answered lately: the predictions of all people, read from what is kept of each."""

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from vae_core.errors import UserError
from vae_core.lessons.progress import FILE_BYTES, Numbers, Progress
from vae_core.utils.files import read_file

SECONDS = 12 * 3600.0  # of a day of teaching


@dataclass(frozen=True)
class Given:
    """One person's answer to the question of a step, and what the model computed for that person, None before the reveal."""

    person: str
    lesson: str
    step: int
    guess: Numbers
    computed: Numbers | None


def given_lately(home: Path, seconds: float = SECONDS) -> list[Given]:
    """The answers of all people who have done something in a lesson in the last `seconds`, by lesson, step and person."""
    found: list[Given] = []
    for path in (home / "progress").glob("*.json"):
        with suppress(OSError, UserError):
            if time.time() - path.stat().st_mtime > seconds:
                continue
            kept = Progress.parse(read_file(path, FILE_BYTES))
            found += [
                Given(path.stem, lesson, step, guess, course.answers.get(step))
                for lesson, course in kept.courses.items()
                for step, guess in course.guesses.items()
            ]
    return sorted(found, key=lambda one: (one.lesson, one.step, one.person))
