"""The security checks of a real server: unknown hosts and other origins are refused, security headers, and cookies."""

import socket
from collections.abc import Iterator

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.browser.raw_client import ask
from tests.browser.server import Server, start
from vae_core.utils.paths import app_settings


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start(tmp_path_factory.mktemp("gate"), hosts="class.example", options=["--room", "none"])
    yield running
    complaints = running.complaints()
    running.process.kill()
    assert set(complaints) <= {"Invalid HTTP request received."}  # who is refused fills no log


def refused(server: Server, host: str = "", **headers: str) -> bool:
    """Whether a session with this Host header is refused."""
    reached = socket.create_connection(("127.0.0.1", server.port), timeout=180)
    try:
        address = f"ws://{host or f'127.0.0.1:{server.port}'}/_stcore/stream"
        with reached, connect(address, sock=reached, additional_headers=headers, open_timeout=180):
            return False
    except InvalidStatus as error:
        assert error.response.status_code == 403
        return True


@pytest.mark.parametrize("path", ["/", "/decode", "/_stcore/health", "/_stcore/host-config", "/static/x.js"])
def test_an_unknown_host_is_refused_with_a_sentence(server, path):
    for host in ("stranger.example", f"stranger.example:{server.port}", "10.9.8.7", "", "a b"):
        status, _, words = ask(server, path, Host=host)
        assert 400 <= status < 500, host
    assert words and "<" not in words
    assert "HOSTS=" in ask(server, path, Host="stranger.example")[2]


def test_own_and_configured_hosts_are_accepted(server):
    port = server.port
    for host in (
        f"127.0.0.1:{port}",
        f"LocalHost:{port}",
        "localhost",
        f"[::1]:{port}",
        "CLASS.example",
        "class.example:443",
    ):
        assert ask(server, "/_stcore/health", Host=host)[::2] == (200, "ok")
        assert not refused(server, host)
    assert refused(server, "stranger.example")


def test_two_host_headers_or_none_are_refused(server):
    for hosts in ("", f"Host: 127.0.0.1:{server.port}\r\nHost: stranger.example\r\n"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=180) as raw:
            raw.sendall(f"GET / HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n".encode())
            assert b" 400 " in raw.recv(4096).splitlines()[0]


def test_only_the_same_origin_may_open_a_session_or_change_anything(server):
    other = server.port + 1
    for origin in (f"http://localhost:{other}", f"http://127.0.0.1:{other}", "http://stranger.example", "null"):
        assert refused(server, Origin=origin)
        assert ask(server, "/_stcore/upload_file/a/b", "PUT", b"x", Origin=origin)[0] == 403
        assert ask(server, "/_stcore/upload_file/a/b", "DELETE", Origin=origin)[0] == 403
        assert "access-control-allow-origin" not in ask(server, "/_stcore/health", Origin=origin)[1]
    assert not refused(server, Origin=server.url)
    assert not refused(server, "CLASS.example", Origin="http://class.example")
    assert not refused(server, "class.example:443", Origin="https://class.example")  # as a proxy passes it on


@pytest.mark.parametrize("path", ["/", "/decode", "/start", "/_stcore/health", "/_stcore/metrics", "/static/none.js"])
def test_security_headers_forbid_framing_and_sniffing(server, path):
    _, headers, _ = ask(server, path)
    assert headers["content-security-policy"] == "frame-ancestors 'self'" and headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["metrics", "metrics/", "%6detrics", "script-health-check", "agent/mcp", "agent/openapi.json", "anything"]
)
def test_unneeded_routes_of_streamlit_are_closed(server, path):
    for method in ("GET", "POST", "OPTIONS"):
        assert ask(server, f"/_stcore/{path}", method)[::2] == (404, "There is nothing here.\n")
    assert ask(server, "/_stcore/health")[0] == 200


def test_a_browser_gets_one_http_only_cookie(server):
    cookie = ask(server, "/")[1]["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie and "Max-Age=34560000" in cookie
    mine = cookie.partition(";")[0]
    assert "set-cookie" not in ask(server, "/decode", Cookie=f"odd; =; {mine}; more=1")[1]
    assert ask(server, "/")[1]["set-cookie"].partition(";")[0] != mine
    name, _, value = mine.partition("=")
    for forged in ("0" * 16, value[:-1], f"{'0' * 16}.{value.partition('.')[2]}", ""):
        assert ask(server, "/", Cookie=f"{name}={forged}")[1]["set-cookie"].startswith(name)


def test_the_index_page_is_never_cached(server):
    headers = ask(server, "/decode")[1]
    assert "etag" not in headers and "last-modified" not in headers


def test_the_index_page_brings_a_first_frame_in_both_themes(server):
    page = ask(server, "/train")[2]
    assert page.count('id="first-frame"') == 1 and page.index('id="first-frame"') < page.index('id="root"')
    assert all(
        theme["backgroundColor"] in page for theme in (app_settings()["theme"][name] for name in ("light", "dark"))
    )


def test_the_index_page_names_the_language_of_its_texts(server):
    def named(path: str = "/", **headers: str) -> str:
        return ask(server, path, **headers)[2].partition('lang="')[2].partition('"')[0]

    chinese = {"Accept-Language": "zh-TW,zh;q=0.9"}
    assert [named(), named("/?lang=zh-HK"), named(**chinese), named("/?lang=%3Cb%3E", Cookie="latent_language=zh")] == [
        "en",
        "zh",
        "zh",
        "zh",
    ]
    assert named("/?lang=en", Cookie="latent_language=zh", **chinese) == "en"
    assert named(Cookie='latent_language="><script>') == "en"
