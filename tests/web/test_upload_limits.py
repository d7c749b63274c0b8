"""Upload limits: files in the server's memory are counted before they are read, per user and in all."""

import http.client
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.raw_client import newcomer, put, session
from tests.browser.server import Server, start
from tests.helpers.run_helpers import until
from vae_core.errors import UserError
from vae_core.people.limits import MB, Limits
from vae_core.runs.users import User, new_user_id
from vae_core.web.middleware.upload_limits import MIN_COUNTED, UploadLimits

FILE = 49 * MB
BYTES_PER_USER, BYTES_IN_ALL = Limits().person.upload_mb * MB, Limits().everyone.upload_mb * MB


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start(tmp_path_factory.mktemp("uploads"))
    yield running
    running.process.kill()


def memory(server: Server) -> int:
    """The memory of the server's process, in bytes."""
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not say what a process holds")
def test_files_that_no_uploader_expects_stay_within_the_limit_of_a_user(server):
    cookies = newcomer(server)
    with session(server, cookies=cookies) as page:
        assert [put(server, page, cookies, f"file-{n}", bytes(FILE))[0] for n in range(4)] == [204] * 4
        before = memory(server)
        answers = [put(server, page, cookies, f"more-{n}", bytes(FILE)) for n in range(2)]
        assert all(status == 413 and "more than the 200 MB" in words for status, words in answers)
        assert memory(server) - before < FILE
        assert put(server, page, newcomer(server), "another's", bytes(MB))[0] == 204
    # the browser has left: its files make room
    with session(server, cookies=cookies) as page:
        until(lambda: put(server, page, cookies, "again", bytes(10 * MB))[0] == 204)


def test_an_upload_without_content_length_is_refused(server):
    cookies = newcomer(server)
    with session(server, cookies=cookies) as page:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=180)
        connection.request(
            "PUT", f"/_stcore/upload_file/{page.id}/f", iter([b"x"]), {"Cookie": cookies}, encode_chunked=True
        )
        assert connection.getresponse().status == 411
        connection.close()
        assert put(server, page, cookies, "f", bytes(10), Transfer_Encoding="chunked")[0] in (400, 411)


class UploadStore:
    """A store that holds every admitted file until its session ends."""

    def __init__(self) -> None:
        self.sessions: set[str] = set()

    def holds(self, session: str, file: str) -> bool:
        return session in self.sessions

    def drop_departed(self, sessions: set[str]) -> None:
        self.sessions -= {session for session in sessions if session.startswith("left")}

    def redraw(self, session: str) -> None:
        pass


def test_cleared_cookies_do_not_exceed_the_limit_of_all_users():
    shelf = UploadStore()
    uploads = UploadLimits(None, shelf)
    fit = BYTES_IN_ALL // FILE
    for n in range(fit):
        shelf.sessions.add(f"left-{n}" if n < 2 else f"here-{n}")
        uploads._admit(f"left-{n}" if n < 2 else f"here-{n}", "f", User(new_user_id()), FILE).arriving = False
    for n in range(2):  # those who left make room
        uploads._admit(f"new-{n}", "f", User(new_user_id()), FILE)
    with pytest.raises(UserError, match="memory that this server has for uploaded files is full"):
        uploads._admit("one-more", "f", User(new_user_id()), FILE)


def test_arriving_files_count_and_failed_ones_do_not():
    uploads, person = UploadLimits(None, UploadStore()), User(new_user_id())
    arriving = [uploads._admit("s", f"{n}", person, FILE) for n in range(4)]
    with pytest.raises(UserError, match="200 MB"):
        uploads._admit("s", "fifth", person, FILE)
    for file in arriving:
        file.arriving = False  # the shelf does not hold it: it was refused further on
    uploads._admit("s", "fifth", person, FILE)


def test_small_files_have_a_minimum_size():
    uploads, person = UploadLimits(None, UploadStore()), User(new_user_id())
    first = uploads._admit("s", "first", person, 1)
    uploads.files += [first] * (BYTES_PER_USER // MIN_COUNTED - 1)
    with pytest.raises(UserError, match="200 MB"):
        uploads._admit("s", "last", person, 1)
