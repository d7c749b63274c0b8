"""t-SNE and UMAP in a background process, the density of codes, and a posterior's ellipse in a plane."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.pages.visit import odd_model
from vae_core import checkpoints
from vae_core.checkpoints import CheckpointInfo
from vae_core.errors import UserError
from vae_core.explore import projection
from vae_core.explore.aggregate_posterior import Density, silverman
from vae_core.jobs import projections
from vae_core.jobs.projections import Projection


@pytest.fixture
def info(home) -> CheckpointInfo:
    odd_model(home, "five", (1, 8, 8), 5)
    return checkpoints.info(home / "runs" / "five")


def wait(job: Projection, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while job.progress() is not None:
        assert time.monotonic() < deadline, job.log.read_text()
        time.sleep(0.05)


def test_t_sne_is_computed_once_and_cached(info):
    job = Projection.of(info)
    assert job.load() is None and job.progress() is None and job.failure() is None
    job.start()
    first = job.log.read_text()
    assert 0 < job.progress() < 1
    Projection.of(info).start()  # another browser: the same work, not a second process
    assert job.log.read_text().startswith(first) and job.log.read_text().count("process ") == 1
    wait(job)
    points = job.load()
    assert points.shape == (40, 2) and np.isfinite(points).all() and points.std() > 0.1
    assert job.failure() is None and not list(job.result.parent.glob(".*.new"))


def test_t_sne_can_be_cancelled_and_started_again(info):
    job = Projection.of(info)
    job.start()
    job.cancel()
    wait(job, 10)
    assert job.load() is None and job.failure() is None
    job.start()
    assert job.progress() is not None
    job.cancel()
    wait(job, 10)


def test_a_failed_attempt_has_a_message(info):
    job = Projection.of(info)
    Path(job.arguments[0]).write_bytes(b"not an archive")
    job.start()
    wait(job)
    assert job.failure() is not None and job.load() is None


def test_other_codes_are_another_projection(info, home):
    odd_model(home, "six", (1, 8, 8), 6)
    assert Projection.of(info).result != Projection.of(checkpoints.info(home / "runs" / "six")).result


def test_a_folder_that_cannot_be_written_is_a_sentence(info, home):
    (home / "cache").write_text("a file where the folder should be")
    with pytest.raises(UserError, match="cannot be written"):
        Projection.of(info).start()


def test_umap_without_its_library_is_a_sentence(monkeypatch):
    monkeypatch.setattr(projections, "find_spec", lambda name: None)
    assert not projections.has_umap()
    with pytest.raises(UserError, match=r"pip install 'vae-explorer\[umap\]'"):
        projections.umap(np.zeros((20, 3), np.float32))


@pytest.mark.skipif(not projections.has_umap(), reason="the extra umap is not installed")
def test_umap_keeps_two_groups_apart(info):
    noise = np.random.default_rng(0)
    codes = np.concatenate([noise.normal(c, 0.3, (60, 5)) for c in (-3, 3)]).astype(np.float32)
    points = projections.umap(codes)
    near = np.square(points[:, None] - points).sum(-1) + np.diag(np.full(120, np.inf))
    assert ((near.argmin(1) < 60) == (np.arange(120) < 60)).mean() > 0.95
    job = Projection.of(info, "umap")
    assert job.result != Projection.of(info).result
    job.start()
    wait(job, 300)
    assert job.load().shape == (40, 2) and job.failure() is None


def test_neither_library_is_imported_before_it_is_asked_for():
    code = "import sys, vae_core.jobs.projections as p; p.has_umap(); print({'umap', 'numba', 'sklearn'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_density_is_a_density_and_knows_a_gap():
    noise = np.random.default_rng(0)
    mean = np.concatenate([noise.normal(-2, 0.3, (200, 2)), noise.normal(2, 0.3, (200, 2))]).astype(np.float32)
    density = Density(mean, np.full_like(mean, 0.2))
    side = np.linspace(-5, 5, 61, dtype=np.float32)
    total = sum(np.exp(density.log(np.array([x, y]))) for x in side for y in side) * (side[1] - side[0]) ** 2
    assert total == pytest.approx(1, abs=0.01)
    assert density.rank(np.zeros(2, np.float32)) == 0 and density.rank(np.full(2, 2, np.float32)) > 0.8
    ranks = [density.rank(z) for z in mean[::4]]
    assert np.mean(ranks) == pytest.approx(0.5, abs=0.06)


def test_codes_without_a_scale_get_a_kernel():
    codes = np.random.default_rng(0).normal(0, [1, 10], (500, 2)).astype(np.float32)
    width = silverman(codes)
    assert width[1] == pytest.approx(10 * width[0], rel=0.15) and 0.2 < width[0] < 0.5
    density = Density(codes, np.zeros_like(codes))
    assert np.isfinite(density.log(codes[0])) and density.rank(np.array([0, 200], np.float32)) == 0


def test_the_ellipse_is_that_of_the_samples():
    noise = np.random.default_rng(0)
    plane = projection.pca_plane(noise.normal(0, [3, 2, 1, 0.5], (300, 4)).astype(np.float32))
    mean, scale = noise.normal(size=4).astype(np.float32), np.array([0.2, 1.0, 0.5, 0.1], np.float32)
    centre, deviation, rho = plane.ellipse(mean, scale)
    seen = plane.project((mean + scale * noise.standard_normal((100_000, 4))).astype(np.float32))
    assert np.allclose(seen.mean(0), centre, atol=0.02) and np.allclose(seen.std(0), deviation, rtol=0.02)
    assert np.corrcoef(seen.T)[0, 1] == pytest.approx(rho, abs=0.02)
