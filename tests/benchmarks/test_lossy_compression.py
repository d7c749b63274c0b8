"""The benchmark prints ours and each format for each step of z, and each format in all settings."""

import json

from benchmarks.lossy_compression import rows
from tests.compression.lossy.test_lossy import X
from vae_core import checkpoints
from vae_core.compression.lossy.picture_formats import LOSSY
from vae_core.compression.lossy.rounded_codes import STEPS


def test_every_step_and_format_is_printed(capsys):
    rows(checkpoints.load(checkpoints.bundled() / "digits-vae-2d").vae, X[:5])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    by_step = [(line["step"], line["format"]) for line in lines if "step" in line]
    assert by_step == [(step, name) for step in STEPS for name in ("vae", *LOSSY)]
    assert len(lines) - len(by_step) == sum(len(one.settings) for one in LOSSY.values())
    assert all(line["won"] in (True, False) for line in lines if line["format"] == "vae")
