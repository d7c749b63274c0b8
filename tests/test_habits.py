"""What stands beside the code agrees with it: names and version, changelog, citation, templates, pre-commit and release notes."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import release
from vae_core.__main__ import main
from vae_core.about import COMMAND, DISTRIBUTION, VERSION

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
PIP = re.compile(r"pip install\s+((?:-{1,2}[\w-]+\s+)*)[\"']?([A-Za-z0-9][\w.-]*)(?:\[([\w,-]+)\])?")
TEXTS = ["*.md", "*.toml", "*.yml", "*.cff", "docs/*.md", ".github/**/*.*", "tools/**/*.py"]
TEXTS += [f"{room}/**/*.{kind}" for room in ("vae_core", "vae_ui", "pages") for kind in ("py", "js", "html", "po")]


def test_pyproject_has_the_names_of_the_constant():
    assert PROJECT["name"] == DISTRIBUTION and list(PROJECT["scripts"]) == [COMMAND]
    assert PROJECT["dynamic"] == ["version"]


def wrong_installs(text: str) -> list[str]:
    """Installs of this project by another name, or with an extra that it does not have."""
    others = {canonicalize_name(Requirement(one).name) for one in PROJECT["dependencies"]}
    return [
        found[0]
        for found in PIP.finditer(text)
        if "-r " not in found[1]
        and not (found[2] == DISTRIBUTION and extras(found) <= PROJECT["optional-dependencies"].keys())
        and canonicalize_name(found[2]) not in others
    ]


def extras(found: re.Match[str]) -> set[str]:
    return set((found[3] or "").split(",")) - {""}


def test_no_text_names_an_install_by_another_name():
    paths = {path for pattern in TEXTS for path in ROOT.glob(pattern) if path.is_file()}
    assert len(paths) > 100
    assert {path: wrong for path in paths if (wrong := wrong_installs(path.read_text(encoding="utf-8")))} == {}


def test_another_name_would_be_found():
    assert wrong_installs("pip install latent-explorer") and wrong_installs("pip install --upgrade vae_core")
    assert wrong_installs(f"pip install '{DISTRIBUTION}[unknown]'")
    assert not wrong_installs(f'pip install "{DISTRIBUTION}[docs]", pip install ., pip install -r requirements.lock')


def test_the_command_says_its_version(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0 and capsys.readouterr().out == f"{COMMAND} {VERSION}\n"


def test_the_changelog_begins_with_this_version():
    heads = re.findall(r"^## \[(.+?)\](?: - (\d{4}-\d\d-\d\d))?$", CHANGELOG, re.M)
    assert (heads[0][0] == "Unreleased" and heads[1][0] == VERSION) or heads[0][0] == VERSION
    assert all(date for name, date in heads if name != "Unreleased")
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(re.findall(r"^### (.+)$", CHANGELOG, re.M)) <= kinds


def test_the_release_notes_are_the_changelogs_section():
    text = "# Changelog\n\n## [2.0] - 2026-01-02\n\n### Added\n\n- New.\n\n## [1.0] - 2026-01-01\n\n- Old.\n"
    assert release.notes(text, "2.0") == "### Added\n\n- New.\n"
    assert release.notes(text, "1.0") == "- Old.\n"
    with pytest.raises(SystemExit, match="no section on 3.0"):
        release.notes(text, "3.0")
    assert release.notes(CHANGELOG)


def read_yaml(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_citation_names_this_version():
    citation = read_yaml(ROOT / "CITATION.cff")
    assert citation["cff-version"] == "1.2.0" and citation["license"] == PROJECT["license"]
    assert citation["version"] == VERSION
    assert f"## [{VERSION}] - {citation['date-released']}" in CHANGELOG
    assert citation["title"] and citation["authors"] and citation["message"]


@pytest.mark.parametrize(
    "path", sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml")), ids=lambda path: path.stem
)
def test_an_issue_form_is_one(path):
    form = read_yaml(path)
    assert form["name"] and form["description"]
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert {field["type"] for field in fields} <= {"input", "textarea", "dropdown", "checkboxes"}
    assert all(field["attributes"]["label"] for field in fields) and len({f["id"] for f in fields}) == len(fields)
    assert any(field.get("validations", {}).get("required") for field in fields)


def test_pre_commit_runs_the_checks_of_make_test():
    hooks = [hook for repo in read_yaml(ROOT / ".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]
    entries = " ".join(hook["entry"] for hook in hooks)
    makefile = (ROOT / "Makefile").read_text()
    for tool in ("ruff check", "ruff format", "mypy"):
        assert f"-m {tool}" in entries and f"-m {tool}" in makefile
    assert all(hook["language"] == "system" for hook in hooks)  # the versions are those of the lock


def test_make_release_and_docs_do_what_they_say():
    done = subprocess.run(["make", "-n", "release", "docs"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "-m tools.release" in done.stdout and "-m tools.docs" in done.stdout
    assert "-m mkdocs --quiet build --strict" in done.stdout
