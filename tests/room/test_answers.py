"""What a class has answered lately: of all people, without those of other days and without damaged files."""

import os
import time

from vae_core.lessons.progress import Course, Progress, write_progress
from vae_core.room.answers import SECONDS, Given, given_lately
from vae_core.runs.users import User

ANNA, BO = User("a" * 16), User("b" * 16)


def test_answers_of_all_people_by_lesson_and_step(tmp_path):
    write_progress(
        tmp_path, BO, Progress(courses={"two": Course(guesses={4: (1.0,), 2: (0.5, -1.0)}, answers={2: (0.0, 0.0)})})
    )
    write_progress(
        tmp_path, ANNA, Progress(courses={"two": Course(guesses={4: (0.0,)}), "one": Course(guesses={3: (7.0,)})})
    )
    assert given_lately(tmp_path) == [
        Given(ANNA.id, "one", 3, (7.0,), None),
        Given(BO.id, "two", 2, (0.5, -1.0), (0.0, 0.0)),
        Given(ANNA.id, "two", 4, (0.0,), None),
        Given(BO.id, "two", 4, (1.0,), None),
    ]


def test_of_this_day_only_and_not_of_damaged_files(tmp_path):
    assert given_lately(tmp_path) == []
    write_progress(tmp_path, ANNA, Progress(courses={"one": Course(guesses={1: (0.0,)})}))
    write_progress(tmp_path, BO, Progress(courses={"one": Course(guesses={1: (1.0,)})}))
    old = time.time() - SECONDS - 60
    os.utime(tmp_path / "progress" / f"{BO.id}.json", (old, old))
    (tmp_path / "progress" / "broken.json").write_text("{")
    assert [one.person for one in given_lately(tmp_path)] == [ANNA.id]
