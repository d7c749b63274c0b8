"""The job of the curve of nats against bytes: it can be stopped, and what it writes is read again."""

import numpy as np
import pytest

from vae_core import checkpoints
from vae_core.jobs.size_curve_job import SizeCurveJob, main
from vae_core.slim.rounding_choice import mean_loss
from vae_core.slim.size_curve import SHOWN, SIZES, decoded, examples_of

INFO = checkpoints.info(checkpoints.bundled() / "digits-vae-2d")


def test_a_curve_is_stopped_and_the_next_attempt_is_read_again(home):
    job = SizeCurveJob.of(INFO, at_hand=True)
    job.start()
    assert job.progress() is not None
    job.cancel()
    assert job.progress() is None and job.load() is None and job.failure() is None
    main(*job.arguments)
    found = job.load()
    assert found is not None and [*found] == [*SIZES]
    assert all(one.decoded.shape == (SHOWN, 1, 8, 8) and np.isfinite(one.decoded).all() for one in found.values())


def test_without_the_data_it_is_another_curve_of_what_the_model_decodes(home):
    job = SizeCurveJob.of(INFO, at_hand=False)
    assert job.result != SizeCurveJob.of(INFO, at_hand=True).result
    job.result.parent.mkdir(parents=True)
    main(*job.arguments)
    found = job.load()
    assert found is not None and found[4].bytes < found[8].bytes < found[32].bytes
    model = checkpoints.load(INFO.folder)
    made = decoded(model.vae, model.latents.mean, model.latents.labels)
    split = examples_of(model, None).split
    assert np.abs(split.x.numpy() / 255 - made).max() < 0.5 / 255 + 1e-6
    assert found[32].loss == pytest.approx(mean_loss(model.vae.eval(), split))


def test_a_damaged_result_is_measured_again(home):
    job = SizeCurveJob.of(INFO, at_hand=False)
    job.result.parent.mkdir(parents=True)
    with open(job.result, "wb") as file:
        np.savez(file, loss=np.array([1.0]), bytes=np.array([1]), decoded=np.zeros((1, 1, 8, 8), np.float32))
    assert job.load() is None
