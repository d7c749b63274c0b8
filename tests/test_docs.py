"""The documentation keeps its word: its generated parts are up to date, its commands run, and its numbers are those of the code."""

import json
import re
import shlex
from pathlib import Path

import pytest

from tools import docs
from vae_core.__main__ import main
from vae_core.axes import model_size_limit
from vae_core.checkpoints.checks import MAX_CLASSES
from vae_core.commands import COMMANDS
from vae_core.data import DATASETS
from vae_core.data.text.molecules import MOST_MOLECULES, MOST_TOKENS
from vae_core.models.likelihoods import LIKELIHOODS
from vae_core.models.networks import NETWORKS
from vae_core.models.posteriors import POSTERIORS
from vae_core.models.priors import PRIORS
from vae_core.molecules.structures import MOST_ATOMS, MOST_CHARACTERS
from vae_core.objectives import OBJECTIVES
from vae_core.people.given_names import LONGEST
from vae_core.people.limits import Limits
from vae_core.presets.papers import PRESETS
from vae_core.runs import deletion, uploaded_archives
from vae_core.runs.names import MOST_PEOPLE
from vae_core.utils import limits as file_limits
from vae_ui.shell.page_list import JOBS, PAGES
from vae_ui.widgets.model_cache import OFFERED

ROOT = Path(__file__).parent.parent
PATHS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in PATHS}
README, EVERYTHING = TEXTS["README.md"], "\n".join(TEXTS.values())


def shell(text: str) -> list[str]:
    """The lines of the blocks without a language: what a person types."""
    return [line for block in re.findall(r"^```\n(.*?)^```", text, re.S | re.M) for line in block.splitlines()]


def test_the_generated_parts_are_up_to_date():
    assert docs.stale() == [], "run `make docs`, or `python -m tools.docs`"


def test_a_part_that_is_out_of_date_is_named_and_written_again(tmp_path, monkeypatch, capsys):
    (tmp_path / "docs").mkdir()
    page = tmp_path / "docs" / "data.md"
    (tmp_path / "README.md").write_text("# README\n")
    page.write_text("# Data\n\n<!-- generated: datasets -->\nold\n<!-- end -->\n")
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    monkeypatch.setattr(docs.rooms, "drawing", lambda: "<svg/>")
    assert docs.main(["--check"]) == 1
    assert "docs/data.md is out of date" in capsys.readouterr().out
    assert docs.main([]) == 0 and docs.main(["--check"]) == 0
    assert "\nold\n" not in page.read_text() and "`mnist`" in page.read_text()


@pytest.mark.parametrize(
    ("registry", "page"),
    [(one, "docs/models.md") for one in (LIKELIHOODS, NETWORKS, OBJECTIVES, POSTERIORS, PRESETS, PRIORS)]
    + [(DATASETS, "docs/data.md")],
    ids=lambda one: next(iter(one)) if isinstance(one, dict) else "",
)
def test_every_registered_name_is_in_its_page(registry, page):
    assert [name for name in registry if f"`{name}`" not in TEXTS[page]] == []


def test_the_readme_fits_two_screens():
    assert len(README.splitlines()) <= 70
    assert README.index("](docs/") < README.index("make run")


def test_the_readmes_numbers_are_those_of_the_code():
    stored = json.loads((ROOT / "checkpoints" / "mnist-vae-2d" / "run.json").read_text())["figures"]["elbo"]
    assert f"−ELBO of {-stored:.1f} nats per image" in README
    assert f"the {len(PRESETS)} presets" in README


def test_every_page_of_the_menu_is_in_the_readme_and_in_the_tour():
    titles = [title for title, _ in PAGES.values()]
    named = [title for page, (title, _) in PAGES.items() if page not in JOBS]
    assert re.findall(r"^\| ([A-Z][\w ]+) \| [A-Z]", README, re.M) == named
    assert re.findall(r"^\*\*([\w ]+)\*\*", TEXTS["docs/tour.md"], re.M) == titles


def test_the_commands_shown_run_in_their_order(tmp_path, monkeypatch, home, capsys):
    monkeypatch.chdir(tmp_path)
    lines = shell(TEXTS["docs/command-line.md"])
    shown = [shlex.split(line)[3:] for line in lines if line.startswith("python -m vae_core")]
    for words in shown:
        if words[0] != "serve":
            assert main(words) == 0, words
    assert {words[0] for words in shown} == {add.__name__.removeprefix("add_") for add in COMMANDS}
    assert (tmp_path / "strip.png").exists() and (tmp_path / "reconstruction.png").exists()


def test_the_python_shown_runs():
    import torch

    scope = {"loader": torch.rand(40, 1, 28, 28)}
    for block in re.findall(r"```python\n(.*?)```", TEXTS["docs/python.md"], re.S):
        exec(compile(block, "docs/python.md", "exec"), scope)  # noqa: S102
    assert scope["pictures"].shape == (10, 1, 28, 28) and scope["q"].mean.shape == (5, 2)


def test_the_limits_are_those_of_the_code():
    limits = " ".join(TEXTS["docs/limits.md"].split())
    person, everyone = Limits().person, Limits().everyone
    assert f"at most {person.runs} runs that wait or train, all together {everyone.runs}" in limits
    assert f"at most {person.training} train at the same time, all together {everyone.training}" in limits
    assert f"at most {person.jobs} background jobs, all together {everyone.jobs}" in limits
    assert f"kept for {MOST_PEOPLE:,} people, with at most {LONGEST} characters" in limits
    assert f"after {person.seconds:,} seconds of training" in limits
    disk = f"runs and uploads may take {person.disk_mb:,} MB of the disk, those of all together {everyone.disk_mb:,} MB"
    assert disk in limits
    assert deletion.UNDO_SECONDS == uploaded_archives.EXPIRY == 24 * 3600 and "brought back for a day" in limits
    assert f"in memory {person.upload_mb} MB a person and {everyone.upload_mb >> 10} GB in all" in limits
    assert (
        f"may have {file_limits.FILE_BYTES >> 20} MB and {file_limits.PICTURE_PIXELS // 10**6} million pixels" in limits
    )
    assert f"take {file_limits.PICTURE_BYTES >> 20} MB of memory while it is decoded" in limits
    assert f"{file_limits.FEWEST} to {file_limits.MOST:,} pictures" in limits
    assert f"at most {file_limits.LOAD_BYTES / 2**30:g} GB of memory while it is loaded" in limits
    assert f"{file_limits.KEPT_BYTES >> 30} GB of it for the prepared pictures" in limits
    assert f"{file_limits.LOAD_PIXELS // 10**6:,} million pixels to decode" in limits
    assert f"pictures of a .vae file may take {file_limits.KEPT_BYTES >> 30} GB" in limits
    assert (
        f"up to {model_size_limit.WEIGHTS // 10**6} million weights, {model_size_limit.WIDEST / 1e6:.0f} million numbers"
        in limits
    )
    assert f"and {MAX_CLASSES} classes" in limits
    tables = (
        f"{file_limits.TABLE_ROWS:,} rows, {file_limits.TABLE_COLUMNS:,} columns and {file_limits.TABLE_CELLS:,} cells"
    )
    assert f"A table may have {file_limits.TABLE_BYTES >> 20} MB, {tables}" in limits
    assert f"a row takes at most {file_limits.TABLE_WIDTH:,} numbers" in limits
    assert f"of molecules may have {file_limits.TABLE_BYTES >> 20} MB and {MOST_MOLECULES:,} molecules" in limits
    assert f"at most {MOST_TOKENS} tokens" in limits
    assert f"more than {MOST_CHARACTERS:,} characters or {MOST_ATOMS} atoms" in limits
    text = f"{file_limits.TEXT_LINES:,} lines of {file_limits.LINE_WORDS} words or {file_limits.LINE_TOKENS} characters"
    assert f"A text may have {file_limits.TEXT_BYTES >> 20} MB and {text}" in limits
    assert f"the {file_limits.WORDS:,} most frequent words or {file_limits.CHARACTERS:,} characters" in limits
    assert f"the newest {OFFERED} of the runs" in limits
    assert f"archives for training {person.archive_mb} MB a person and {everyone.archive_mb >> 10} GB" in limits


def test_make_targets_shown_exist():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    shown = {word for line in shell(EVERYTHING) for word in re.findall(r"\bmake ([a-z]+)", line)}
    assert shown and shown <= targets


def test_every_benchmark_is_quoted_with_its_command():
    names = [
        path.stem
        for path in (ROOT / "benchmarks").glob("*.py")
        if path.stem not in ("__init__", "reference", "result_row")
    ]
    assert [name for name in names if f"python -m benchmarks.{name}" not in EVERYTHING] == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_file_that_is_linked_exists(name):
    folder = (ROOT / name).parent
    linked = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", TEXTS[name]) if "://" not in link]
    assert [link for link in linked if link and not (folder / link).exists()] == []


@pytest.mark.parametrize("name", [name for name in TEXTS if name != "CHANGELOG.md"])  # the past had other files
def test_every_python_file_that_is_named_exists(name):
    named = re.findall(r"`((?:vae_core|vae_ui|pages|tools|tests|benchmarks)/[\w/]+\.(?:py|js))", TEXTS[name])
    assert [path for path in named if not (ROOT / path).is_file()] == []
