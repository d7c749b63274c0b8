"""`serve`: the printed address, refused ports, settings that hold wherever it is started, and Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.browser.server import ROOT, Server, free_port, start
from vae_core.errors import UserError
from vae_core.room.access import Room
from vae_core.utils.paths import app_root
from vae_core.web.entrance import Public, address, lan_address
from vae_core.web.serve import check_port, serve, settings
from vae_core.web.welcome import welcome
from vae_ui.base.palette import LANGUAGE


def test_a_taken_port_is_one_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=rf"^Port {port} is in use.*PORT={port + 1}\.$"):
            serve("127.0.0.1", port)
    check_port("127.0.0.1", port)


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_that_does_not_exist(port):
    with pytest.raises(UserError, match=f"Port {port} does not exist"):
        check_port("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.7", "no-such-host.invalid"])
def test_a_host_that_is_not_here(host):
    with pytest.raises(UserError, match=f"{host} is not an address of this machine"):
        check_port(host, free_port())


def test_on_this_machine_only_there_is_no_qr_code():
    assert welcome("127.0.0.1", 8501) == "Latent Explorer: http://127.0.0.1:8501 (this machine only; Ctrl-C ends it)"


def test_on_a_network_there_are_an_address_and_its_qr_code(monkeypatch):
    monkeypatch.setattr("vae_core.web.entrance.lan_address", lambda: "198.51.100.20")
    room = Room("12345678", "ab" * 16, b"s")
    first, teacher, *code = welcome("0.0.0.0", 8600, room=room).splitlines()
    assert "http://198.51.100.20:8600 " in first and "1234 5678" in first
    assert teacher.endswith(f"http://198.51.100.20:8600/?teacher={room.key}")
    assert len(code) >= 15 and any("█" in line or "\x1b[" in line for line in code)


def test_without_a_network_the_terminal_says_so(monkeypatch):
    monkeypatch.setattr("vae_core.web.welcome.lan_address", lambda: None)
    monkeypatch.setattr("vae_core.web.entrance.lan_address", lambda: None)
    assert "http://127.0.0.1:8600 (no network found" in welcome("0.0.0.0", 8600, room=Room("12345678", "ab" * 16, b"s"))


def test_the_lan_address_is_this_machines():
    found = lan_address()
    assert found is None or (check_port(found, free_port()) is None and not found.startswith("127."))


def test_a_room_without_a_code_says_so(monkeypatch):
    monkeypatch.setattr("vae_core.web.entrance.lan_address", lambda: "198.51.100.20")
    said = welcome("0.0.0.0", 8600, room=Room("", "ab" * 16, b"s"))
    assert "no code is asked for" in said and "/?room=" not in said


def test_the_public_address_is_printed_where_a_proxy_offers_the_app():
    assert (
        address("127.0.0.1", 8501, Public("a.example, b.example", proxy="127.0.0.1", base="vae"))
        == "https://a.example/vae"
    )


def test_ipv6_addresses_are_bracketed():
    assert address("fd00::1", 8501) == "http://[fd00::1]:8501"


def test_every_setting_is_one_that_streamlit_knows():
    from streamlit import config

    known = config.get_config_options()
    assert [name for name in settings("127.0.0.1", 8501) if name not in known] == []


def test_settings_contain_every_line_of_config_toml():
    with open(ROOT / ".streamlit" / "config.toml", "rb") as file:
        written = tomllib.load(file)
    passed = settings("0.0.0.0", 9000)
    assert passed["runner.postScriptGC"] is False and passed["server.port"] == 9000
    assert passed["theme.dark.redColor"] == written["theme"]["dark"]["redColor"]
    assert passed["browser.gatherUsageStats"] is False and passed["client.showErrorDetails"] == "none"


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours after WCAG 2.2, 1 to 21."""

    def luminance(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_readable_on_a_projector(theme):
    options = settings("127.0.0.1", 8501)
    colours = {name.rpartition(".")[2]: value for name, value in options.items() if name.startswith(f"theme.{theme}.")}
    background = colours.pop("backgroundColor")
    assert options["theme.baseFontSize"] >= 16
    assert contrast(colours.pop("textColor"), background) >= 12
    assert contrast(colours["primaryColor"], background) >= 4.5
    faint = {
        name: contrast(c, background) for name, c in colours.items() if name.endswith("Color") and "order" not in name
    }
    del faint["secondaryBackgroundColor"]
    assert min(faint.values()) >= 3, faint


def test_the_theme_and_the_figures_share_their_colours():
    options = settings("127.0.0.1", 8501)
    names = {"x": "red", "q": "yellow", "eps": "orange", "z": "blue", "out": "green", "prior": "gray"}
    for thing, name in names.items():
        assert LANGUAGE[thing] == tuple(options[f"theme.{theme}.{name}Color"] for theme in ("light", "dark"))


def test_the_app_is_found_beside_the_packages_and_when_installed(tmp_path, monkeypatch):
    assert (app_root() / "app.py").is_file()
    monkeypatch.setattr("vae_core.utils.paths.__file__", str(tmp_path / "vae_core" / "utils" / "paths.py"))
    (tmp_path / "latent_explorer_app").mkdir()
    assert app_root() == tmp_path / "latent_explorer_app"
    monkeypatch.setattr("vae_core.web.serve.app_root", app_root)
    with pytest.raises(UserError, match="pages are missing"):
        serve()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = start(tmp_path)
    yield running
    running.process.kill()


def test_it_responds_and_ends_with_ctrl_c(server):
    with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=60) as answer:
        assert answer.read() == b"ok"
    assert server.log.splitlines() == [welcome("127.0.0.1", server.port)]
    assert server.stop(signal.SIGINT) == 0
    assert server.complaints() == []


def test_a_foreign_host_name_is_refused(server):
    """DNS rebinding: a foreign host name that resolves to this machine gets no session, and no server on the internet is asked."""
    socket = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    with connect(socket, origin=server.url):
        pass
    for stranger in ({"origin": "http://stranger.example"}, {"additional_headers": {"Host": "stranger.example"}}):
        with pytest.raises(InvalidStatus), connect(socket, **stranger):
            pass
    assert "external IP" not in server.log


def test_ctrl_c_during_the_start_prints_no_stack_trace(tmp_path):
    command = [sys.executable, "-m", "vae_core", "serve", "--port", str(free_port()), "--home", str(tmp_path)]
    environment = os.environ | {"PYTHONPROFILEIMPORTTIME": "1"}
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, env=environment, text=True) as process:
        while "vae_core.web.serve" not in process.stderr.readline():
            assert process.poll() is None
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
        assert process.wait(timeout=60) in (0, 130)
    assert "Traceback" not in said


def test_it_ends_although_its_output_is_closed(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "vae_core", "serve", "--port", str(port), "--home", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout.readline()
        process.stdout.close()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=60) as answer:
            assert answer.read() == b"ok"
        process.terminate()
        try:
            assert process.wait(timeout=60) == 0
        finally:
            process.kill()


def test_a_refusal_on_the_command_line_is_one_sentence():
    command = [sys.executable, "-m", "vae_core", "serve", "--port", "70000"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].endswith("argument --port: give a whole number from 1 to 65,535, not '70000'.")
