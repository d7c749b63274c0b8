"""Every claim of a lesson, measured on the very model that it uses."""

import numpy as np
import pytest

from vae_core import checkpoints
from vae_core.explore.explorer import Explorer
from vae_core.lessons.measuring import digit_probabilities, recognised


@pytest.fixture(scope="module")
def mnist() -> Explorer:
    return Explorer.open(checkpoints.bundled() / "mnist-vae-2d")


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
