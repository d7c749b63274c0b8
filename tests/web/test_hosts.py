"""Host names of the server, the same-origin check, and which clients run on the server's machine."""

from dataclasses import replace

import pytest

from vae_core.errors import UserError
from vae_core.web.middleware.hosts import Hosts, configured_names, own_names, parse, same_origin

LAN = Hosts(own_names("192.168.7.20"), configured_names("vae.school.example, [fd00::5] other.example:8501"))


def scope(host="127.0.0.1:8501", client="10.0.0.9", server="192.168.7.20", **headers):
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    hosts = [(b"host", host.encode())] if host is not None else []
    return {"headers": [*hosts, *named], "client": (client, 50000), "server": (server, 8501)}


@pytest.mark.parametrize(
    ("authority", "found"),
    [
        ("LocalHost:8501", ("localhost", 8501)),
        ("[::1]:8501", ("::1", 8501)),
        ("[0:0::0001]", ("::1", None)),
        ("[::ffff:127.0.0.1]:80", ("127.0.0.1", 80)),
        ("Vae.School.Example.", ("vae.school.example", None)),
    ],
)
def test_a_host_is_normalised(authority, found):
    assert parse(authority) == found


@pytest.mark.parametrize("authority", ["", ":8501", "a@b", "a/b", "a:b", "a:99999", "[::1", "a?b", "a#b"])
def test_an_invalid_host_is_none(authority):
    assert parse(authority) is None


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8501",
        "LOCALHOST:8501",
        "[::1]:8501",
        "192.168.7.20:8501",
        "192.168.7.20",
        "vae.school.EXAMPLE",
        "[FD00::5]",
    ],
)
def test_own_and_configured_names_are_accepted(host):
    assert LAN.accepts(scope(host))


@pytest.mark.parametrize(
    "host",
    ["stranger.example", "192.168.7.21:8501", "0.0.0.0:8501", "127.0.0.1.stranger.example", "localhost.example", None],
)
def test_an_unknown_name_is_not_accepted(host):
    assert not LAN.accepts(scope(host))


def test_two_host_headers_are_not_accepted():
    assert not LAN.accepts(scope("localhost") | {"headers": [(b"host", b"localhost"), (b"host", b"localhost")]})


def test_an_address_that_the_machine_got_later_is_accepted():
    assert LAN.accepts(scope("10.1.1.4:8501", server="10.1.1.4"))


@pytest.mark.parametrize("client", ["127.0.0.1", "127.0.0.9", "::1", "::ffff:127.0.0.1", "192.168.7.20"])
def test_clients_on_the_servers_machine_are_local(client):
    assert LAN.is_local(scope("192.168.7.20:8501", client=client))


def test_behind_a_proxy_nobody_is_local_and_behind_a_login_everybody_is():
    here, far = scope(client="127.0.0.1"), scope("hub.example", client="10.0.0.9")
    assert LAN.is_local(here) and not replace(LAN, proxied=True).is_local(here)
    personal = Hosts(frozenset(), personal=True, proxied=True)
    assert personal.is_local(far) and personal.accepts(far)


@pytest.mark.parametrize(
    "request_",
    [
        scope(client="10.0.0.9"),
        scope(client="10.0.0.9", x_forwarded_for="127.0.0.1"),
        scope(client="127.0.0.1", x_forwarded_for="127.0.0.1"),  # a proxy on this machine passes on what others ask
        scope(client="127.0.0.1", forwarded="for=127.0.0.1"),
        scope(client="127.0.0.1", via="1.1 proxy"),
        scope("vae.school.example", client="127.0.0.1"),  # a name that was added is a proxy's
        scope(client=""),
        scope() | {"client": None},
    ],
)
def test_other_clients_are_not_local(request_):
    assert not LAN.is_local(request_)


@pytest.mark.parametrize(
    ("host", "origin", "same"),
    [
        ("localhost:8501", None, True),
        ("localhost:8501", "http://localhost:8501", True),
        ("LOCALHOST:8501", "http://localhost:8501", True),
        ("[::1]:8501", "http://[::1]:8501", True),
        ("vae.school.example", "https://vae.school.example", True),
        ("vae.school.example:443", "https://vae.school.example", True),
        ("localhost:8501", "http://localhost:9999", False),
        ("localhost:8501", "http://127.0.0.1:8501", False),
        ("localhost:8501", "http://localhost", False),
        ("localhost:8501", "null", False),
        ("localhost:8501", "file://localhost:8501", False),
        ("localhost:8501", "http://stranger.example:8501", False),
    ],
)
def test_same_origin(host, origin, same):
    assert same_origin(scope(host, **({} if origin is None else {"origin": origin}))) == same


@pytest.mark.parametrize("words", ["a b/c", "*.example", "http://a.example", "a:b"])
def test_an_invalid_configured_name_is_one_sentence(words):
    with pytest.raises(UserError, match="is not a host name"):
        configured_names(words)
