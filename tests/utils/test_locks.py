"""A lock belongs to one process, and is free as soon as that process has ended, even when it was killed."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from vae_core.utils.locks import FileLock

START = "child = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE).pid"
FORK = "child = os.fork()\nif child == 0: time.sleep(60); os._exit(0)"
HOLD = (
    "import os, subprocess, sys, time; from pathlib import Path; from vae_core.utils.locks import FileLock\n"
    "lock = FileLock(Path(sys.argv[1])); assert lock.acquire()\n{}\nprint(child, flush=True); input()"
)


@pytest.fixture
def lock(tmp_path):
    return FileLock(tmp_path / "lock")


@pytest.fixture(params=[START, pytest.param(FORK, marks=pytest.mark.skipif(not hasattr(os, "fork"), reason="forks"))])
def holder(lock, request):
    """Another process that holds the lock and has a child process."""
    command = [sys.executable, "-c", HOLD.format(request.param), str(lock.path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.child = int(process.stdout.readline())
    yield process
    process.kill()
    process.wait()
    os.kill(process.child, signal.SIGTERM)


def test_one_process_holds_the_lock_and_releases_it(lock):
    other = FileLock(lock.path)
    assert lock.acquire() and lock.owner() == os.getpid()
    assert other.held() and not other.acquire() and lock.held()
    assert not lock.acquire() and other.held()  # asking again does not lose it
    lock.release()
    assert not other.held() and other.acquire()
    other.release()


def test_checking_creates_no_file(lock, tmp_path):
    assert not lock.held() and lock.owner() is None and not list(tmp_path.iterdir())
    assert not FileLock(tmp_path / "no" / "folder").held()


def test_an_unusable_folder_raises_oserror(tmp_path):
    with pytest.raises(OSError, match="unable to open"):
        FileLock(tmp_path / "no" / "lock").acquire()


def test_the_lock_of_a_killed_owner_is_free_although_its_child_lives(lock, holder):
    assert lock.held() and lock.owner() == holder.pid and not lock.acquire()
    holder.kill()
    holder.wait()
    os.kill(holder.child, 0)
    assert not lock.held() and lock.acquire()
    lock.release()


def test_acquire_waits_for_the_owner(lock, holder):
    began = time.monotonic()
    assert not lock.acquire(wait=0.3) and time.monotonic() - began > 0.25
    holder.stdin.close()
    assert lock.acquire(wait=60)
    lock.release()


def test_a_process_that_only_checks_is_never_taken_for_the_former_owner(lock):
    assert lock.holder() is None and not list(lock.path.parent.iterdir())  # and looking leaves nothing behind
    other = FileLock(lock.path)
    assert other.acquire()
    lock.path.write_text("4000000")  # whoever had it before: no process, or by now another's number
    look = threading.Timer(0.2, other.release)
    look.start()
    assert lock.holder() is None
    look.join()


def test_the_holder_is_the_process_that_keeps_the_lock(lock):
    other = FileLock(lock.path)
    assert other.acquire()
    assert lock.holder() == os.getpid()
    other.release()
    assert lock.holder() is None
