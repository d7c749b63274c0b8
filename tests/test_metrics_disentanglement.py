"""Disentanglement on made codes: perfect, noisy, turned, swapped and collapsed ones have known scores."""

import numpy as np
import pytest
import torch

from vae_core.datasets.shapes import FACTORS
from vae_core.errors import UserError
from vae_core.metrics.disentanglement import (
    completeness_of,
    dci,
    disentanglement_of,
    gaps,
    mig,
    mig_of,
    mig_of_samples,
    modularity,
    modularity_of,
    sap,
)
from vae_core.metrics.information import entropies, information, information_by_image
from vae_core.metrics.interventions import betavae, factorvae

RNG = np.random.default_rng(0)
# The factors of `shapes`: its whole grid, which is balanced, thinned; the pictures are not needed.
SIZES = (3, 5, 4, 4, 4)
GRID = np.indices(SIZES).reshape(len(SIZES), -1).T.astype(np.int64)
CODES = (GRID - GRID.mean(0)) / GRID.std(0)
NOISE = RNG.normal(size=CODES.shape)
TURNED = CODES @ np.linalg.qr(RNG.normal(size=(5, 5)))[0]
SCORES = {
    "mig": mig,
    "modularity": modularity,
    "sap": lambda z, v: sap(z, v, (0,)),
    "factorvae": lambda z, v: factorvae(z, v, votes=300),
    "betavae": lambda z, v: betavae(z, v, points=200, batch=32),
    "dci disentanglement": lambda z, v: dci(z, v, trees=5).disentanglement,
    "dci completeness": lambda z, v: dci(z, v, trees=5).completeness,
    "dci informativeness": lambda z, v: dci(z, v, trees=5).informativeness,
}
CHANCE = {"factorvae": 0.2, "betavae": 0.2, "dci informativeness": float(np.mean([1 / size for size in SIZES]))}


@pytest.mark.parametrize("name", SCORES)
def test_a_perfect_code_scores_one(name):
    found = SCORES[name](CODES, GRID)
    assert found.value == pytest.approx(1.0, abs=1e-9) and found.high <= 1.0


@pytest.mark.parametrize("name", SCORES)
def test_noise_scores_chance(name):
    found = SCORES[name](NOISE, GRID)
    assert found.value == pytest.approx(CHANCE.get(name, 0.0), abs=0.08)
    assert 0 <= found.low <= found.value <= found.high <= 1


@pytest.mark.parametrize("name", SCORES)
def test_a_turned_code_scores_clearly_less_than_a_perfect_one(name):
    assert SCORES[name](TURNED, GRID).high < SCORES[name](CODES, GRID).value


@pytest.mark.parametrize("name", ["mig", "sap", "factorvae", "dci disentanglement"])
def test_swapped_mirrored_and_stretched_dimensions_change_nothing(name):
    changed = CODES[:, [3, 0, 4, 1, 2]] * np.array([-1.0, 2.0, 0.5, 1.0, -3.0])
    assert SCORES[name](changed, GRID).value == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("name", ["mig", "sap", "modularity", "dci disentanglement"])
def test_codes_of_other_images_score_nothing(name):
    assert SCORES[name](RNG.permutation(CODES), GRID).value < 0.1


def test_a_factor_told_twice_has_no_gap_but_modules():
    twice = np.hstack([CODES, CODES])
    assert mig(twice, GRID).value == pytest.approx(0.0, abs=1e-9)
    assert modularity(twice, GRID).value == pytest.approx(1.0, abs=1e-6)
    found = dci(twice, GRID, trees=10)
    assert found.disentanglement.value > 0.99 and found.completeness.value < 0.8


def test_unused_dimensions_do_not_count():
    padded = np.hstack([CODES, 1e-3 * RNG.normal(size=(len(CODES), 3))])
    assert factorvae(padded, GRID, votes=300).value == 1.0
    assert mig(padded, GRID).value == pytest.approx(1.0, abs=0.03)
    assert modularity(padded, GRID).value > 0.99
    assert factorvae(np.zeros_like(CODES), GRID, votes=50).value == 0.0


def test_formulas_by_hand():
    matrix = np.array([[1.0, 0.0], [0.5, 0.2], [0.0, 0.1]])
    assert gaps(matrix) == pytest.approx([0.5, 0.1]) and gaps(matrix[:1]) == pytest.approx([1.0, 0.0])
    assert mig_of(matrix, np.array([1.0, 0.5])) == pytest.approx((0.5 + 0.2) / 2)
    assert modularity_of(np.array([[1.0, 0.5], [0.0, 2.0], [0.001, 0.002]])) == pytest.approx((0.75 + 1.0) / 2)
    assert disentanglement_of(np.eye(3)) == completeness_of(np.eye(3)) == pytest.approx(1.0)
    assert disentanglement_of(np.ones((3, 3))) == pytest.approx(0.0)
    tall = np.array([[1.0, 0.0], [0.0, 0.5], [0.0, 0.5]])  # every dimension pure, the second factor in two of them
    assert disentanglement_of(tall) == pytest.approx(1.0)
    assert completeness_of(tall) == pytest.approx(1 - 0.5 * np.log(2) / np.log(3))


def test_information_is_entropy_for_a_copy_and_nothing_for_noise():
    entropy = entropies(GRID)
    uniform = np.log(SIZES) + (np.array(SIZES) - 1) / (2 * len(GRID))  # Miller's correction
    assert entropy == pytest.approx(uniform)
    assert np.diag(information(CODES, GRID)) == pytest.approx(entropy)
    assert np.abs(information(CODES, GRID) - np.diag(entropy)).max() < 1e-9
    assert information(NOISE, GRID).max() < 0.03
    fine = CODES + 0.05 * NOISE  # more values than bins
    assert np.diag(information(fine, GRID, bins=60)) == pytest.approx(entropy, rel=0.05)


def test_information_with_the_posteriors_own_noise():
    mean, factors = torch.from_numpy(CODES).float(), torch.from_numpy(GRID)
    sharp, entropy = information_by_image(mean, torch.full_like(mean, 0.01), factors)
    assert mig_of_samples(sharp.double().numpy(), entropy.double().numpy()).value == pytest.approx(1.0, abs=0.01)
    collapsed, _ = information_by_image(1e-3 * mean, torch.ones_like(mean), factors)
    assert collapsed.mean(0).abs().max() < 1e-3  # the mean alone would tell all, which nobody can read in the noise
    blurred, _ = information_by_image(mean, torch.ones_like(mean), factors)
    between = blurred.mean(0).diagonal()
    assert (between > 0.1).all() and (between < entropy * 0.6).all()


def test_information_of_a_normal_channel():
    """Two values at -a and a with noise 1: I against the integral."""
    a, factors = 1.0, torch.arange(2000)[:, None] % 2
    mean = (2 * factors - 1).float() * a
    found, _ = information_by_image(mean, torch.ones_like(mean), factors, samples=2000)
    z = np.linspace(-8, 8, 20001)
    p = [np.exp(-0.5 * (z - m) ** 2) / np.sqrt(2 * np.pi) for m in (-a, a)]
    mixture = (p[0] + p[1]) / 2
    known = sum(0.5 * np.trapezoid(q * np.log(q / mixture), z) for q in p)
    assert found.mean().item() == pytest.approx(known, abs=0.03)


def test_factors_without_pairs_are_refused():
    with pytest.raises(UserError, match="two images share"):
        factorvae(CODES[:4], np.arange(20).reshape(4, 5))


def test_the_made_factors_are_those_of_shapes():
    assert len(FACTORS) == len(SIZES) and list(FACTORS)[0] == "shape"
