"""The benchmark prints a line for each format and each bar, on a small model."""

import json

from benchmarks import lossless_compression
from benchmarks.lossless_compression import BARS, rows
from tests.compression.test_version_1 import DIGITS, FOLDER
from vae_core.checkpoints import load
from vae_core.compression.other_formats import FORMATS


def test_every_format_and_bar_is_printed(capsys, monkeypatch):
    monkeypatch.setattr(lossless_compression, "ALONE", 5)
    rows(load(FOLDER / "mlp"), DIGITS // 255)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["format"] for line in lines if "format" in line] == ["vae", *FORMATS]
    figures = {line["figure"]: line for line in lines if "figure" in line}
    assert abs(figures.pop("integer decoder above the float one")["value"]) < 0.01
    assert figures.keys() == {name for name in BARS if "256" not in name}
    assert all(line["reached"] == (line["value"] <= line["bar"]) for line in figures.values())
    assert figures["bytes of one picture of 2 levels, without header"]["value"] < 8
