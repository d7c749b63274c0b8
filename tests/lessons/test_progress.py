"""Progress: one small file a person, written whole or not at all; a damaged one counts as none."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as some

from vae_core.lessons import progress
from vae_core.lessons.progress import Course, Progress, read_progress, write_progress
from vae_core.runs.users import ADMIN, User, new_user_id

ANNA, BERT = User(new_user_id()), User(new_user_id())
BEGUN = Progress(courses={"01-two-numbers": Course(step=3, done=(1, 2), guesses={2: (1.0,)}, said={2: "a"})})


def test_it_is_kept_for_each_person(home):
    assert write_progress(home, ANNA, BEGUN)
    assert read_progress(home, ANNA) == BEGUN
    assert read_progress(home, BERT) == Progress() == read_progress(home, ADMIN)
    assert write_progress(home, ADMIN, BEGUN) and read_progress(home, ADMIN) == BEGUN


@pytest.mark.parametrize("id", ["", "../../x", "A" * 16, "0" * 17])
def test_who_cannot_be_known_again_has_no_file(home, id):
    assert not write_progress(home, User(id), BEGUN) and read_progress(home, User(id)) == Progress()
    assert not list(home.rglob("*.json"))


@given(some.binary(max_size=200))
def test_a_damaged_file_counts_as_none(tmp_path_factory, content):
    home = tmp_path_factory.getbasetemp() / "damaged"
    (home / "progress").mkdir(parents=True, exist_ok=True)
    (home / "progress" / f"{ANNA.id}.json").write_bytes(content)
    assert read_progress(home, ANNA) in (Progress(), Progress(courses={}))


def test_a_file_has_a_limit_and_so_have_the_people(home, monkeypatch):
    large = Progress(courses={f"l{n}": Course(said=dict.fromkeys(range(10), "x" * 2000)) for n in range(20)})
    assert not write_progress(home, ANNA, large) and read_progress(home, ANNA) == Progress()
    monkeypatch.setattr(progress, "MOST_PEOPLE", 3)
    people = [User(new_user_id()) for _ in range(5)]
    for age, person in enumerate(people):
        assert write_progress(home, person, BEGUN)
        os.utime(home / "progress" / f"{person.id}.json", (age, age))
    assert [read_progress(home, person) == BEGUN for person in people] == [False, False, True, True, True]


def test_a_full_disk_keeps_what_was_there(home, monkeypatch):
    write_progress(home, ANNA, BEGUN)

    def full(files):
        raise OSError("no space left")

    monkeypatch.setattr(progress, "write_atomically", full)
    assert not write_progress(home, ANNA, Progress()) and read_progress(home, ANNA) == BEGUN
