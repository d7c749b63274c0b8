"""The queue of background jobs: users take turns, the number of running jobs is limited, and killed jobs free their place."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.helpers.job_helpers import end, job, job_folder, until
from tests.runs.test_store import claimed_run, set_columns
from vae_core.jobs.queue import Queue, Ticket
from vae_core.runs import Store
from vae_core.runs.users import User
from vae_core.scheduling.capacity import spare_places, training_places

pytestmark = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="takes cores away, as Linux can")


@pytest.fixture
def folder(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A job folder on one core, so that one job runs at a time; `home` has no training."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    yield job_folder(tmp_path, monkeypatch)
    os.sched_setaffinity(0, before)


def test_users_take_turns(folder):
    asked = [("a1", "anna"), ("a2", "anna"), ("a3", "anna"), ("b1", "ben"), ("b2", "ben"), ("c1", "")]
    work = {name: job(folder, "hold" if name == "a1" else "do", name) for name, _ in asked}
    for name, person in asked:
        work[name].start(User(person))
    work["b2"].start(User("anna"))  # queued already
    assert [work[name].position() for name in ("a1", "b1", "c1", "a2", "b2", "a3")] == [None, 1, 2, 3, 4, 5]
    assert work["b1"].progress() == 0 and work["a1"].progress() > 0
    (folder / "a1.go").touch()
    until(lambda: all(each.load() for each in work.values()), work["a3"])
    assert (folder / "order.txt").read_text().split() == ["a1", "b1", "c1", "a2", "b2", "a3"]
    assert not list(folder.glob("*.job"))


def test_a_waiting_job_can_be_cancelled_and_the_next_one_starts(folder):
    first, second, third = (job(folder, how, how + str(i)) for i, how in enumerate(("hold", "do", "do")))
    for each in (first, second, third):
        each.start()
    third.cancel()
    assert third.progress() is None and third.load() is None and third.failure() is None
    first.cancel()
    until(lambda: second.progress() is None, second)
    assert second.load() == "whole" and first.load() is None and first.failure() is None


def test_a_killed_job_has_a_failure_message_and_frees_its_place(folder):
    first, second = job(folder, "hold", "first"), job(folder, "hold", "second")
    first.start()
    second.start()
    pid = int(first.log.read_text().split()[1])
    os.kill(pid, signal.SIGKILL)
    until(lambda: second.progress() > 0, second)  # checking the progress starts the next job
    assert first.progress() is None and "memory" in first.failure()
    first.start()
    assert first.position() == 1 and first.failure() is None
    end(first, second)


def test_the_queue_continues_after_the_server_is_killed(folder):
    code = (
        "import sys; from pathlib import Path; from tests.helpers.job_helpers import job\n"
        "for how, name in (('hold', 'first'), ('do', 'second')): job(Path(sys.argv[1]), how, name).start()\n"
        "print('asked', flush=True); input()"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout.readline() == "asked\n"
    server.kill()
    server.wait()
    first, second = job(folder, "hold", "first"), job(folder, "do", "second")
    until(lambda: first.progress() == 0.5, first)
    assert second.position() == 1
    (folder / "first.go").touch()
    until(lambda: second.result.exists(), second)  # no process checked its progress
    assert first.load() == second.load() == "whole"


def test_a_job_requested_by_many_processes_runs_once(folder):
    code = "import sys; from pathlib import Path; from tests.helpers.job_helpers import job\n"
    code += "job(Path(sys.argv[1]), 'hold').start()"
    children = [subprocess.Popen([sys.executable, "-c", code, str(folder)]) for _ in range(4)]
    assert [child.wait() for child in children] == [0] * 4
    work = job(folder, "hold")
    until(lambda: work.progress() == 0.5, work)
    end(work)
    assert (folder / "order.txt").read_text().split() == ["result"]


def test_a_damaged_ticket_blocks_no_other_job(folder):
    for name, content in (("a", b"{"), ("b", b"[1]"), ("c", b'{"module": 1}'), ("d", b"\xff")):
        (folder / f"{name}.job").write_bytes(content)
    work = job(folder, "do")
    work.start()
    until(lambda: work.progress() is None, work)
    assert work.load() == "whole"


def test_tickets_are_ordered_by_turn(folder):
    queue = Queue(folder)
    for turn, asked in ((1, 2.0), (0, 3.0), (1, 1.0)):
        Ticket("m", (), "", turn, asked).write(folder / f"{turn}-{asked}.job")
    assert [path.stem for path in queue.tickets()] == ["0-3.0", "1-1.0", "1-2.0"]
    assert queue.position(folder / "1-2.0.job") == 3 and queue.position(folder / "nothing.job") is None


def test_jobs_use_the_places_that_trainings_leave_at_least_one(home):
    assert [training_places(cores) for cores in (1, 2, 8)] == [1, 1, 7]
    assert [spare_places(home, cores) for cores in (1, 2, 8)] == [1, 1, 7] and not list(home.iterdir())
    store = Store(home)
    ids = [claimed_run(store)[0] for _ in range(3)]
    assert [spare_places(home, cores) for cores in (1, 2, 4, 8)] == [1, 1, 1, 4]
    set_columns(store, ids[0], heartbeat=time.time() - 9)  # a suspended worker takes no core
    assert spare_places(home, 8) == 5
