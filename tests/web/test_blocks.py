"""Blocks by name: which are held, how they are answered, and what the index page lets a browser fetch first."""

import asyncio
import gzip
from typing import Any

import numpy as np
import pytest

from vae_core.web.blocks import PATH, Blocks, blocks
from vae_core.web.middleware.content import index_page
from vae_core.web.middleware.content.blocks import BlocksMiddleware
from vae_core.web.middleware.content.index_page import IndexPage, opened
from vae_core.web.middleware.content.static_files import StaticFiles

PAGE = b'<html lang="en"><head></head><body></body></html>'
FOREVER = (b"cache-control", b"public, immutable, max-age=31536000")


def noise(size: int, seed: int = 0) -> bytes:
    return np.random.default_rng(seed).bytes(size)


class Below:
    """An app that answers every request with the same body, and counts them."""

    def __init__(self, body: bytes, *headers: tuple[bytes, bytes], status: int = 200) -> None:
        self.body, self.headers, self.status, self.asked = body, headers, status, 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked += 1
        length = (b"content-length", str(len(self.body)).encode())
        await send({"type": "http.response.start", "status": self.status, "headers": [length, *self.headers]})
        middle = len(self.body) // 2
        await send({"type": "http.response.body", "body": self.body[:middle], "more_body": True})
        await send({"type": "http.response.body", "body": self.body[middle:]})


def ask(
    app: Any, path: str, method: str = "GET", query: str = "", **headers: str
) -> tuple[int, dict[bytes, bytes], bytes]:
    """Status, headers and body of an answer."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    told = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": told}
    asyncio.run(app(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), body


def test_those_shown_least_lately_go_when_there_is_no_room():
    held = Blocks(room=3500)
    for name in "abc":
        held.put(name, noise(1000))
    held.put("a", noise(1000))  # shown again
    held.put("d", noise(1000))
    assert [name for name in "abcd" if held.get(name)] == ["a", "c", "d"] and held.size < 3500
    held.put("large", noise(9000))
    assert held.get("large") and not held.get("a")  # a page that shows it could not go on without it


def test_the_code_stays():
    held = Blocks(room=1)
    held.put_code("x.js", "export default 1;")
    for name in "abc":
        held.put(name, noise(100))
    assert held.get("x.js") and held.get("x.js").kind.startswith("text/javascript")


def test_a_block_is_answered_once_for_ever_and_packed_where_the_browser_unpacks_it():
    body, app = noise(500) + bytes(5000), BlocksMiddleware(Below(b"other"))
    blocks().put("some-name", body)
    status, headers, packed = ask(app, f"{PATH}some-name", accept_encoding="gzip, br")
    assert status == 200 and gzip.decompress(packed) == body and headers[b"content-encoding"] == b"gzip"
    assert b"immutable" in headers[b"cache-control"] and b"private" in headers[b"cache-control"]
    status, headers, plain = ask(app, f"{PATH}some-name")
    assert status == 200 and plain == body and b"content-encoding" not in headers
    assert ask(app, f"{PATH}some-name", "HEAD")[1][b"content-length"] == str(len(body)).encode()
    assert ask(app, f"{PATH}some-name", "POST")[0] == 405
    assert ask(app, "/decode")[2] == b"other"


@pytest.mark.parametrize("name", ["unknown", "", "../../etc/passwd", "some-name/"])
def test_a_name_that_is_not_held_has_no_content_and_is_not_kept(name):
    status, headers, body = ask(BlocksMiddleware(Below(b"other")), PATH + name)
    assert (status, body) == (204, b"") and headers[b"cache-control"] == b"no-store"


def test_the_index_page_fetches_what_this_page_of_this_model_needs_and_no_more(monkeypatch):
    index = IndexPage(Below(PAGE, (b"content-type", b"text/html")), "/vae")
    held = Blocks(room=1000)  # not those of this process, which other tests fill
    monkeypatch.setattr(index_page, "blocks", lambda: held)
    held.put("first-model", noise(10))
    held.put_code("first.js", "export default 1;")
    held.opens_with(opened("decode", "some-model", "en"), ["first.js", "first-model", "gone"])
    held.opens_with(opened("start", "", "en"), ["first-model"])
    page = ask(index, "/decode", query="model=some-model")[2].decode()
    assert '["first.js", "first-model"]' in page and f"latentBase}}{PATH[1:]}" in page
    assert '["first-model"]' in ask(index, "/")[2].decode()
    for path, query in (
        ("/decode", ""),
        ("/decode", "model=other"),
        ("/decode", "model=some-model&lang=zh"),
        ("/train", ""),
    ):
        assert b"latentEarly" not in ask(index, path, query=query)[2]


def test_a_file_of_streamlits_is_compressed_once_and_another_answer_goes_through_as_it_is():
    text = b"const a = 1;\n" * 500
    below = Below(text, (b"content-type", b"application/javascript"), FOREVER)
    app = StaticFiles(below)
    for _ in range(3):
        status, headers, packed = ask(app, "/static/js/x.js", accept_encoding="gzip")
        assert (
            status == 200 and gzip.decompress(packed) == text and int(headers[b"content-length"]) == len(packed) < 500
        )
    assert below.asked == 1
    assert (
        ask(app, "/static/js/x.js")[2] == text
        and ask(app, "/static/js/x.js", accept_encoding="gzip", range="bytes=0-9")[2] == text
    )
    for other in (
        Below(text, (b"content-type", b"font/woff2"), FOREVER),
        Below(text, (b"content-type", b"text/html"), (b"cache-control", b"no-cache")),
        Below(text, (b"content-type", b"text/css"), FOREVER, (b"content-encoding", b"br")),
        Below(text, (b"content-type", b"text/css"), FOREVER, status=404),
    ):
        app = StaticFiles(other)
        for _ in range(2):
            status, headers, body = ask(app, "/static/y", accept_encoding="gzip")
            assert (status, body) == (other.status, text) and headers.get(b"content-encoding") != b"gzip"
        assert other.asked == 2
