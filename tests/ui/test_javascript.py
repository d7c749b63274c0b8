"""The browser's code, checked by node: unit tests on numbers that Python made, and bundles that are what their sources make."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.helpers.javascript_fixtures import fixtures

BUNDLES = ROOT / "vae_ui" / "bundles"
NODE = Path(sys.executable).with_name("node")

needs_node = pytest.mark.skipif(
    not (NODE.exists() and shutil.which(NODE) and (ROOT / "node_modules").is_dir()),
    reason="node and its packages are missing: make bundles installs them",
)


def node(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [str(NODE), *arguments]
    environment = {**os.environ, **variables}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)


@needs_node
def test_the_units_agree_with_python(tmp_path):
    path = tmp_path / "fixtures.json"
    path.write_text(json.dumps(fixtures(), allow_nan=False))
    done = node("--test", "tests/js/*.test.js", FIXTURES=str(path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# fail 0" in done.stdout or "fail 0" in done.stdout


@needs_node
def test_the_bundles_are_what_their_sources_make():
    done = node("tools/bundle.js", "--check")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["stage", "saved_file", "replay", "shell"])
def test_a_bundle_is_one_module_that_streamlit_takes_for_code(name):
    """An inline string without a line break may be taken for a path; an import would be asked of the server."""
    text = (BUNDLES / f"{name}.js").read_text(encoding="utf-8")
    assert "\n" in text.strip() and not any(line.startswith("import") for line in text.splitlines())
    assert text.count(" as default}") == (name != "saved_file")
