"""Set-up: locks, Makefile, the wheel and the sentences of the small tools."""

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import vae_core
from tools import browser

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def pinned(name: str) -> dict[str, str]:
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line) for line in lines), lines
    return {line.partition("==")[0].lower(): line.partition("==")[2] for line in lines}


@pytest.mark.parametrize(
    ("asked", "lock"),
    [
        (PROJECT["dependencies"], "requirements.lock"),
        (PROJECT["optional-dependencies"]["test"], "requirements-test.lock"),
        (PROJECT["optional-dependencies"]["docs"], "requirements-docs.lock"),
    ],
)
def test_the_lock_pins_what_is_asked(asked, lock):
    pins = pinned(lock)
    for one in map(Requirement, asked):
        assert one.specifier.contains(pins[one.name]), one


def test_the_app_needs_no_tool_of_tests_or_docs_and_no_cuda_package():
    app, tests, docs = (pinned(f"requirements{part}.lock") for part in ("", "-test", "-docs"))
    assert not app.keys() & (tests.keys() | docs.keys())
    assert all(tests[name] == docs[name] for name in tests.keys() & docs.keys())  # `make test` installs both
    assert not [name for name in app if name.startswith(("nvidia", "cuda", "triton"))]


def make(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", *words], cwd=ROOT, env=os.environ | variables, capture_output=True, text=True
    )


def test_run_takes_host_and_port_either_way():
    assert "serve --host 127.0.0.1 --port 8501" in make("-n", "run", HOST="127.0.0.1", PORT="8501").stdout
    assert "serve --host 0.0.0.0 --port 9000" in make("-n", "run", HOST="0.0.0.0", PORT="9000").stdout
    assert "serve --host 0.0.0.0 --port 9000" in make("-n", "run", "HOST=0.0.0.0", "PORT=9000").stdout


def test_run_installs_the_extras_that_are_asked_for():
    assert "tools/extras.py" not in make("-n", "run").stdout
    lines = make("-n", "run", "EXTRAS=molecules,umap").stdout.splitlines()
    (place,) = (place for place, line in enumerate(lines) if 'tools/extras.py "molecules,umap"' in line)
    assert "serve" in lines[place + 1]


def test_no_python_is_a_sentence(tmp_path):
    done = make("run", f"VENV={tmp_path / 'venv'}", "PYTHON=no-such-python")
    assert done.returncode != 0 and "Python 3.11 or newer is needed" in done.stdout
    assert not (tmp_path / "venv").exists()


def venv_tool():
    spec = importlib.util.spec_from_file_location("venv_tool", ROOT / "tools" / "venv.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_old_python_is_a_sentence(tmp_path, monkeypatch):
    tool = venv_tool()
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert tool.make(str(tmp_path / "venv")).startswith("Python 3.11 or newer is needed and this is 3.9")


def test_a_folder_that_is_no_environment_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    assert "not a virtual environment" in venv_tool().make(str(tmp_path))
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_a_half_made_environment_is_made_again(tmp_path):
    (tmp_path / "pyvenv.cfg").write_text("home = nowhere\n")
    tool = venv_tool()
    assert not tool.usable(str(tmp_path))
    assert tool.make(str(tmp_path)) == ""
    assert tool.usable(str(tmp_path))


def test_a_python_without_venv_is_a_sentence(tmp_path, monkeypatch):
    tool = venv_tool()
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert "venv module does not work" in tool.make(str(tmp_path / "venv"))


def test_a_named_browser_wins_and_a_wrong_one_is_none(monkeypatch):
    monkeypatch.setenv("LATENT_BROWSER", sys.executable)
    assert browser.find() == sys.executable
    monkeypatch.setenv("LATENT_BROWSER", "/no/such/browser")
    assert browser.find() is None


def test_nothing_is_installed_without_the_right_to(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(browser.shutil, "which", lambda name: None if name == "sudo" else f"/usr/bin/{name}")
    monkeypatch.setattr(browser.subprocess, "call", lambda *a, **k: pytest.fail("ran a command"))
    assert browser.install() is False


def test_ci_runs_every_check():
    lines = [
        line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line and not line.startswith(("#", "set"))
    ]
    assert lines == ['cd "$(dirname "$0")/.."', "exec make test test-slow"]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_carries_the_app(wheel):
    names = set(wheel.namelist())
    app = [
        "app.py",
        *(str(path.relative_to(ROOT)) for path in (ROOT / "pages").rglob("*.py")),
        ".streamlit/config.toml",
    ]
    app += [
        str(p.relative_to(ROOT))
        for p in (ROOT / "checkpoints").rglob("*")
        if p.suffix in (".json", ".npz", ".safetensors")
    ]
    app += [str(path.relative_to(ROOT)) for room in ("lessons", "glossary") for path in (ROOT / room).rglob("*.md")]
    core = [str(path.relative_to(ROOT)) for room in ("vae_core", "vae_ui") for path in (ROOT / room).rglob("*.*")]
    core = [name for name in core if not name.endswith(".pyc")]
    assert {f"latent_explorer_app/{name}" for name in app} | set(core) <= names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} <= {
        "vae_core",
        "vae_ui",
        "latent_explorer_app",
    }


def test_the_wheel_has_the_command(wheel):
    entry = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "latent-explorer = vae_core.__main__:main" in wheel.read(entry).decode()


def test_the_installed_app_finds_its_pages(wheel, tmp_path):
    wheel.extractall(tmp_path)
    code = (
        "from vae_core.utils.paths import app_root; from vae_core.web.serve import settings;"
        "print(app_root()); settings('127.0.0.1', 1)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd="/", env=os.environ | {"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.stdout.strip() == str(tmp_path / "latent_explorer_app"), done.stderr


def test_the_modules_of_the_public_interface_are_checked_strictly():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    (strict,) = [one["module"] for one in settings["overrides"] if one.get("warn_return_any")]
    homes = {f"vae_core.{home.partition(':')[0]}" for home in vae_core._HOMES.values()}
    rooms = tuple(name.removesuffix("*") for name in strict if name.endswith("*"))
    assert [home for home in homes if home not in strict and not home.startswith(rooms)] == []
    assert {"vae_core", "vae_ui", "pages"} <= set(settings["files"])
