"""The WebAssembly kernels that are checked in are what kernels.c makes."""

import json
import shutil

import pytest

from tests.conftest import ROOT
from tests.helpers.javascript_fixtures import fixtures
from tests.ui.test_javascript import needs_node, node
from tools import kernels

VERSION = kernels.compiler()

needs_clang = pytest.mark.skipif(VERSION is None, reason=kernels.MISSING)


@needs_clang
@needs_node
def test_the_kernels_are_what_their_source_makes(tmp_path):
    """The same bytes from the same compiler; another one's module passes the same tests in node."""
    made, checked_in = kernels.module(kernels.compiled(), str(VERSION)), kernels.COMPILED.read_text(encoding="utf-8")
    if made.splitlines()[0] == checked_in.splitlines()[0]:
        assert made == checked_in, "kernels.c has changed: run make kernels, then make bundles"
        return
    for folder in ("vae_ui/stage/js", "tests/js"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / kernels.COMPILED.relative_to(ROOT)).write_text(made, encoding="utf-8")
    path = tmp_path / "fixtures.json"
    path.write_text(json.dumps(fixtures(), allow_nan=False))
    done = node("--test", str(tmp_path / "tests/js/kernels.test.js"), FIXTURES=str(path))
    assert done.returncode == 0, done.stdout + done.stderr
