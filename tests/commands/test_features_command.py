"""The command `features`: a file of codes, and what predictors come to on them."""

import json
from pathlib import Path

import pytest

from vae_core.__main__ import main


def test_a_file_scores_and_the_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "codes.csv"
    words = [
        "features",
        "digits-vae-2d",
        "digits",
        str(out),
        "--target",
        "label",
        "--predictor",
        "neighbours",
        "--code",
    ]
    assert main(words) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["examples"] == 1797 and lines[0]["numbers"] == 2
    scores = {line["on"]: line for line in lines if "on" in line}
    assert [*scores] == ["codes", "raw", "pca"]
    assert all(one["lowest"] <= one["accuracy"] <= one["highest"] for one in scores.values())
    (code,) = [line["code"] for line in lines if "code" in line]
    assert str(out) in code and out.read_text("utf-8-sig").startswith("number,split,label,z1,z2")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing", "o.csv"], "no data set"),
        (["digits", "o.txt"], "must end in"),
        (["digits", "o.csv", "--code"], "need a target"),
        (["digits", "o.csv", "--target", "x"], "no target"),
        (["digits", "o.csv", "--target", "label", "--predictor", "ridge"], "cannot predict"),
        (["wine", "o.csv", "--target", "label"], "shape"),
    ],
)
def test_what_cannot_be_is_said(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["features", "digits-vae-2d", *words]) != 0
    assert said in capsys.readouterr().err
