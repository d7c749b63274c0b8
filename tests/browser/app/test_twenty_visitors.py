"""Twenty people at once, four of them with a browser: each keeps its own model, seed and pictures.

The others speak to the server as a browser does, because twenty browsers draw for minutes what a test need not look at.
"""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import numpy as np
from playwright.sync_api import Page, expect
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.attack.streamlit_client import Client
from tests.browser.page_watch import asked, settled
from tests.browser.pixel_helpers import changed, decoded, pixels
from tests.browser.server import Server

SHEET = "samples, codes from:"
WANTED = [(("mnist-vae-2d", "digits-vae-2d")[i % 2], str(i + 1)) for i in range(20)]
BROWSERS = 4


def link(model: str, seed: str) -> str:
    return f"model={model}&seed={seed}"


def sheet(client: Client) -> bytes:
    """The pixels of the picture that a client is sent; on a busy machine the answer to an earlier request may come first."""
    for _ in range(10):
        sent = "".join(getattr(element, "body", "") for _, element in client.show("generate").elements)
        if found := re.findall(rf'<img src="([^"]+)" alt="[^"]*{SHEET}', sent):
            return decoded(found[-1]).tobytes()
    raise AssertionError("the page shows no samples")


def press(client: Client, label: str) -> None:
    [button] = [e.id for kind, e in client.show("generate").elements if kind == "button" and e.label == label]
    client.show("generate", [WidgetState(id=button, trigger_value=True)])


def test_twenty_visitors_do_not_see_each_others_choices(open_page: Callable[..., Page], server: Server):
    pages = [open_page() for _ in WANTED[:BROWSERS]]
    with ExitStack() as opened, ThreadPoolExecutor(len(WANTED)) as at_once:
        coming = [at_once.submit(Client, server, "generate", link(*one)) for one in WANTED[BROWSERS:]]
        for page, one in zip(pages, WANTED, strict=False):
            page.goto(f"/generate?{link(*one)}", wait_until="commit")
        for page in pages:
            expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=60_000)
            settled(page, timeout=180)
        clients = [opened.enter_context(client.result()) for client in coming]
        seen = [pixels(page, SHEET) for page in pages]
        sent = list(at_once.map(sheet, clients))
        assert [(asked(page)["model"], asked(page)["seed"]) for page in pages] == WANTED[:BROWSERS]
        assert len({picture.tobytes() for picture in seen} | set(sent)) == len(WANTED)

        pages[0].get_by_role("button", name="Draw again").click()
        changed(pages[0], SHEET, seen[0])
        for client, before in list(zip(clients, sent, strict=True))[1::5]:
            press(client, "Draw again")
            assert sheet(client) != before
        pages[1].reload()
        settled(pages[1], timeout=180)
        for page, one, before in list(zip(pages, WANTED, seen, strict=False))[1:]:
            assert (asked(page)["model"], asked(page)["seed"]) == one and np.array_equal(pixels(page, SHEET), before)
        for i, (client, before) in enumerate(zip(clients, sent, strict=True)):
            if i % 5 != 1:
                assert sheet(client) == before, WANTED[BROWSERS + i]
    four_draw_codes(pages)


def four_draw_codes(pages: list[Page]) -> None:
    """On the page Decode they do the same at once: each has a code of its own."""
    before = [(asked(page)["model"], asked(page)["seed"]) for page in pages]
    for page in pages:
        page.get_by_test_id("stSidebarNavLink").filter(has_text="Decode").click()
    for page in pages:
        settled(page)
        page.get_by_role("button", name="Random sample").click()
    for page in pages:
        settled(page)
    assert [(asked(page)["model"], asked(page)["seed"]) for page in pages] == before
    codes = [tuple(slider.input_value() for slider in page.get_by_role("slider").all()) for page in pages]
    assert len(set(codes)) == len(pages)
