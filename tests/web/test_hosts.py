"""Names of the server: which are its own, which pages are, and who sits at its machine."""

import pytest

from vae_core.errors import UserError
from vae_core.web.hosts import Hosts, configured_names, own_names, parse, same_origin

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
def test_a_host_is_read_in_one_form(authority, found):
    assert parse(authority) == found


@pytest.mark.parametrize("authority", ["", ":8501", "a@b", "a/b", "a:b", "a:99999", "[::1", "a?b", "a#b"])
def test_what_is_no_host_is_none(authority):
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
def test_the_servers_own_names_and_added_ones_are_known(host):
    assert LAN.accepts(scope(host))


@pytest.mark.parametrize(
    "host",
    ["stranger.example", "192.168.7.21:8501", "0.0.0.0:8501", "127.0.0.1.stranger.example", "localhost.example", None],
)
def test_a_foreign_name_is_not(host):
    assert not LAN.accepts(scope(host))


def test_two_hosts_are_none():
    assert not LAN.accepts(scope("localhost") | {"headers": [(b"host", b"localhost"), (b"host", b"localhost")]})


def test_an_address_that_the_machine_got_later_is_its_own():
    assert LAN.accepts(scope("10.1.1.4:8501", server="10.1.1.4"))


@pytest.mark.parametrize("client", ["127.0.0.1", "127.0.0.9", "::1", "::ffff:127.0.0.1", "192.168.7.20"])
def test_who_connects_from_the_machine_sits_there(client):
    assert LAN.is_local(scope("192.168.7.20:8501", client=client))


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
def test_nobody_else_does(request_):
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
def test_a_page_of_the_server_itself_has_its_host_as_origin(host, origin, same):
    assert same_origin(scope(host, **({} if origin is None else {"origin": origin}))) == same


@pytest.mark.parametrize("words", ["a b/c", "*.example", "http://a.example", "a:b"])
def test_what_cannot_be_a_name_is_one_sentence(words):
    with pytest.raises(UserError, match="is no host name"):
        configured_names(words)
