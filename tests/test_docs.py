"""The README keeps its word: every registered name is in it, and every command it shows runs."""

import re
import shlex
from pathlib import Path

import pytest

from vae_core.__main__ import main
from vae_core.commands import COMMANDS
from vae_core.data import DATASETS
from vae_core.models.likelihoods import LIKELIHOODS
from vae_core.models.networks import NETWORKS
from vae_core.models.posteriors import POSTERIORS
from vae_core.models.priors import PRIORS
from vae_core.objectives import OBJECTIVES
from vae_core.presets.build_run import PRESETS
from vae_core.runs import deletion, permissions
from vae_core.runs import uploads as archives
from vae_core.web import uploads

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHELL = [line for block in re.findall(r"```\n(.*?)```", README, re.S) for line in block.splitlines()]


@pytest.mark.parametrize(
    "registry", [DATASETS, LIKELIHOODS, NETWORKS, OBJECTIVES, POSTERIORS, PRESETS, PRIORS], ids=lambda r: next(iter(r))
)
def test_every_registered_name_is_in_the_readme(registry):
    assert [name for name in registry if f"`{name}`" not in README] == []


def test_the_commands_shown_run_in_their_order(tmp_path, monkeypatch, home, capsys):
    monkeypatch.chdir(tmp_path)
    shown = [shlex.split(line)[3:] for line in SHELL if line.startswith("python -m vae_core")]
    for words in shown:
        if words[0] != "serve":
            assert main(words) == 0, words
    assert {words[0] for words in shown} == {add.__name__.removeprefix("add_") for add in COMMANDS}
    assert (tmp_path / "strip.png").exists() and (tmp_path / "reconstruction.png").exists()


def test_the_python_shown_runs():
    import torch

    scope = {"loader": torch.rand(40, 1, 28, 28)}
    for block in re.findall(r"```python\n(.*?)```", README, re.S):
        exec(compile(block, "README.md", "exec"), scope)  # noqa: S102
    assert scope["pictures"].shape == (10, 1, 28, 28) and scope["q"].mean.shape == (5, 2)


def test_the_limits_are_those_of_the_code():
    limits = " ".join(README.partition("## Limits")[2].split())
    assert f"at most {permissions.A_PERSON} runs that wait or train, all together {permissions.ALL}" in limits
    assert deletion.DAY == archives.EXPIRY == 24 * 3600 and "brought back for a day" in limits
    assert f"in memory {uploads.A_PERSON >> 20} MB a person and {uploads.ALL >> 30} GB in all" in limits
    assert f"archives for training {archives.A_PERSON >> 20} MB a person and {archives.ALL >> 30} GB in all" in limits


def test_make_targets_shown_exist():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    shown = {word for line in SHELL for word in re.findall(r"\bmake ([a-z]+)", line)}
    assert shown and shown <= targets


def test_every_benchmark_is_quoted_with_its_command():
    names = [path.stem for path in (ROOT / "benchmarks").glob("*.py") if path.stem not in ("__init__", "reference")]
    assert [name for name in names if f"python -m benchmarks.{name}" not in README] == []


def test_files_named_in_the_house_exist():
    house = re.search(r"## The house\n\n```\n(.*?)```", README, re.S).group(1)
    named = re.findall(r"\b[a-z_]+\.py\b", house)
    assert [name for name in named if not list(ROOT.glob(f"**/{name}"))] == []
