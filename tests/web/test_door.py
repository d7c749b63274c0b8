"""The door of a room: who gets in, and that nothing behind it is reached without the code; against a real server."""

import secrets
import socket
import ssl
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.browser.raw_client import ask
from tests.browser.server import Server, start
from vae_core.errors import UserError
from vae_core.web.entrance import Public, check, opened
from vae_core.web.middleware.base_path import normalised

PAGE = {"Accept": "text/html"}
FORGED = 300


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server behind a proxy that has not to be there: X-Forwarded-For of this machine says who asks."""
    running = start(
        tmp_path_factory.mktemp("door"), hosts="class.example", options=["--base-path", "/vae/", "--proxy", "127.0.0.1"]
    )
    yield running
    complaints = running.complaints()
    running.process.kill()
    assert not complaints


def visit(server: Server, path: str, of: str, **headers: str) -> tuple[int, dict, str]:
    """A request of the address `of`, as the proxy passes it on."""
    return ask(server, path, Host="class.example", X_Forwarded_For=of, **headers)


def type_code(server: Server, code: str, of: str) -> tuple[int, dict, str]:
    body = urllib.parse.urlencode({"code": code}).encode()
    kind = "application/x-www-form-urlencoded"
    more = {"Origin": "http://class.example", "Content-Type": kind, "X_Forwarded_For": of}
    return ask(server, "/vae/decode?seed=3", "POST", body, Host="class.example", **PAGE, **more)


def enters(server: Server, cookie: str, of: str = "10.1.0.1") -> bool:
    """Whether the websocket that every page needs is opened with this cookie."""
    reached = socket.create_connection(("127.0.0.1", server.port), timeout=180)
    try:
        headers = {"Cookie": cookie, "X-Forwarded-For": of} if cookie else {"X-Forwarded-For": of}
        with (
            reached,
            connect(
                "ws://class.example/vae/_stcore/stream", sock=reached, additional_headers=headers, open_timeout=180
            ),
        ):
            return True
    except InvalidStatus as error:
        assert error.response.status_code == 403
        return False


def test_without_the_code_there_is_a_page_that_asks_for_it_and_nothing_else(server):
    status, headers, page = visit(server, "/vae/decode", "10.0.0.1", **PAGE)
    assert status == 200 and 'name="code"' in page and headers["cache-control"] == "no-store"
    assert "课堂码" in visit(server, "/vae/decode", "10.0.0.1", **PAGE, Accept_Language="zh-CN")[2]
    for path in ("/vae/static/index.html", "/vae/_stcore/host-config", "/vae/_stcore/stream", "/static/index.html"):
        assert visit(server, path, "10.0.0.1")[0] == 403
    assert visit(server, "/vae/_stcore/health", "10.0.0.1")[2] == "ok"
    assert not enters(server, "")


def test_the_code_is_typed_or_comes_with_the_link_and_leaves_the_address(server):
    status, headers, _ = type_code(server, server.room["code"], "10.0.0.2")
    assert status == 303 and headers["location"] == "/vae/decode?seed=3"
    cookie = headers["set-cookie"]
    assert "Path=/vae;" in cookie and "HttpOnly" in cookie and enters(server, cookie.partition(";")[0])
    status, headers, _ = visit(server, f"/vae/train?room={server.room['code']}&seed=4", "10.0.0.3", **PAGE)
    assert status == 303 and headers["location"] == "/vae/train?seed=4"
    assert enters(server, headers["set-cookie"].partition(";")[0])
    assert visit(server, "/vae", "10.0.0.3", **PAGE)[1]["location"] == "/vae/"


def test_a_teacher_who_opens_the_classs_link_stays_the_teacher(server):
    room = server.room
    teacher = visit(server, f"/vae/?teacher={room['key']}", "10.0.0.6", **PAGE)[1]["set-cookie"].partition(";")[0]
    status, headers, _ = visit(server, f"/vae/decode?room={room['code']}", "10.0.0.6", **PAGE, Cookie=teacher)
    assert status == 303 and headers["location"] == "/vae/decode" and "set-cookie" not in headers


def test_over_https_the_cookie_is_sent_back_over_https_only(server):
    link = f"/vae/?room={server.room['code']}"
    assert "; Secure" in visit(server, link, "10.0.0.4", **PAGE, X_Forwarded_Proto="https")[1]["set-cookie"]
    assert "; Secure" not in visit(server, link, "10.0.0.4", **PAGE)[1]["set-cookie"]


def test_a_link_leads_to_no_other_server(server):
    for path in ("//evil.example", "/vae//evil.example", "/vae/%5C%5Cevil.example"):
        location = visit(server, f"{path}?room={server.room['code']}", "10.0.0.5", **PAGE)[1].get("location", "/")
        assert location.startswith("/vae/") or not location.startswith(("//", "/\\", "http")), location


def test_forged_codes_keys_and_cookies_never_get_in(server):
    got_in = 0
    for number in range(FORGED // 3):
        of = f"10.2.{number % 7}.{number}"
        code = f"{secrets.randbelow(10**8):08}"
        got_in += code != server.room["code"] and type_code(server, code, of)[0] == 303
        got_in += visit(server, f"/vae/?teacher={secrets.token_hex(16)}", of, **PAGE)[0] == 303
        name = (
            visit(server, f"/vae/?room={server.room['code']}", "10.0.0.9", **PAGE)[1]
            .get("set-cookie", "x=")
            .partition("=")[0]
        )
        got_in += number % 10 == 0 and enters(server, f"{name}=teacher.{secrets.token_hex(32)}", of)
    assert got_in == 0
    wrong = f"{(int(server.room['code']) + 1) % 10**8:08}"
    while "too many wrong codes" not in type_code(server, wrong, "10.2.0.0")[2]:
        pass  # on a busy machine a second has passed since each of the tries above, after which one more is allowed
    status, headers, page = type_code(server, server.room["code"], "10.2.0.0")
    assert status == 200 and "too many wrong codes" in page  # it waits as well, or it could be found by trying


def test_a_forwarded_address_is_believed_of_a_named_proxy_only(tmp_path):
    running = start(tmp_path, hosts="class.example")
    try:
        for number in range(12):
            page = visit(running, "/?room=1", f"10.3.0.{number}", **PAGE)[2]
        assert "too many wrong codes" in page  # all from this machine, whatever they say
    finally:
        running.process.kill()


def test_https_with_a_certificate_of_ones_own(tmp_path):
    files = [tmp_path / name for name in ("cert.pem", "key.pem")]
    words = f"req -x509 -newkey rsa:2048 -nodes -keyout {files[1]} -out {files[0]} -days 2 -subj /CN=localhost"
    subprocess.run(["openssl", *words.split()], check=True, capture_output=True)
    running = start(tmp_path, options=["--cert", str(files[0]), "--key", str(files[1])], scheme="https")
    try:
        context = ssl.create_default_context(cafile=str(files[0]))
        context.check_hostname = False
        with urllib.request.urlopen(f"{running.url}/_stcore/health", context=context, timeout=180) as answer:
            assert answer.read() == b"ok"
    finally:
        running.process.kill()


def test_on_this_machine_alone_nothing_is_asked(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_HOME", str(tmp_path))
    assert opened("127.0.0.1", 8501, Public()).room is None
    for host, public in (
        ("0.0.0.0", Public()),
        ("127.0.0.1", Public(hosts="a.example")),
        ("127.0.0.1", Public(base="/vae")),
    ):
        found = opened(host, 8501, public)
        assert found.room is not None and found.room.code
        assert found.hosts.proxied == (public != Public())


@pytest.mark.parametrize(
    ("public", "sentence"),
    [
        (Public(cert="a.pem"), "both --cert and --key"),
        (Public(cert="no.pem", cert_key="no.pem"), "--cert: there is no file no.pem"),
        (Public(personal=True), "--personal needs --socket"),
        (Public(proxy="vae.example"), "'vae.example' is not an address"),
    ],
)
def test_options_that_do_not_go_together_are_a_sentence(public, sentence):
    with pytest.raises(UserError, match=sentence):
        check(public)


@pytest.mark.parametrize(("path", "found"), [("", ""), ("/", ""), ("vae", "/vae"), ("/a/b/", "/a/b"), ("//x", "/x")])
def test_a_base_path_has_one_form(path, found):
    assert normalised(path) == found


@pytest.mark.parametrize("path", ["/../x", "/a b", "/a?b", "/a#b", "/a\nb", "/<b>"])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(UserError, match="is not a base path"):
        normalised(path)
