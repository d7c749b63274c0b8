"""The websocket that tells pages of runs: who hears of which run, who is refused, and that nothing piles up for a slow browser."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from benchmarks.room import NAME, enter
from tests.browser.raw_client import session
from tests.browser.server import Server, start
from tests.runs.test_store import RUN, claimed_run
from vae_core.runs import Store
from vae_core.runs.users import ADMIN, User
from vae_core.scheduling import start_scheduler
from vae_core.web.live_runs import LiveRuns, View, Watcher
from vae_core.web.middleware.live_runs import PATH
from vae_ui.stage.payload import unpack

STEP = {"kind": "step", "step": 1, "epoch": 0, "seconds": 0.1, "samples_per_second": 9.0}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start(tmp_path_factory.mktemp("told"), hosts=NAME)
    yield running
    complaints = running.complaints()
    assert running.stop() == 0 and not complaints


@contextmanager
def told(server: Server, cookies: str, origin: str | None = None) -> Iterator[ClientConnection]:
    """The connection of a browser with these cookies."""
    with connect(
        f"ws://127.0.0.1:{server.port}{PATH}",
        origin=origin or server.url,
        additional_headers={"Cookie": cookies} if cookies else {},
        open_timeout=180,
        max_size=None,
    ) as socket:
        yield socket


def heard(socket: ClientConnection) -> tuple[dict, dict | None]:
    """The next message: what it says of the list, and the header of the run in view, None without one."""
    line, _, block = bytes(socket.recv(timeout=180)).partition(b"\n")
    return json.loads(line), unpack(block)[0] if block else None


def person(cookies: str) -> User:
    """Whom the server takes the browser with these cookies for."""
    signed = next(one for one in cookies.split("; ") if not one.startswith("latent_room_"))
    return User(signed.partition("=")[2].partition(".")[0])


def test_a_private_run_is_told_to_its_owner_alone(server):
    mine, theirs = (enter(server, "room", server.room["code"]) for _ in range(2))
    store = Store(server.home)
    id = store.create(RUN, user=person(mine), state="paused")
    store.set_private(id, True)
    with session(server, "train", mine, f"run={id}"), told(server, mine) as own, told(server, theirs) as other:
        heard(own), heard(other)
        for socket in (own, other):
            socket.send(View(run=id).model_dump_json())
        of_list, of_run = heard(own)
        assert of_run["run"] == id and of_run["state"] == "paused" and "gone" not in of_list["mark"]
        of_list, of_run = heard(other)
        assert of_run is None and of_list["mark"].endswith("gone") and id not in json.dumps(of_list)
        store.set_private(id, False)
        of_list, of_run = heard(other)
        assert of_run["run"] == id and "gone" not in of_list["mark"]
        store.set_private(id, True)
        assert heard(other)[1] is None


def test_a_change_from_elsewhere_is_told_at_once_and_a_silent_store_says_nothing(server):
    cookies, store = enter(server, "room", server.room["code"]), Store(server.home)
    id = store.create(RUN, state="paused")
    with session(server, "train", cookies, f"run={id}"), told(server, cookies) as socket:
        heard(socket)
        socket.send(View(run=id).model_dump_json())
        of_list, of_run = heard(socket)
        with pytest.raises(TimeoutError):
            socket.recv(timeout=3)
        store.command(id, "stop")  # a paused run without a worker waits until a scheduler sees to it
        new_list, new_run = heard(socket)
        assert (
            new_run["state"] != "paused" and new_list["mark"] != of_list["mark"] and new_run["shown"] != of_run["shown"]
        )


@pytest.mark.parametrize(
    "message", ["{", '{"run": "../../etc"}', '{"step": -2}', '{"plane": "' + "x" * 20_000 + '"}', b"{}"]
)
def test_what_no_page_says_ends_the_connection(server, message):
    with told(server, enter(server, "room", server.room["code"])) as socket, pytest.raises(ConnectionClosed) as closed:
        socket.send(message)
        while True:
            socket.recv(timeout=180)
    assert closed.value.rcvd.code == 1008


def test_without_the_code_or_from_another_site_there_is_no_connection(server):
    for cookies, origin in (("", None), (enter(server, "room", server.room["code"]), "http://elsewhere.example")):
        with pytest.raises(InvalidStatus) as refused, told(server, cookies, origin):
            pass
        assert refused.value.response.status_code == 403


def test_a_browser_that_reads_slowly_gets_the_newest_only_and_one_that_left_gets_nothing(home, monkeypatch):
    monkeypatch.setattr(start_scheduler, "start_detached", lambda command, log: SimpleNamespace(poll=lambda: 0))
    store = Store(home)
    id, lease = claimed_run(store)
    shares: dict[str, list[str]] = {"slow": [], "quick": []}

    async def watched() -> None:
        runs, reads = LiveRuns(), asyncio.Event()

        async def never_ends() -> None:
            raise AssertionError("no connection is ended here")

        async def slow(message: bytes) -> None:
            shares["slow"].append(json.loads(message.partition(b"\n")[0])["shares"].get(id, ""))
            await reads.wait()

        async def quick(message: bytes) -> None:
            shares["quick"].append(json.loads(message.partition(b"\n")[0])["shares"].get(id, ""))

        watchers = [Watcher(ADMIN, tell, never_ends, View(run=id)) for tell in (slow, quick)]
        for one in watchers:
            runs.join(one)
        for share in (0.1, 0.2, 0.3):
            lease.write([STEP], {"step": STEP}, share)
            while shares["quick"][-1:] != [f"{share:.0%}"]:
                await asyncio.sleep(0.05)
        assert len(shares["slow"]) == 1
        reads.set()
        while shares["slow"][-1] != "30%":
            await asyncio.sleep(0.05)
        for one in watchers:
            runs.leave(one)
        count = len(shares["quick"])
        lease.write([STEP], {"step": STEP}, 0.4)
        while not runs._pulse.done():
            await asyncio.sleep(0.05)
        assert len(shares["quick"]) == count and not runs.watchers

    asyncio.run(asyncio.wait_for(watched(), 180))
    assert len(shares["slow"]) == 2
