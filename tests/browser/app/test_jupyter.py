"""The app from the launcher of a real Jupyter server, whose login is the only way to it."""

import os
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from importlib import import_module

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PATIENCE
from tests.browser.page_watch import settled, watch
from tests.browser.server import ROOT, free_port
from vae_core.web import jupyter

TOKEN = "t" * 32
CONFIG = """from vae_core.web.jupyter import NAME, setup
c.ServerProxy.servers = {NAME: setup()}
c.ServerApp.token, c.ServerApp.base_url, c.ServerApp.port = "TOKEN", "/user/anna/", PORT
c.ServerApp.open_browser, c.ServerApp.allow_root, c.ServerApp.ip = False, True, "127.0.0.1"
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A Jupyter server that offers the app; it ends what it has started."""
    home, port = tmp_path_factory.mktemp("jupyter"), free_port()
    (home / "config.py").write_text(CONFIG.replace("TOKEN", TOKEN).replace("PORT", str(port)))
    folders = {name: str(home / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    environment = (
        os.environ | folders | {"LATENT_HOME": str(home / "latent"), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    )
    command = [sys.executable, "-m", "jupyter", "server", "--config", str(home / "config.py")]
    with open(home / "log", "wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        for _ in range(600):
            assert process.poll() is None, (home / "log").read_text()
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/user/anna/api", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=180)
    assert "Traceback" not in (home / "log").read_text()


def test_a_person_who_has_logged_in_is_the_owner_and_sees_an_app_that_works(browser: Browser, port):
    context = browser.new_context(base_url=f"http://127.0.0.1:{port}", viewport={"width": 1280, "height": 720})
    context.set_default_timeout(PATIENCE)
    problems = watch(context, f"127.0.0.1:{port}")
    page = context.new_page()
    page.goto(f"/user/anna/{jupyter.NAME}/decode?token={TOKEN}&model=digits-vae-2d")
    settled(page)
    expect(page.get_by_role("slider").first).to_be_visible()
    assert page.url.partition("?")[0].endswith(f"/user/anna/{jupyter.NAME}/decode")
    page.get_by_role("link", name="Latent space").click()
    settled(page)
    assert page.url.partition("?")[0].endswith(f"/user/anna/{jupyter.NAME}/latent_space")
    page.reload()
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Where do the digits live?")
    paths = {cookie["path"] for cookie in context.cookies() if cookie["name"].startswith("latent_")}
    assert paths == {f"/user/anna/{jupyter.NAME}"}
    assert not problems()
    context.close()


def test_without_the_login_there_is_no_app(port):
    address = f"http://127.0.0.1:{port}/user/anna/{jupyter.NAME}/_stcore/health"
    with urllib.request.urlopen(address, timeout=180) as answer:
        assert "/user/anna/login" in answer.url


def test_the_launcher_finds_the_app_by_its_entry_point():
    entry = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"][
        "jupyter_serverproxy_servers"
    ]
    module, _, name = entry[jupyter.NAME].partition(":")
    found = getattr(import_module(module), name)()
    assert found["unix_socket"] is True and found["command"][1:4] == ["-m", "vae_core", "serve"]
    assert "--personal" in found["command"] and found["launcher_entry"]["title"] == "Latent Explorer"
