"""The app on systems that are not POSIX: without fcntl and the calls that Windows lacks, it starts, trains and locks.

Real processes run with these modules hidden; SQLite, which holds the locks, uses each system's own calls.
"""

import os
import signal
import subprocess
import sys
import urllib.request

import pytest

from tests.browser.server import start
from tests.conftest import ROOT
from tests.helpers.job_helpers import job, job_folder
from tests.helpers.run_helpers import LONG, RunHome, run_of, until
from vae_core.utils.locks import FileLock

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="hides what Linux has, and looks at it from outside")

HIDE = """
import os, signal, sys
for name in ("fcntl", "msvcrt", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "readline"):
    sys.modules[name] = None
for owner, names in (
    (os, "fork forkpty nice setsid getpgid killpg sched_getaffinity sched_setaffinity getuid geteuid setpriority wait"),
    (signal, "SIGKILL SIGSTOP SIGCONT SIGALRM SIGUSR1 pthread_sigmask"),
):
    for name in names.split():
        delattr(owner, name)
"""


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """All Python processes that are started here, and their child processes, run without these modules."""
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "sitecustomize.py").write_text(HIDE)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "hidden"), str(ROOT)]))


def test_every_module_can_be_imported(elsewhere):
    code = (
        "import importlib, pkgutil, sys, vae_core\n"
        "try: import fcntl\nexcept ImportError: pass\nelse: sys.exit('it is not hidden')\n"
        "for module in pkgutil.walk_packages(vae_core.__path__, 'vae_core.'):\n"
        "    try: importlib.import_module(module.name)\n"
        "    except ImportError as error:  # Ray, an extra, is made anew for each system: here is Linux's, which needs what is hidden\n"
        "        if not module.name.startswith('vae_core.scheduling.cluster.') or error.name != 'resource': raise\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


def test_the_app_starts(elsewhere, tmp_path):
    server = start(tmp_path)
    try:
        assert urllib.request.urlopen(server.url, timeout=60).status == 200 and server.complaints() == []
    finally:
        server.stop(signal.SIGKILL)


def test_background_training_and_jobs_work(elsewhere, tmp_path, monkeypatch):
    hidden = os.environ["PYTHONPATH"]
    job_folder(tmp_path, monkeypatch)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), hidden]))
    work = job(tmp_path, "do")
    work.start()
    until(lambda: work.progress() is None)
    assert work.load() == "whole", work.log.read_text()


def test_a_worker_outlives_its_scheduler_and_the_next_one_counts_it(elsewhere, tmp_path):
    house = RunHome(tmp_path / "home")
    code = "import sys, vae_core.scheduling.scheduler as s; s.CAN_FORK = False; s.main(sys.argv[1:])"

    def scheduler() -> subprocess.Popen:
        command = [sys.executable, "-c", code, "--home", str(house.store.home), "--slots", "1"]
        house.schedulers.append(subprocess.Popen(command, start_new_session=True))
        until(lambda: lock.owner() == house.schedulers[-1].pid)
        return house.schedulers[-1]

    lock = FileLock(house.store.home / "scheduler.lock")
    try:
        first = scheduler()
        running, waiting = (house.store.create(run_of(LONG)) for _ in range(2))
        house.wait_for_step(running)
        worker = house.store.get(running).pid
        first.kill()
        first.wait()
        assert not lock.held() and FileLock(house.store.folder(running) / "lock").held()
        scheduler()
        at = house.step(running)
        house.wait_for_step(running, at + 100)
        assert house.store.get(running).pid == worker and house.state(waiting) == "queued"  # the one place is taken
        house.wait_for_save(running)
        os.kill(worker, signal.SIGKILL)  # its lock is free at once, and it goes on
        until(lambda: house.store.get(running).pid not in (None, worker))
        assert house.store.get(running).restarts == 1 and house.state(waiting) == "queued"
        for id in (waiting, running):
            house.store.command(id, "stop")
        house.wait_for_end(running, "stopped")
    finally:
        house.close()
