"""Who waits until a page is settled has its answers, however long the server takes to begin with them."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

from tests.browser.page_watch import asked, settled
from tests.browser.server import Server

SECONDS = 1.5  # many times as long as a page must be idle


@contextmanager
def held_up(server: Server) -> Iterator[None]:
    """The server stands still from now on, for a while."""
    process = server.process.pid
    os.kill(process, signal.SIGSTOP)
    timer = Timer(SECONDS, os.kill, (process, signal.SIGCONT))
    timer.start()
    yield
    timer.join()


def test_a_click_and_a_step_back_have_their_answers(page, server):
    page.goto("/decode?model=digits-vae-2d&z=1,1")
    settled(page)
    with held_up(server):
        page.get_by_role("button", name="Random sample").click()
        settled(page)
        assert asked(page)["z"] != "1,1"
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Generate").click()
    settled(page)
    with held_up(server):
        page.go_back()
        settled(page)
        assert page.get_by_role("heading", level=1).inner_text() == "What does the decoder draw?"


def test_an_upload_has_its_answer(page, server):
    page.goto("/reconstruct?model=digits-vae-2d")
    settled(page)
    page.get_by_role("radio", name="Upload").click()
    settled(page)
    with held_up(server):
        page.locator("input[type=file]").set_input_files(
            {"name": "broken.png", "mimeType": "image/png", "buffer": b"none"}
        )
        settled(page)
        assert "broken.png" in " ".join(page.get_by_role("alert").all_inner_texts())
