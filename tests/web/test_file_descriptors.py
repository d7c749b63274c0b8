"""File descriptors: the limit is raised at the start, an open page needs one, and a closed browser leaves none open."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.browser.raw_client import session
from tests.browser.server import Server, start
from tests.helpers.run_helpers import until
from vae_core.web.file_descriptors import WANTED_LIMIT, LazyEventLoop

resource = pytest.importorskip("resource")
pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system does not list open files")


def count(pid: int | str = "self") -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server that may open 256 files and no more."""
    running = start(tmp_path)
    resource.prlimit(running.process.pid, resource.RLIMIT_NOFILE, (256, 256))
    yield running
    running.process.kill()


def test_ninety_visits_leave_no_descriptor_open(server):
    with session(server):
        pass
    until(lambda: count(server.process.pid) < 20)
    before = count(server.process.pid)
    address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    for _ in range(3):
        with ExitStack() as room:
            for _ in range(30):
                room.enter_context(connect(address, origin=server.url, subprotocols=["streamlit"], open_timeout=180))
            assert count(server.process.pid) <= before + 30 + 3
        until(lambda: count(server.process.pid) <= before)
    assert server.complaints() == []


def test_the_limit_is_raised_as_far_as_allowed():
    code = (
        "import resource; from vae_core.web.file_descriptors import raise_limit; hard = {hard}\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard)); raise_limit()\n"
        "print(*resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    for hard in {256, 1000, most}:
        done = subprocess.run(
            [sys.executable, "-c", code.format(hard=hard)], capture_output=True, text=True, check=True
        )
        reached, kept = map(int, done.stdout.split())
        assert kept == hard and reached == (WANTED_LIMIT if hard < 0 else min(hard, WANTED_LIMIT))


def test_a_loop_opens_descriptors_only_when_it_runs():
    before = count()
    idle, busy = LazyEventLoop(), LazyEventLoop()
    idle.call_soon_threadsafe(print)
    assert count() == before

    async def work() -> int:
        return await asyncio.to_thread(lambda: 7)  # the other thread wakes the loop

    with ThreadPoolExecutor(1) as thread:  # a browser test before this one may have left its own loop running here
        assert thread.submit(busy.run_until_complete, asyncio.wait_for(work(), 60)).result() == 7
        assert count() > before
        thread.submit(busy.run_until_complete, busy.shutdown_default_executor()).result()
    idle.close(), busy.close()
    assert idle.is_closed() and busy.is_closed() and count() == before
