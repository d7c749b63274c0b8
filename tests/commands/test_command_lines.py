"""Robustness of the command line: no input ends in a stack trace, no option is silently ignored, and listing creates no file."""

import argparse
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.conftest import ROOT
from vae_core.__main__ import main, parser

NASTY = ["-1", "0", "nan", "1e400", str(2**63), "9" * 5000, "", ".", "/dev/null/x", "~nobody-by-this-name/x"]
NASTY += ["a" * 300, "x\0y", "\udcff", "a/" * 3000]
SETTINGS = ["title=\0", "title=" + "x" * 5000, "hidden=" + "[" * 100_000, "lr=NaN", "seed=" + "9" * 5000, "seed=-1"]
SETTINGS += [
    "shape=[]",
    "hidden=[0]",
    "epochs=null",
    "network=",
    "=",
    "first=512",
    "classes=7",
    "betas=[1]",
    "labelled=2",
]


def commands() -> dict[str, argparse.ArgumentParser]:
    (sub,) = (action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    return dict(sub.choices)


OPTIONS = [
    (name, (action.option_strings or [action.dest])[-1])
    for name, command in commands().items()
    for action in command._actions
    if action.nargs != 0 and action.dest != "help"
]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A working folder with a picture; LATENT_HOME and LATENT_DATA name folders in it that do not exist."""
    before = Path.cwd()
    folder = tmp_path_factory.mktemp("place")
    Image.new("L", (9, 9), 200).save(folder / "picture.png")
    with socket.socket() as taken, pytest.MonkeyPatch.context() as patch:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        patch.setenv("LATENT_HOME", str(folder / "home"))
        patch.setenv("LATENT_DATA", str(folder / "data"))
        os.chdir(folder)
        yield {
            "train": ["--epochs", "1", "--seconds", "0.1", "--set", "hidden=[4]", "--out", "made"],
            "data": ["digits"],
            "evaluate": ["digits-vae-2d"],
            "encode": ["digits-vae-2d", "picture.png"],
            "reconstruct": ["digits-vae-2d", "picture.png", "--out", "x.png"],
            "generate": ["digits-vae-2d", "--out", "x.png"],
            "interpolate": ["digits-vae-2d", "0", "1", "--out", "x.png"],
            "slim": ["digits-vae-2d"],
            "compress": ["digits-vae-2d", "picture.png", "x.vae"],
            "decompress": ["digits-vae-2d", "x.vae", "x.npy"],
            "anomalies": ["digits-vae-2d", "digits"],
            "complete": ["digits-vae-2d", "picture.png", "x.npy", "--hide", "lower-half", "--steps", "2"],
            "features": ["digits-vae-2d", "digits", "x.csv"],
            "edits": ["digits-vae-2d", "0", "--more", "ink", "--out", "x.png"],
            # with a setting that changes nothing: refused once all options are read, so that no scheduler starts here
            "sweep": ["vae", "digits", "--vary=lr=0.001", "--set=sigma=0.5"],
            "cluster": ["status"],
            "serve": ["--port", str(taken.getsockname()[1])],  # taken: the app never starts
        }
        os.chdir(before)


def typed(place, command: str, option: str, value: str) -> list[str]:
    """The command's valid arguments, with this value for this option."""
    line = list(place.get(command, []))
    if option.startswith("-"):
        return [command, *line, f"{option}={value}" if option.startswith("--") else f"{option}{value}"]
    names = [action.dest for action in commands()[command]._actions if not action.option_strings]
    line[names.index(option)] = value
    return [command, *line]


def sane(line: list[str], capsys) -> tuple[int, str]:
    """Run the command in this process and check its output; return the exit status and the error stream."""
    try:
        code = main(line)
    except SystemExit as stop:
        code = stop.code
    out, err = capsys.readouterr()
    assert code in (0, 1, 2) and "Traceback" not in err
    assert all(json.loads(row) for row in out.splitlines())
    assert code != 2 or err.strip()
    return code, err


def test_every_option_is_tried():
    assert len(OPTIONS) > 35 and {name for name, _ in OPTIONS} >= set(commands()) - {"presets"}


@pytest.mark.parametrize(("command", "option"), OPTIONS, ids=map(" ".join, OPTIONS))
def test_no_value_of_any_option_ends_in_a_stack_trace(place, capsys, command, option):
    for value in NASTY + SETTINGS * (option == "--set"):
        sane(typed(place, command, option, value), capsys)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(OPTIONS), st.text(max_size=20))
def test_no_text_ends_in_a_stack_trace(place, capsys, option, value):
    sane(typed(place, *option, value), capsys)


IDLE = [  # options without effect where they stand
    ("train --out unmade --pictures folder", "the data set 'pictures'"),
    ("train --out unmade --variant moons", "--variant"),
    ("train --out unmade --data-dir .", "--data-dir"),
    ("train --out unmade --resume", "--resume"),
    ("train --out unmade --dataset points --target static", "grey"),
    ("train --out unmade --set components=7", "components"),
    ("train --out unmade --set weight_decay=0.1", "weight_decay"),
    ("train --out unmade --set sigma=0.5", "sigma"),
    ("train --out unmade --set kl_cycles=2", "kl_cycles"),
    ("train --out unmade --epochs 1 --set epochs=2", "epochs"),
    ("train --out unmade --set lr=1 --set lr=2", "lr"),
    ("train --out unmade --preset autoencoder --set prior=mixture", "prior"),
    ("evaluate digits-vae-2d --data-dir .", "--data-dir"),
    ("evaluate digits-ae-2d --nll-samples 10", "--nll-samples"),
    ("slim digits-vae-2d --bits 32", "Nothing would change"),
    ("slim digits-vae-2d --data-dir .", "--data-dir"),
    ("encode digits-vae-2d picture.png --label 3", "--label"),
    ("encode mnist-cvae-2d --label 3", "--label"),
    ("generate digits-vae-2d --label 3 --out x.png", "--label"),
    ("reconstruct digits-vae-2d picture.png --label 0 --out x.png", "--label"),
    ("reconstruct digits-ae-2d picture.png --samples 6 --out x.png", "--samples"),
    ("reconstruct digits-vae-2d picture.png --samples 65 --out x.png", "64"),
    ("interpolate digits-vae-2d 0 1 --seed 3 --out x.png", "--seed"),
    ("interpolate digits-vae-2d 0 1 --label 3 --out x.png", "--label"),
    ("edits digits-vae-2d 0 --from 1 --to 2 --data-dir . --out x.png", "--data-dir"),
]
WRONG = [
    (f"train --out unmade --seed {2**63}", "seed"),
    (f"train --out {'a' * 300}", "too long"),
    ("train --out picture.png", "folder"),
    ("train --out unmade --threads 0", "--threads"),
    ("train --out unmade --threads 9999999", "--threads"),
    ("train --out picture.png/made --epochs 1", "folder"),
    ("generate digits-vae-2d --temperature nan --out x.png", "--temperature"),
    (f"generate digits-vae-2d --seed {2**64} --out x.png", "--seed"),
    ("generate mnist-cvae-2d --label 10 --out x.png", "0 to 9"),
    ("encode mnist-cvae-2d picture.png --label 10", "0 to 9"),
    ("generate digits-vae-2d --out no/such/../../picture.png/x.png", "picture.png"),
    ("runs --home no-such-folder", "no-such-folder"),
    ("runs --home picture.png", "picture.png"),
    ("serve --home picture.png", "picture.png"),
    ("serve --data-dir picture.png", "picture.png"),
    ("serve --port 65536", "65,535"),
    (f"serve --host {'a' * 300}", "--host"),
]


@pytest.mark.parametrize(("line", "says"), IDLE + WRONG, ids=[line[:60] for line, _ in IDLE + WRONG])
def test_idle_and_impossible_options_are_refused_by_name(place, capsys, line, says):
    before = sorted(Path.cwd().rglob("*"))
    code, err = sane(line.split(), capsys)
    assert code == 2 and says in err and sorted(Path.cwd().rglob("*")) == before


@pytest.mark.parametrize("home", ["unset", "empty"])
def test_listing_creates_no_file(place, capsys, home, tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_HOME", str(tmp_path / "home"))
    if home == "empty":
        (tmp_path / "home").mkdir()
    before = sorted(Path.cwd().rglob("*")), sorted(tmp_path.rglob("*"))
    for line in ("runs", "datasets", "presets", "evaluate digits-vae-2d", "encode digits-vae-2d", "evaluate nowhere"):
        sane(line.split(), capsys)
    assert (sorted(Path.cwd().rglob("*")), sorted(tmp_path.rglob("*"))) == before


def program(*words: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "vae_core", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )


def test_a_closed_output_ends_without_a_stack_trace():
    with program("presets") as child:
        child.stdout.close()
        assert child.stderr.read() == ""
    assert child.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
def test_a_full_disk_is_a_sentence():
    with open("/dev/full", "w") as full:
        child = subprocess.run(
            [sys.executable, "-m", "vae_core", "presets"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            check=False,
        )
    assert child.returncode == 2 and "No space" in child.stderr and child.stderr.count("\n") == 1
