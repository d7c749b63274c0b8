"""Limits in one file: each bites where it says, a wrong file changes nothing and is named, and the printed file is a right one."""

import os
import tomllib

import pytest

from tests.helpers.job_helpers import end, job, job_folder
from tests.helpers.run_helpers import LONG, RunHome, run_of
from tests.runs.test_store import RUN
from vae_core.__main__ import main
from vae_core.errors import UserError
from vae_core.people.limits import FILE, MB, Limits, in_force, problem, read
from vae_core.runs import Store
from vae_core.runs.uploaded_archives import keep_archive
from vae_core.runs.users import ADMIN, User, new_user_id

ONE, OTHER = User(new_user_id()), User(new_user_id())
WRONG = {
    "[person]\nrun = 3": "[person] run: extra",
    "[people]\nruns = 3": "people: extra",
    "[person]\nruns = 0": "[person] runs: input should be greater than or equal to 1",
    "[person]\nruns = 99999999": "[person] runs: input should be less than or equal to",
    "[person]\nruns = true": "[person] runs: input should be a valid integer",
    "[person]\nruns = '3'": "[person] runs: input should be a valid integer",
    "[person]\nruns = 2.5": "[person] runs: input should be a valid integer",
    "person = 3": "[person] is no section",
    "[person]\nruns = \njobs = 2": "line 2",
    "\xff": "",
}


def write(home, text, encoding="utf-8"):
    home.mkdir(parents=True, exist_ok=True)
    (home / FILE).write_text(text, encoding=encoding)


def test_without_a_file_the_defaults_are_in_force(tmp_path):
    assert in_force(tmp_path) == Limits() and problem(tmp_path) is None


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_file_is_named_in_one_sentence_and_changes_nothing(tmp_path, capsys, text):
    write(tmp_path, "[person]\nruns = 3\n[everyone]\njobs = 5\n")
    before = in_force(tmp_path)
    assert (before.person.runs, before.everyone.jobs, before.person.jobs) == (3, 5, Limits().person.jobs)
    write(tmp_path, text, "latin-1")
    assert in_force(tmp_path) == before and in_force(tmp_path) == before
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and WRONG[text] in said and "changes nothing" in said and str(tmp_path / FILE) in said
    assert said.strip() == problem(tmp_path)
    write(tmp_path, "[person]\nruns = 5\n")
    assert in_force(tmp_path).person.runs == 5 and problem(tmp_path) is None
    (tmp_path / FILE).unlink()
    assert in_force(tmp_path) == Limits()


def test_a_file_that_is_no_file_is_wrong(tmp_path):
    (tmp_path / FILE).mkdir(parents=True)
    assert in_force(tmp_path) == Limits() and "folder" in problem(tmp_path)


def test_the_printed_file_is_a_right_one_with_every_limit(tmp_path, capsys):
    assert main(["limits", "--home", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert tomllib.loads(text) == Limits().model_dump()
    for section in (Limits().person, Limits().everyone):
        assert all(field.description in text for field in type(section).model_fields.values())
    write(tmp_path, text.replace("runs = 8 ", "runs = 9 "))
    assert read(tmp_path / FILE).person.runs == 9
    assert main(["limits", "--home", str(tmp_path)]) == 0 and "runs = 9 " in capsys.readouterr().out
    write(tmp_path, "[person]\nrun = 9")
    assert main(["limits", "--home", str(tmp_path)]) == 2 and "[person] run: extra" in capsys.readouterr().err


def test_runs_that_wait_are_those_of_the_file(store):
    write(store.home, "[person]\nruns = 2\n[everyone]\nruns = 3")
    for _ in range(2):
        store.create(RUN, user=ONE)
    with pytest.raises(UserError, match="2 of your runs"):
        store.create(RUN, user=ONE)
    store.create(RUN, user=OTHER)
    with pytest.raises(UserError, match="3 runs wait or train here"):
        store.create(RUN, user=User(new_user_id()))
    store.create(RUN)


@pytest.mark.parametrize("everyone", [False, True])
def test_a_full_disk_share_refuses_runs_and_uploads_until_something_is_deleted(store, everyone):
    write(store.home, f"[{'everyone' if everyone else 'person'}]\ndisk_mb = 1")
    first = store.create(RUN, user=ONE)
    store.command(first, "stop", ONE)
    store.folder(first).mkdir(parents=True)
    (store.folder(first) / "weights").write_bytes(os.urandom(MB - 100))
    store.create(RUN, user=ONE)
    keep_archive(store.home, ONE, ".zip", b"x" * 100)
    blocked = User(new_user_id()) if everyone else ONE
    with pytest.raises(UserError, match="more than the 1 MB that"):
        keep_archive(store.home, blocked, ".zip", b"y")
    (store.home / "uploads" / ONE.id / "more.zip").write_bytes(b"z")
    with pytest.raises(UserError, match="more than the 1 MB that"):
        store.create(RUN, user=blocked)
    store.create(RUN)  # an administrator is not refused
    if not everyone:
        store.create(RUN, user=OTHER)
    store.delete(first, ONE)
    if everyone:  # it takes the space until it is gone for good
        with pytest.raises(UserError, match="All runs and uploads"):
            store.create(RUN, user=blocked)
    else:
        store.create(RUN, user=ONE)


def test_what_a_run_takes_is_measured_again_once_it_has_trained_on(store):
    write(store.home, "[person]\ndisk_mb = 1")
    id = store.create(RUN, user=ONE)
    store.command(id, "pause", ONE)
    store.create(RUN, user=ONE)  # measures
    store.command(id, "resume", ONE)
    store.folder(id).mkdir(parents=True)
    (store.folder(id) / "weights").write_bytes(bytes(MB + 1))
    with pytest.raises(UserError, match="Your runs and uploads would take 1 MB"):
        store.create(RUN, user=ONE)


def test_background_jobs_are_those_of_the_file(tmp_path, home, monkeypatch):
    folder = job_folder(tmp_path, monkeypatch)
    write(home, "[person]\njobs = 2\n[everyone]\njobs = 3")
    work = [job(folder, "hold", f"w{n}") for n in range(6)]
    for each in work[:2]:
        each.start(ONE)
    work[0].start(ONE)  # it is queued already: nothing is added
    with pytest.raises(UserError, match="2 of your background jobs"):
        work[2].start(ONE)
    work[2].start(OTHER)
    with pytest.raises(UserError, match="3 background jobs wait or run here"):
        work[3].start(OTHER)
    work[3].start(ADMIN)
    work[4].start(User(ONE.id, is_admin=True))
    end(*work[:5])


def test_a_run_is_ended_after_its_seconds_with_its_model_kept_and_the_reason_named(run_home: RunHome):
    """The real worker ends one person's run and lets the administrator's go on; only an administrator can go on with it."""
    write(run_home.store.home, "[person]\nseconds = 1")
    limited = run_home.store.create(run_of(LONG), user=ONE)
    free = run_home.store.create(run_of(LONG))
    run_home.start_scheduler("--slots", "2")
    run_home.wait_for_end(limited, "stopped")
    row = run_home.store.get(limited)
    assert row.latest["done"]["reason"] == "limit" and row.latest["done"]["seconds"] >= 1
    assert "1 seconds of training" in row.message and "model is kept" in row.message
    assert run_home.weights(limited)
    with pytest.raises(UserError, match="has trained for 1 seconds, the most"):
        run_home.store.command(limited, "resume", ONE)
    run_home.wait_for_step(free, 50)
    assert run_home.state(free) == "running"
    write(run_home.store.home, "[person]\nseconds = 100")
    run_home.store.command(limited, "resume", ONE)
    assert Store(run_home.store.home).get(limited).message == ""
    for id in (limited, free):
        run_home.store.command(id, "stop")
    run_home.wait_for_end(free, "stopped")
