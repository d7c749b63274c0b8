"""Every claim of the lessons on chance, the bound, samples, paths and a person's own pictures, on the models that they use."""

import numpy as np
import pytest
import torch

from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.data.made.drawn_density import SIDE, encode
from vae_core.explore.aggregate_posterior import Density
from vae_core.lessons import paths, slow_figures
from vae_core.lessons.measuring import digit_probabilities
from vae_core.lessons.paths import PAIRS, slope_at_two, typical_digits
from vae_core.lessons.predictions import LARGER, compared
from vae_core.lessons.slow_figures import GROUPS, bounds, gradients, measure
from vae_core.metrics.elbo_nll_bits_per_dim import nll_each


@pytest.fixture(scope="module")
def tests():
    """The test pictures of the digits, (270, 1, 8, 8)."""
    return load(DataConfig()).test


def grid(reach: float, count: int) -> np.ndarray:
    line = np.linspace(-reach, reach, count, dtype=np.float32)
    return np.stack(np.meshgrid(line, line), -1).reshape(-1, 2)


@pytest.fixture(scope="module", params=["real", "decoded"])
def pictures(request, mnist, data_root):
    """The typical digits, as they are, or as the app has them on a computer without MNIST: drawn again."""
    rows = typical_digits(mnist)
    if request.param == "decoded":
        return mnist.decode(mnist.latents.mean[rows])
    return load(DataConfig(dataset="mnist"), data_root).test.x.numpy()[rows].astype(np.float32) / 255


class TestChance:
    def test_the_gradient_of_z_by_sigma_is_eps(self):
        assert slope_at_two() == 2.0

    def test_the_gradient_reaches_the_encoder_only_through_mu_plus_sigma_eps(self, digits, tests):
        through, plain = gradients(digits, tests.x.numpy())
        assert through > 0.5 and plain == 0.0

    def test_that_gradient_is_the_slope_of_the_distortion(self, digits, tests):
        """Along the gradient's direction the mean distortion of fixed noise changes by the gradient's norm."""
        x = digits._input(tests.x.numpy()[:20])
        with torch.no_grad():
            q = digits._vae.encode(x)
        mean, std = (part.double().requires_grad_() for part in (q.mean, q.stddev))
        eps = torch.randn(mean.shape, generator=torch.Generator().manual_seed(0)).double()

        def distortion(m, s):
            return -digits._vae.decode((m + s * eps).float()).log_prob(x).double().mean()

        found = torch.autograd.grad(distortion(mean, std), (mean, std))
        norm = sum(part.square().sum() for part in found).sqrt().item()
        with torch.no_grad():
            h = 2e-3 / norm
            way = [distortion(mean + s * h * found[0], std + s * h * found[1]).item() for s in (1, -1)]
        assert (way[0] - way[1]) / (2 * h * norm) == pytest.approx(norm, rel=0.05)


class TestTheBound:
    def test_a_hundred_samples_lower_it_a_little_and_ten_reach_more_than_half(self, digits, tests):
        one, ten, hundred, gap, share = bounds(digits, tests.x.numpy())
        assert one > ten > hundred and 0.2 < gap < 1 and share > 0.6

    def test_it_is_the_estimate_that_the_command_prints(self, digits, tests):
        """The same formula in two places; they differ by their draws only."""
        split = type(tests)(tests.x[:100], tests.labels[:100])
        one, _, hundred, *_ = bounds(digits, tests.x.numpy())
        found = [nll_each(digits._vae, split, samples=k).mean().item() for k in (1, 100)]
        assert found == [pytest.approx(one, abs=0.5), pytest.approx(hundred, abs=0.2)]

    def test_a_picture_with_a_wide_gap_is_about_one_in_four_and_not_the_first(self, digits, tests):
        gaps = np.array([slow_figures.gap(digits, x) for x in tests.x.numpy()[:80]])
        assert 0.15 < (gaps > 0.4).mean() < 0.4 and gaps[1] < 0.3 and (gaps > -0.05).all()

    @pytest.mark.parametrize("index", [1, 130])
    def test_the_gap_is_the_divergence_of_q_from_the_true_posterior(self, digits, tests, index):
        """KL(q to p(z|x)) on a grid over the plane; picture 130 has the widest gap."""
        line = np.linspace(-5, 5, 401, dtype=np.float32)
        z = torch.from_numpy(np.stack(np.meshgrid(line, line), -1).reshape(-1, 2))
        x = digits._input(tests.x.numpy()[index][None])
        with torch.inference_mode():
            log_q = digits._vae.encode(x).log_prob(z).double()
            joint = digits._vae.log_likelihood(x, z[:, None], None)[:, 0].double() + digits._vae.prior().log_prob(z)
        divergence = (torch.softmax(log_q, 0) * (log_q - torch.log_softmax(joint, 0) - 2 * np.log(400 / 10))).sum()
        found, truth = digits.bounds(tests.x.numpy()[index])
        assert truth - found[0].mean == pytest.approx(divergence.item(), rel=0.05, abs=0.03)
        assert divergence > (10 if index == 130 else 0.05)


class TestWhereSamplesComeFrom:
    def test_half_of_the_priors_drawings_are_clear_more_of_a_mixture_and_most_of_the_clouds(self, opened):
        model = opened("mnist-vae-20d")
        (prior, clouds), mixture = slow_figures.clear(model), slow_figures.clear_from_mixture(model)
        assert 0.33 < prior < 0.67 and clouds > 0.85 and compared(mixture, prior) == LARGER and mixture < clouds

    def test_a_prior_hole_can_be_found_and_is_not_where_the_step_begins(self, mnist):
        z, density = grid(2, 21), Density(mnist.latents.mean, mnist.latents.scale)
        inside = z[np.linalg.norm(z, axis=1) < 2]
        thin = np.array([density.rank(one) for one in inside]) < 0.05
        sure = digit_probabilities(mnist.decode(inside)).max(1)
        assert (thin & (sure < 0.7)).mean() > 0.04
        assert sure[thin].mean() < sure[~thin].mean() - 0.05
        assert density.rank(mnist.latents.mean[0]) > 0.05


class TestBetweenTwoDigits:
    def test_how_many_pairs(self, mnist, opened, pictures):
        found = paths.of_pairs(mnist, opened("mnist-ae-2d"), pictures)
        assert found["pairs"] == 45 and found["pairs clearer than pixels"] >= 35 and found["pairs smoother"] >= 35
        assert 10 <= found["pairs clearer"] <= 20

    def test_from_6_to_8_the_middle_of_the_vae_is_clearer(self, mnist, opened, pictures):
        sure = {}
        for model in (mnist, opened("mnist-ae-2d")):
            codes, _ = model.encode(pictures[[6, 8]])
            sure[model] = paths.at(model, codes[0], codes[1], 0.5, "linear", None)[1]
        first, second = sure.values()
        assert first > 0.7 and second < 0.6

    def test_a_third_digit_lies_on_the_way_and_often_in_the_middle(self, mnist):
        codes = mnist.latents.mean[typical_digits(mnist)]
        ways = [paths.at(mnist, codes[6], codes[8], way, "linear", None)[0] for way in (0, 0.25, 0.5, 0.65, 1)]
        assert ways[0] == 6 and ways[-1] == 8 and {*ways[1:4]} - {6, 8}
        third = [paths.at(mnist, codes[a], codes[b], 0.5, "linear", None)[0] not in (a, b) for a, b in PAIRS]
        assert np.mean(third) > 0.4


class TestYourOwnPictures:
    def test_two_numbers_cannot_hold_the_way_of_writing(self, mnist, data_root):
        """Of what differs between pictures of one digit, the reconstruction leaves more than half."""
        data = load(DataConfig(dataset="mnist"), data_root).test
        x, labels = data.x.numpy()[:2000] / np.float32(255), data.labels.numpy()[:2000]
        means = np.stack([x[labels == digit].mean(0) for digit in range(10)])
        left = np.square(x - mnist.decode(mnist.latents.mean[:2000])).mean()
        assert left > 0.5 * np.square(x - means[labels]).mean()

    def test_like_pictures_lie_near(self, mnist, data_root):
        """A test picture's nearest code of another one is of a picture more like it than a random one is."""
        x = load(DataConfig(dataset="mnist"), data_root).test.x.numpy()[:1000] / np.float32(255)
        codes = mnist.latents.mean[:1000]
        far = np.linalg.norm(codes[:, None] - codes[None], axis=-1) + 99 * np.eye(len(codes))
        near = np.abs(x - x[far.argmin(1)]).mean()
        assert near < 0.7 * np.abs(x - np.roll(x, 1, 0)).mean()

    def test_painted_points_are_data(self):
        data = load(DataConfig(dataset="points", variant="drawn", drawing=encode(np.eye(SIDE, dtype=np.uint8))))
        assert len(data.train) > 1000 and np.corrcoef(data.train.x.numpy().T)[0, 1] ** 2 > 0.8


@pytest.mark.parametrize("name", ["digits-vae-2d", "digits-ae-2d"])
def test_each_group_measures_what_it_names(opened, tests, name):
    """A plain autoencoder has neither a bound nor chance, and the values are unknown there."""
    for number, group in enumerate(GROUPS):
        found = measure(opened(name), tests.x.numpy(), number)
        assert tuple(found) == group.names
        if group.measure in (bounds, gradients):
            assert all((value is None) == (name == "digits-ae-2d") for value in found.values())
