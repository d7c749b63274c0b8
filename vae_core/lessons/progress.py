"""How far a person is in each lesson, and what they answered: one small JSON file a person, in the home folder.

The file of a person is named after the id in their signed cookie. It is written atomically, and a damaged one counts as none.
"""

from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Annotated

from pydantic import Field

from vae_core.errors import UserError
from vae_core.frozen import Frozen
from vae_core.runs.users import USER_ID, User
from vae_core.utils.files import read_file, write_atomically

FILE_BYTES, MOST_PEOPLE = 200_000, 5000
LOCK = Lock()  # for reading and writing what is kept; the web server is one process
LOCAL = "this-computer"  # who sits at the server's machine and keeps no cookie

Numbers = Annotated[tuple[float, ...], Field(max_length=512)]
Number = Annotated[int, Field(ge=0, le=50)]


class Course(Frozen):
    """One lesson of one person; steps count from 1. A guess is the number of a choice from 0, a number, or a place on the map."""

    step: Number = 1
    done: Annotated[tuple[Number, ...], Field(max_length=50)] = ()
    guesses: Annotated[dict[Number, Numbers], Field(max_length=50)] = {}
    answers: Annotated[dict[Number, Numbers], Field(max_length=50)] = {}
    said: Annotated[dict[Number, Annotated[str, Field(max_length=2000)]], Field(max_length=50)] = {}
    run: Annotated[str, Field(max_length=40)] = ""
    finished: bool = False

    def with_more(self, more: "Course") -> "Course":
        """This course with what `more` adds: its step if it is farther, what it says is done, and its newer answers."""
        return Course(
            step=max(self.step, more.step),
            done=tuple(dict.fromkeys((*self.done, *more.done))),
            guesses={**self.guesses, **more.guesses},
            answers={**self.answers, **more.answers},
            said={**self.said, **more.said},
            run=more.run or self.run,
            finished=self.finished or more.finished,
        )


class Progress(Frozen):
    """All lessons that a person has begun, by id."""

    courses: Annotated[dict[Annotated[str, Field(max_length=40)], Course], Field(max_length=200)] = {}

    def course(self, id: str) -> Course:
        """How far the person is in this lesson."""
        return self.courses.get(id, Course())

    def with_course(self, id: str, course: Course) -> "Progress":
        """The same with another state of one lesson."""
        return Progress(courses={**self.courses, id: course})


def read_progress(home: Path, user: User) -> Progress:
    """What is kept of a person; nothing where there is no file, or a damaged one."""
    path = _path(home, user)
    with suppress(OSError, UserError):
        if path is not None:
            return Progress.parse(read_file(path, FILE_BYTES))
    return Progress()


def write_progress(home: Path, user: User, progress: Progress) -> bool:
    """Keep it; False where this person cannot be known again, the disk is full, or too many people have been here."""
    path = _path(home, user)
    content = progress.model_dump_json().encode()
    if path is None or len(content) > FILE_BYTES:
        return False
    with suppress(OSError):
        if not path.exists():
            _make_room(path.parent)
        write_atomically({path: content})
        return True
    return False


def add_progress(home: Path, user: User, id: str, more: Course, ends: bool = False) -> Progress | None:
    """Add to what is kept of one lesson, and give all that is kept; None where nothing can be kept.

    Two windows of one person add to each other: the newest state on the disk is read again under a lock. A lesson that `ends`
    begins at its first step the next time.
    """
    with LOCK:
        known = read_progress(home, user)
        course = known.course(id).with_more(more)
        found = known.with_course(id, course.replace(step=1, finished=True) if ends else course)
        return found if write_progress(home, user, found) else None


def _make_room(folder: Path) -> None:
    """Remove the files that have not been written for longest, so that there are fewer than MOST_PEOPLE."""
    files = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
    for path in files[: max(0, len(files) - MOST_PEOPLE + 1)]:
        path.unlink(missing_ok=True)


def _path(home: Path, user: User) -> Path | None:
    name = user.id if USER_ID.fullmatch(user.id) else LOCAL if user.is_admin and not user.id else ""
    return home / "progress" / f"{name}.json" if name else None
