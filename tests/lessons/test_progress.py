"""Progress: one small file a person, written whole or not at all; a damaged one counts as none."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as some

from vae_core.lessons import progress
from vae_core.lessons.progress import Course, Progress, add_progress, read_progress, write_progress
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


def test_two_windows_add_to_each_other(home):
    """A step that is done, an answer or a farther step of one window is never undone by the other."""
    add_progress(home, ANNA, "l", Course(step=6, done=(1, 5), guesses={2: (1.0,)}))
    kept = add_progress(home, ANNA, "l", Course(step=2, done=(1,), guesses={4: (0.0,)}, answers={4: (1.0,)}))
    assert kept == read_progress(home, ANNA)
    assert kept.course("l") == Course(step=6, done=(1, 5), guesses={2: (1.0,), 4: (0.0,)}, answers={4: (1.0,)})
    assert add_progress(home, ANNA, "l", Course(guesses={2: (0.0,)})).course("l").guesses[2] == (
        0.0,
    )  # changed one's mind


def test_a_lesson_that_ends_begins_anew_and_stays_finished(home):
    add_progress(home, ANNA, "l", Course(step=6, done=(1,)))
    ended = add_progress(home, ANNA, "l", Course(), ends=True).course("l")
    assert (ended.step, ended.finished, ended.done) == (1, True, (1,))
    assert add_progress(home, ANNA, "l", Course(step=2)).course("l").finished


def test_many_windows_at_once_lose_nothing(home):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: add_progress(home, ANNA, "l", Course(done=(n,))), range(1, 25)))
    assert {*read_progress(home, ANNA).course("l").done} == {*range(1, 25)}


def test_who_cannot_be_known_again_keeps_nothing_on_the_disk(home):
    assert add_progress(home, User(""), "l", Course(step=2)) is None
