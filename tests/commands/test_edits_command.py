"""The command `edits`: the strip, the direction, and the nearest test examples at each strength."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vae_core.__main__ import main
from vae_core.checkpoints import bundled
from vae_core.explore.explorer import Explorer


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_digit_turns_into_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, out = Explorer.open(bundled() / "digits-vae-2d"), tmp_path / "strip.png"
    zero = int(np.flatnonzero(model.latents.labels == 0)[0])
    words = ["--from", "0", "--to", "6", "--strength", "-1", "0", "1", "--out", str(out)]
    assert main(["edits", "digits-vae-2d", str(zero), *words]) == 0
    first, *each = lines(capsys)
    means = [model.latents.mean[model.latents.labels == k].mean(0) for k in (0, 6)]
    np.testing.assert_allclose(first["direction"], means[1] - means[0], atol=1e-5)
    assert [one["strength"] for one in each] == [-1, 0, 1]
    assert Image.open(out).height == 8 * 4
    np.testing.assert_allclose(each[1]["code"], model.latents.mean[zero], atol=1e-6)
    assert each[1]["nearest"][0] == zero and each[1]["classes"][0] == "0" and each[2]["classes"].count("6") >= 3


def test_a_larger_sprite_is_larger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "strip.png"
    assert main(["edits", "shapes-beta-10d", "3", "--more", "scale", "--strength", "-1", "1", "--out", str(out)]) == 0
    first = lines(capsys)[0]
    assert first["change"] > 0
    assert 0.5 < first["r2"]["low"] < first["r2"]["value"] < first["r2"]["high"] <= 1 and first["judged"] > 500
    strip = np.asarray(Image.open(out).convert("L"), float)
    less, more = strip[:, :128].mean(), strip[:, -128:].mean()
    assert more > 1.2 * less


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["0"], "in one way"),
        (["0", "--from", "1", "--to", "2", "--more", "ink"], "in one way"),
        (["0", "--from", "1"], "no class ''"),
        (["0", "--from", "1", "--to", "smile"], "no class 'smile'"),
        (["0", "--from", "1", "--to", "1"], "same mean code"),
        (["0", "--more", "smile"], "no property 'smile'"),
        (["999999", "--more", "ink"], "no test image"),
    ],
)
def test_what_cannot_be_is_said(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["edits", "digits-vae-2d", *words, "--out", str(tmp_path / "x.png")]) == 2
    assert said in capsys.readouterr().err and not [*tmp_path.iterdir()]
