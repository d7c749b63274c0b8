"""Every claim of a lesson, measured on the very model that it uses."""

from pathlib import Path

import numpy as np
import pytest

from tests.conftest import ROOT
from vae_core import checkpoints
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.explore.explorer import Explorer
from vae_core.lessons.folders import find_lessons
from vae_core.lessons.measuring import (
    cloud_size,
    digit_probabilities,
    inner_and_outer,
    of_model,
    recognised,
    share_kept,
)
from vae_core.lessons.predictions import LARGER, answer_of
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.training.fit import fit


@pytest.fixture(scope="module")
def mnist() -> Explorer:
    return Explorer.open(checkpoints.bundled() / "mnist-vae-2d")


@pytest.fixture(scope="module")
def digits() -> Explorer:
    return Explorer.open(checkpoints.bundled() / "digits-vae-2d")


def trained(folder: Path, **settings) -> Explorer:
    """A model trained on the digits as a lesson's step trains it, but without its limit in seconds."""
    data = load(DataConfig())
    run = build_run("beta-vae", DataConfig(), data.shape, len(data.classes), **settings)
    *_, end = fit(build(run.model, run.train.seed), data, run, folder=folder)
    assert end.kind == "done"
    return Explorer.open(folder)


def training_of(id: str) -> dict[str, float]:
    (step,) = (one for one in find_lessons((ROOT / "lessons",)).get(id, "en").steps if one.training)
    settings = dict(step.training.settings)
    return settings | {"epochs": int(settings["epochs"])}


@pytest.fixture(scope="module")
def two(tmp_path_factory) -> Explorer:
    return trained(tmp_path_factory.mktemp("beta"), **training_of("07-beta"))


def grid(reach: float, count: int) -> np.ndarray:
    line = np.linspace(-reach, reach, count)
    return np.stack(np.meshgrid(line, line), -1).reshape(-1, 2).astype(np.float32)


class TestTwoNumbers:
    def test_more_than_three_in_four_digits_are_still_read(self, mnist):
        assert 0.75 < recognised(mnist) < 0.95  # "the remaining pictures came back as another digit"

    def test_784_numbers_become_two_and_the_encoder_was_never_told_the_digit(self, mnist):
        assert np.prod(mnist.shape) == 784 and mnist.latent_dim == 2
        assert mnist.info.run.model.classes == 0 and mnist.info.run.model.classifier == "none"

    def test_equal_colours_lie_together(self, mnist):
        """Most of the ten nearest codes of a code have its digit."""
        from sklearn.neighbors import NearestNeighbors

        codes, labels = mnist.latents.mean, mnist.latents.labels
        near = NearestNeighbors(n_neighbors=11).fit(codes).kneighbors(codes, return_distance=False)[:, 1:]
        assert (labels[near] == labels[:, None]).mean() > 0.7

    def test_a_four_and_an_unclear_digit_can_be_found_and_are_not_there_at_first(self, mnist):
        found = digit_probabilities(mnist.decode(grid(3, 41)))
        assert (found.argmax(1) == 4).mean() > 0.02 and (found.max(1) < 0.5).mean() > 0.03
        start = digit_probabilities(mnist.decode(np.zeros((1, 2), np.float32)))[0]
        assert start.argmax() != 4 and start.max() > 0.5

    def test_moving_a_slider_by_more_than_one_changes_the_picture(self, mnist):
        start = np.zeros(2, np.float32)
        moved = [start + step * np.eye(2, dtype=np.float32)[d] for d in (0, 1) for step in (-1.5, 1.5)]
        change = np.abs(mnist.decode(np.stack(moved)) - mnist.decode(start[None])).mean((1, 2, 3))
        assert (change > 0.05).all()


class TestACloud:
    def test_a_draw_shows_the_same_digit_about_nine_times_in_ten_and_a_wide_one_does_not(self, digits):
        assert share_kept(digits, 1.0) > 0.8 and share_kept(digits, 3.0) < 0.6

    def test_clouds_are_wider_at_the_edge_where_pictures_lie_farther_apart(self, digits):
        from sklearn.neighbors import NearestNeighbors

        inner, outer = inner_and_outer(digits)
        assert outer > 1.2 * inner
        codes = digits.latents.mean
        apart = NearestNeighbors(n_neighbors=6).fit(codes).kneighbors(codes)[0][:, -1]
        order = np.argsort(np.linalg.norm(codes, axis=1))
        assert apart[order[-27:]].mean() > 2 * apart[order[:27]].mean()

    def test_a_wide_cloud_can_be_found_and_is_not_there_at_first(self, digits):
        sizes = digits.latents.scale.mean(1)
        assert 0.05 < (sizes > 0.3).mean() < 0.5 and sizes[0] < 0.3

    def test_neighbours_clouds_overlap(self, digits):
        """The nearest code of most pictures lies within two standard deviations."""
        codes = digits.latents.mean
        far = np.linalg.norm(codes[:, None] - codes[None], axis=-1) + 99 * np.eye(len(codes))
        assert (far.min(1) < 2 * digits.latents.scale.mean(1)).mean() > 0.9


@pytest.mark.slow
class TestBeta:
    def test_all_but_beta_is_the_same(self, digits, two):
        mine, theirs = digits.info.run, two.info.run
        assert two.info.run.objective.beta == 2 and (mine.data.dataset, mine.train.seed) == (theirs.data.dataset, 0)
        assert (mine.model, mine.train.epochs) == (theirs.model, theirs.train.epochs)

    def test_clouds_grow_rate_falls_and_distortion_rises(self, digits, two):
        values = of_model(digits, "model") | of_model(two, "run")
        asked = [
            step.prediction
            for step in find_lessons((ROOT / "lessons",)).get("07-beta", "en").steps
            if step.prediction.quantity
        ]
        assert [answer_of(one, values) for one in asked] == [LARGER, LARGER]
        assert (
            values["run rate"] < 0.7 * values["model rate"]
            and values["run distortion"] > 1.05 * values["model distortion"]
        )

    def test_the_decoder_reads_less_clearly(self, digits, two):
        assert recognised(two) < recognised(digits) - 0.1

    def test_beta_four_gives_up_all(self, tmp_path):
        four = trained(tmp_path, **(training_of("07-beta") | {"beta": 4.0}))
        assert four.info.figures["rate"] < 0.05 and cloud_size(four.latents.scale) == pytest.approx(1, abs=0.02)
