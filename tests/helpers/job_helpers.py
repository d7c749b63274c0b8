"""A small background job for tests: it reports progress and then succeeds, waits, refuses, or fails, as its argument says."""

import os
import sys
import time
from pathlib import Path

from vae_core.jobs.job import Job

WORK = """
import os, time
from pathlib import Path
from vae_core.errors import UserError
from vae_core.jobs.job import report_progress

def main(how, result):
    result = Path(result)
    with open(result.parent / "order.txt", "a") as order:
        order.write(result.stem + "\\n")
    report_progress(0.5)
    if how == "refuse":
        raise UserError("The data are not here.")
    if how == "break":
        raise KeyError("x")
    while how == "hold" and not result.with_suffix(".go").exists():
        time.sleep(0.02)
    result.write_text("whole")
"""


def job_folder(folder: Path, monkeypatch) -> Path:
    """Make `folder` one in which the jobs below can import the module WORK."""
    (folder / "work_of_a_test.py").write_text(WORK)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), *sys.path]))
    return folder


def read(path: Path) -> str:
    text = path.read_text()
    if text != "whole":
        raise ValueError("half")
    return text


def job(folder: Path, how: str, name: str = "result") -> Job[str]:
    result = folder / f"{name}.txt"
    return Job(result, read, "work_of_a_test", (how, str(result)))


def until(true, what: Job) -> None:
    deadline = time.monotonic() + 240
    while not true():
        assert time.monotonic() < deadline, what.log.read_text()
        time.sleep(0.02)


def end(*work: Job) -> None:
    """Cancel the jobs and wait until they have ended."""
    for each in work:
        each.cancel()
        until(lambda each=each: each.progress() is None, each)
