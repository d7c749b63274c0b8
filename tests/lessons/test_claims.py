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
    neighbours_alike,
    of_model,
    of_random_codes,
    recognised,
    share_kept,
)
from vae_core.lessons.predictions import EQUAL, LARGER, answer_of, compared
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.training.fit import fit


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


class TestHoles:
    @pytest.fixture
    def models(self, opened):
        return opened("mnist-ae-2d"), opened("mnist-vae-2d")

    def test_codes_lie_much_farther_out(self, models):
        plain, vae = (of_model(model, "model")["model reach"] for model in models)
        assert plain > 10 * vae

    def test_known_pictures_are_drawn_as_well(self, models):
        plain, vae = map(recognised, models)
        assert compared(plain, vae) == EQUAL

    def test_there_is_a_hole_to_find(self, models):
        """In the middle half of the map, a place in twenty is that far from every dot."""
        codes = models[0].latents.mean
        reach = np.quantile(np.abs(codes), 0.99, axis=0)
        places = grid(1, 21) * reach
        gaps = np.array([np.linalg.norm(codes - z, axis=1).min() for z in places]) / codes.std(0).mean()
        assert (gaps > 0.5).mean() > 0.05

    def test_random_codes_near_the_origin_miss_digits_of_the_autoencoder_alone(self, models):
        plain, vae = (of_random_codes(model)[0] for model in models)
        assert 5 <= plain < 10 and vae == 10


class TestCollapse:
    def test_eleven_of_twenty_and_four_of_ten_numbers_are_in_use(self, opened):
        many, few = opened("mnist-vae-20d"), opened("mnist-beta-10d")
        assert 8 <= many.info.figures["active_units"] < 16 and few.info.figures["active_units"] < 5
        assert few.info.run.objective.beta == 4

    def test_the_others_have_a_rate_of_0_and_the_prior_as_cloud(self, opened):
        many = opened("mnist-vae-20d")
        dead = many.order()[int(many.info.figures["active_units"]) :]
        assert (many.rates()[dead] < 0.005).all() and many.latents.scale[:, dead].mean() == pytest.approx(1, abs=0.02)

    def test_moving_one_of_them_leaves_the_picture_and_moving_another_does_not(self, opened):
        many = opened("mnist-vae-20d")
        start, active = many.latents.mean[1], int(many.info.figures["active_units"])
        for place, dimension in enumerate(many.order()):
            z = start.copy()
            z[dimension] += 2 if z[dimension] < 0 else -2
            change = float(np.abs(many.decode(np.stack([start, z]))[0] - many.decode(z[None])[0]).mean())
            assert (change < 0.005) == (place >= active)


class TestConditions:
    def test_the_told_class_is_drawn(self, opened):
        assert of_random_codes(opened("mnist-cvae-2d"))[1] > 0.95

    def test_neighbours_are_alike_by_chance_only(self, opened):
        told, alone = neighbours_alike(opened("mnist-cvae-2d")), neighbours_alike(opened("mnist-vae-2d"))
        assert told < 0.15 and alone > 0.7

    def test_the_three_stays_and_its_shape_changes(self, opened):
        model = opened("mnist-cvae-2d")
        codes = np.float32([[0, 0], [1.5, 0], [-1.5, 0], [0, 1.5], [0, -1.5]])
        drawn = model.decode(codes, 3)
        assert (digit_probabilities(drawn).argmax(1) == 3).all()
        assert (np.abs(drawn[1:] - drawn[0]).mean((1, 2, 3)) > 0.03).all()


@pytest.mark.slow
class TestMeanOrSum:
    def test_none_of_the_code_is_left_and_the_mean_digit_is_drawn_everywhere(self, tmp_path, digits):
        mistaken = trained(tmp_path, **training_of("12-mean-or-sum"))
        assert np.prod(digits.shape) == training_of("12-mean-or-sum")["beta"] == mistaken.info.run.objective.beta
        assert digits.info.figures["active_units"] == 2 and mistaken.info.figures["active_units"] == 0
        assert mistaken.info.figures["rate"] < 0.01 and cloud_size(mistaken.latents.scale) == pytest.approx(1, abs=0.02)
        drawn = mistaken.decode(grid(2, 9))
        assert np.ptp(drawn, 0).max() < 0.05
        assert np.abs(drawn.mean(0) - load(DataConfig()).train.x.numpy().mean(0) / 255).mean() < 0.03


class TestTwoTerms:
    def test_a_drawing_of_no_digit_costs_more_than_the_test_pictures(self, mnist):
        yy, xx = np.mgrid[:28, :28]
        square = np.maximum(abs(yy - 14), abs(xx - 14))
        face = (abs(np.hypot(yy - 14, xx - 14) - 10) < 1.3) | (np.hypot(yy - 11, abs(xx - 14) - 4) < 1.5)
        cross = (abs(yy - xx) < 2) | (abs(yy + xx - 27) < 2)
        house = (square == 6) | ((abs(yy - 4 - 0.9 * abs(xx - 14)) < 1.3) & (yy < 12))
        for drawn in (face, cross, house, (square > 6) & (square < 9)):
            seen = mnist.analyse((255 * drawn[None]).astype(np.uint8))
            assert seen.distortion > 1.2 * mnist.info.figures["distortion"]

    def test_a_decoder_without_a_code_would_do_worse(self, mnist):
        """More rate lowers the distortion: twenty numbers cost more nats than two, and give a better picture."""
        many = Explorer.open(checkpoints.bundled() / "mnist-vae-20d").info.figures
        few = mnist.info.figures
        assert many["rate"] > 2 * few["rate"] and many["distortion"] < 0.7 * few["distortion"]
