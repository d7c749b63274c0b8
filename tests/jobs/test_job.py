"""A background job: started once, its progress, cancelling, failing, and starting again."""

from pathlib import Path

import pytest

from tests.helpers.job_helpers import job, job_folder, until
from vae_core.errors import UserError
from vae_core.jobs import job as job_module


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return job_folder(tmp_path, monkeypatch)


def test_a_job_runs_once_and_its_result_is_kept(folder):
    work = job(folder, "hold")
    assert work.load() is None and work.progress() is None and work.failure() is None
    work.start()
    job(folder, "hold").start()  # as from another browser: no second process
    until(lambda: work.progress() == 0.5, work)
    assert work.log.read_text().count("process ") == 1
    (folder / "result.go").touch()
    until(lambda: work.progress() is None, work)
    assert work.load() == "whole" and work.failure() is None
    log = work.log.read_text()
    work.start()  # an existing result is not computed again
    assert work.progress() is None and work.log.read_text() == log


def test_a_damaged_result_is_none_and_is_computed_again(folder):
    work = job(folder, "do")
    work.result.write_text("hal")
    assert work.load() is None
    work.start()
    until(lambda: work.progress() is None, work)
    assert work.load() == "whole"


@pytest.mark.parametrize(("how", "reason"), [("refuse", "The data are not here."), ("break", "The reason is in ")])
def test_a_failure_is_a_sentence_until_the_next_attempt(folder, how, reason):
    work = job(folder, how)
    work.start()
    until(lambda: work.progress() is None, work)
    assert reason in work.failure() and work.load() is None
    again = job(folder, "do")
    again.start()
    until(lambda: again.progress() is None, again)
    assert again.failure() is None and again.load() == "whole"


def test_a_cancelled_job_has_not_failed(folder):
    work = job(folder, "hold")
    work.cancel()  # nothing runs: nothing happens
    work.start()
    work.cancel()
    until(lambda: work.progress() is None, work)
    assert work.load() is None and work.failure() is None
    work.start()
    assert work.progress() is not None
    work.cancel()
    until(lambda: work.progress() is None, work)


def test_a_folder_that_cannot_be_written_is_a_sentence(folder):
    (folder / "cache").write_text("a file where the folder should be")
    with pytest.raises(UserError, match="cannot be written"):
        job(folder / "cache", "do").start()


def test_the_progress_is_the_last_reported_share():
    assert job_module.reported_share("process 7\ndone 0.2500\na line\ndone 0.5000\ndone 0.") == 0.5
    assert job_module.reported_share("") == 0 and job_module.reported_share("done 7.0") == 1
