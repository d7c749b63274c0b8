"""`slim`: the lines that it prints, and the checkpoint that it writes."""

import json
import math

import pytest

from vae_core import checkpoints
from vae_core.__main__ import main


def lines(capsys, *words):
    assert main(["slim", *map(str, words)]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_slim_prints_each_layer_and_what_it_costs_and_writes_a_checkpoint(capsys, tmp_path):
    *weights, figures, done = lines(capsys, "digits-vae-2d", "--bits", 8, "--out", tmp_path / "small")
    assert {line["bits"] for line in weights} <= {8, 16} and len(weights) == 6
    assert figures["cost"] == pytest.approx(figures["elbo_before"] - figures["elbo"]) and abs(figures["cost"]) < 0.1
    assert figures["bytes"] < 0.3 * figures["bytes_before"]
    back = checkpoints.load(tmp_path / "small")
    assert done == {"event": "done", "checkpoint": str(tmp_path / "small")}
    assert back.info.figures["elbo"] == pytest.approx(figures["elbo"], abs=1e-3)
    assert (tmp_path / "small" / checkpoints.WEIGHTS).stat().st_size == figures["bytes"]
    assert main(["evaluate", str(tmp_path / "small")]) == 0


def test_slim_prints_epochs_of_fine_tuning_and_the_share_of_zeros(capsys):
    *others, figures = lines(capsys, "digits-ae-2d", "--bits", 16, "--prune", 0.5, "--finetune", 1)
    assert any("epoch" in line for line in others)
    weights = [line for line in others if "weight" in line]
    sizes, zeros = ([line[name] for line in weights] for name in ("shape", "zeros"))
    small = [math.prod(size) < 0.01 * sum(map(math.prod, sizes)) for size in sizes]
    assert sum(small) == 2 and {line["bits"] for line in weights} == {16}  # the layers at z stay whole
    assert all(share == 0 if few else share >= 0.49 for few, share in zip(small, zeros, strict=True))
    assert "elbo" not in figures and figures["distortion"] > 0


def test_a_model_is_not_written_over_itself(capsys, tmp_path):
    lines(capsys, "digits-vae-2d", "--out", tmp_path / "small")
    assert main(["slim", str(tmp_path / "small"), "--bits", "16", "--out", str(tmp_path / "small")]) == 2
    assert "the folder of the model itself" in capsys.readouterr().err
