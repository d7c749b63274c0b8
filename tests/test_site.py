"""The documentation as one site: built without a warning, complete, and quiet in a browser."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "--quiet", "build", "--strict", "--site-dir", str(folder)]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}  # as in the Makefile: the theme's advertisement is no warning
    done = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    return folder


def test_every_page_and_every_module_is_in_the_site(site):
    pages = {path.stem for path in (ROOT / "docs").glob("*.md")} | {"index", "contributing", "changelog"}
    assert pages <= {path.stem for path in site.glob("*.html")}
    modules = [path for path in (ROOT / "vae_core").rglob("*.py") if not path.name.startswith("__")]
    reference = {
        path.relative_to(site / "reference").with_suffix("").as_posix()
        for path in site.rglob("*.html")
        if "reference" in path.parts
    }
    missing = [path for path in modules if path.relative_to(ROOT).with_suffix("").as_posix() not in reference]
    assert missing == []


def test_the_reference_shows_docstrings(site):
    text = (site / "reference" / "vae_core" / "errors.html").read_text(encoding="utf-8")
    assert "UserError" in text


def test_the_site_asks_no_other_host(site):
    loaded = re.compile(r"<(?:script|link|img)[^>]+(?:src|href)=\"?(https?://[^\"\s>]+)")
    assert {url for path in site.rglob("*.html") for url in loaded.findall(path.read_text(encoding="utf-8"))} == set()
