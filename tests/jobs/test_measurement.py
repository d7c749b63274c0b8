"""All figures of a checkpoint, measured in the background and cached by the checkpoint's content."""

import json
import math
import shutil
import time
from pathlib import Path

import numpy as np
import pytest

from tests.pages.visit import odd_model
from vae_core import checkpoints
from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.data import load
from vae_core.jobs import measurement
from vae_core.jobs.measurement import FactorMap, Measurement, Report, measure_checkpoint
from vae_core.metrics.figures import FIGURES
from vae_core.models.build import build
from vae_core.objectives import Elbo
from vae_core.presets.run_config import RunConfig

DIGITS = checkpoints.bundled() / "digits-vae-2d"


def wait(job: Measurement) -> None:
    deadline = time.monotonic() + 240
    while job.progress() is not None:
        assert time.monotonic() < deadline, job.log.read_text()
        time.sleep(0.1)


def test_the_report_equals_evaluate_and_is_cached(home):
    job = Measurement.of(checkpoints.info(DIGITS))
    job.start()
    wait(job)
    found = job.load()
    assert found is not None and job.failure() is None
    values = {line.figure: line.estimate for line in found.lines}
    figures = checkpoints.info(DIGITS).figures
    assert values["elbo"].value == pytest.approx(figures["elbo"]) and values["elbo"].low < values["elbo"].value
    assert math.isnan(values["bits_png_sheet"].low) and set(values) < set(FIGURES)
    assert sum(found.kl) == pytest.approx(values["rate"].value) and len(found.kl_margins) == 2
    assert (
        list(found.left_out) == ["disentanglement", "sentences", "molecules", "pairs"]
        and found.factors is None
        and found.images == 270
    )
    half = job.result.read_bytes()
    for broken in (b"", half[: len(half) // 2], b"[]", b"\x80\xff", half.replace(b'"elbo"', b'"beauty"')):
        job.result.write_bytes(broken)
        assert job.load() is None
    assert not list(job.result.parent.glob(".*.new"))


def test_a_cancelled_measurement_leaves_no_file(home):
    job = Measurement.of(checkpoints.info(DIGITS))
    job.start()
    assert job.progress() is not None
    job.cancel()
    wait(job)
    assert job.load() is None and job.failure() is None
    assert {path.suffix for path in job.result.parent.iterdir()} <= {".log", ".lock", ".db"}


def test_missing_data_fail_with_a_sentence(home):
    odd_model(home, "odd", (1, 8, 8), 3)
    job = Measurement.of(checkpoints.info(home / "runs" / "odd"))
    job.start()
    wait(job)
    assert "nowhere.zip" in job.failure() and "Traceback" not in job.log.read_text()


def test_a_measurement_is_identified_by_the_checkpoints_content(home, tmp_path, monkeypatch):
    first = Measurement.of(checkpoints.info(DIGITS))
    shutil.copytree(DIGITS, tmp_path / "copy")
    document = json.loads((tmp_path / "copy" / "run.json").read_text())
    document["config"]["title"] = "Another name"
    (tmp_path / "copy" / "run.json").write_text(json.dumps(document))
    assert Measurement.of(checkpoints.info(tmp_path / "copy")).result == first.result
    document["config"]["objective"] = {"name": "beta", "beta": 4.0}
    (tmp_path / "copy" / "run.json").write_text(json.dumps(document))
    assert Measurement.of(checkpoints.info(tmp_path / "copy")).result != first.result
    monkeypatch.setattr(measurement, "VERSION", measurement.VERSION + 1)
    assert Measurement.of(checkpoints.info(DIGITS)).result != first.result


def test_a_model_with_true_factors_has_a_factor_map(tmp_path, monkeypatch):
    monkeypatch.setattr(measurement, "measure", lambda subject, progress: iter(()))  # the map alone: the rest is slow
    data = load(DataConfig(dataset="shapes"))
    config = ModelConfig(shape=data.shape, latent_dim=3, hidden=(8,))
    run = RunConfig(data=DataConfig(dataset="shapes"), model=config, objective=Elbo(), train=TrainConfig(epochs=1))
    codes = np.full((len(data.test), 3), 9, np.float32)  # where the prior never is
    labels = data.test.labels.numpy()
    figures = {"elbo": -2.0, "distortion": 1.0, "rate": 1.0, "images": len(data.test)}
    checkpoints.save(
        tmp_path / "x", build(config, seed=0), run, figures, checkpoints.Latents(codes, codes / 9, labels), data.classes
    )
    reported_share: list[float] = []
    checkpoint = checkpoints.load(tmp_path / "x")
    found = measure_checkpoint(checkpoint, measurement.subject_of(checkpoint, data), reported_share.append)
    assert found.factors is not None and found.factors.names == data.factor_names
    assert np.shape(found.factors.shares) == (3, 5)
    assert (
        Report.parse(found.model_dump_json()) == found
        and reported_share == sorted(reported_share)
        and found.findings[0].name
    )


def test_a_ragged_factor_map_is_refused():
    with pytest.raises(ValueError, match="every factor"):
        FactorMap(names=("x", "y"), shares=((0.1, 0.2), (0.3,)))


def test_a_checkpoint_that_was_saved_again_is_not_measured_for_the_old_report(home, tmp_path):
    with pytest.raises(ValueError, match="saved again"):
        measurement.main(str(DIGITS), str(Path(tmp_path) / "figures-0.json"))
