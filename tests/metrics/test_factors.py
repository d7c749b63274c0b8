"""Disentanglement of artificial codes: perfect, noisy, rotated, permuted and collapsed codes have known scores."""

import numpy as np
import pytest

from vae_core.data.made.sprites import FACTORS
from vae_core.errors import UserError
from vae_core.metrics.factors.dci import completeness_of, dci, disentanglement_of
from vae_core.metrics.factors.factor_vae_score import betavae, factorvae
from vae_core.metrics.factors.mig_sap_modularity import (
    gap_of,
    gaps,
    mig,
    mig_of,
    modularity,
    modularity_of,
    noise_floor,
    sap,
)
from vae_core.metrics.factors.mutual_information import entropies, histogram_information, nearest_neighbour_information

RNG = np.random.default_rng(0)
# The factors of `shapes`: its whole grid, which is balanced, thinned; the pictures are not needed.
SIZES = (3, 5, 4, 4, 4)
GRID = np.indices(SIZES).reshape(len(SIZES), -1).T.astype(np.int64)
CODES = (GRID - GRID.mean(0)) / GRID.std(0)
NOISE = RNG.normal(size=CODES.shape)
TURNED = CODES @ np.linalg.qr(RNG.normal(size=(5, 5)))[0]


def boosted(codes, factors, stages=5):
    """DCI with half of the shuffled images for training."""
    order = np.random.default_rng(1).permutation(len(codes))
    learn, test = order[::2], order[1::2]
    return dci(codes[learn], factors[learn], codes[test], factors[test], stages=stages)


SCORES = {
    "mig": mig,
    "modularity": modularity,
    "sap": lambda z, v: sap(z, v, (0,)),
    "factorvae": lambda z, v: factorvae(z, v, votes=300),
    "betavae": lambda z, v: betavae(z, v, points=200, batch=32),
    "dci disentanglement": lambda z, v: boosted(z, v).disentanglement,
    "dci completeness": lambda z, v: boosted(z, v).completeness,
    "dci informativeness": lambda z, v: boosted(z, v).informativeness,
}
CHANCE = {"factorvae": 0.2, "betavae": 0.2, "dci informativeness": float(np.mean([1 / size for size in SIZES]))}


@pytest.mark.parametrize("name", SCORES)
def test_a_perfect_code_scores_one(name):
    found = SCORES[name](CODES, GRID)
    assert found.value == pytest.approx(1.0, abs=1e-9) and not found.high > 1.0


@pytest.mark.parametrize("name", SCORES)
def test_noise_scores_chance(name):
    found = SCORES[name](NOISE, GRID)
    assert found.value == pytest.approx(CHANCE.get(name, 0.0), abs=0.08)
    assert -0.05 < found.value <= 1 and (np.isnan(found.margin) or found.low <= found.value <= found.high <= 1)


@pytest.mark.parametrize("name", SCORES)
def test_a_rotated_code_scores_clearly_less_than_a_perfect_one(name):
    found = SCORES[name](TURNED, GRID)
    assert (found.value if np.isnan(found.high) else found.high) < SCORES[name](CODES, GRID).value


@pytest.mark.parametrize("name", ["mig", "sap", "factorvae", "dci disentanglement"])
def test_swapped_mirrored_and_stretched_dimensions_change_nothing(name):
    changed = CODES[:, [3, 0, 4, 1, 2]] * np.array([-1.0, 2.0, 0.5, 1.0, -3.0])
    assert SCORES[name](changed, GRID).value == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("name", ["mig", "sap", "modularity", "dci disentanglement"])
def test_shuffled_codes_score_zero(name):
    assert SCORES[name](RNG.permutation(CODES), GRID).value < 0.1


def test_a_factor_encoded_twice_has_mig_zero_and_modularity_one():
    twice = np.hstack([CODES, CODES])
    assert mig(twice, GRID).value == pytest.approx(0.0, abs=0.02)
    assert modularity(twice, GRID).value == pytest.approx(1.0, abs=1e-6)
    found = boosted(twice, GRID, 10)
    assert found.disentanglement.value > 0.99 and found.completeness.value < 0.8


@pytest.mark.parametrize("count", [100, 300, 1000])
def test_noise_has_no_modularity_even_with_few_images(count):
    rng = np.random.default_rng(0)
    scores = []
    for seed in range(10):
        codes, factors = rng.normal(size=(count, 5)), rng.integers(0, 8, (count, 3))
        scores.append(modularity_of(histogram_information(codes, factors), noise_floor(codes, factors, seed)))
    assert sum(score > 0 for score in scores) <= 2


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
    uniform = np.log(SIZES) + (np.array(SIZES) - 1) / (2 * len(GRID))  # psi(n) = ln n - 1 / 2n
    assert entropy == pytest.approx(uniform, abs=1e-4)
    found = nearest_neighbour_information(CODES, GRID)
    assert np.diag(found) == pytest.approx(entropy)
    assert np.abs(found - np.diag(entropy)).max() < 0.15
    assert entropies(np.arange(6)[:, None]) == 0.0  # no at least two images have a value


@pytest.mark.parametrize("per_value", [2, 5, 100])
@pytest.mark.parametrize("width", [0.0, 1e-3, 1.0])
def test_noise_has_zero_mutual_information_for_any_width_and_number_of_images(per_value, width):
    """Codes independent of a factor of eight values: zero mutual information on average, and zero MIG."""
    rng = np.random.default_rng(0)
    factors = np.repeat(np.arange(8), per_value)[:, None]
    found, gap = [], []
    for trial in range(4000 // len(factors) + 20):
        codes = rng.normal(size=(len(factors), 3)) + width * rng.normal(size=(len(factors), 3))
        found.append(nearest_neighbour_information(codes, factors))
        if trial < 40:
            gap.append(mig(codes, factors, trial).value)
    for each in (np.array(found).mean((1, 2)), np.array(gap)):
        assert abs(each.mean()) < max(0.01, 4 * each.std() / np.sqrt(len(each)))


def test_histograms_give_the_entropy_of_a_copy_and_little_for_noise():
    uniform = np.log(SIZES) + (np.array(SIZES) - 1) / (2 * len(GRID))  # Miller's correction
    assert histogram_information(CODES, GRID) == pytest.approx(np.diag(uniform), abs=1e-9)
    assert histogram_information(NOISE, GRID).max() < 0.03
    fine = CODES + 0.05 * NOISE  # more values than bins
    assert np.diag(histogram_information(fine, GRID, bins=60)) == pytest.approx(uniform, rel=0.05)


def test_information_of_a_normal_channel():
    """A uniform factor in normal noise, from nearly a copy to nearly nothing: I against the integral."""
    rng = np.random.default_rng(0)
    z = np.linspace(-40, 50, 200_001)
    for values, noise in ((2, 0.5), (2, 1.0), (8, 0.05), (8, 0.3), (8, 1.0), (8, 4.0), (20, 1.0)):
        density = [np.exp(-0.5 * ((z - m) / noise) ** 2) / (noise * np.sqrt(2 * np.pi)) for m in range(values)]
        mixture = np.maximum(np.mean(density, 0), 1e-300)
        known = np.mean([np.trapezoid(q * np.log(np.maximum(q, 1e-300) / mixture), z) for q in density])
        found = []
        for _ in range(6):
            factors = rng.integers(0, values, (2000, 1))
            found.append(nearest_neighbour_information(factors + noise * rng.normal(size=(2000, 1)), factors).item())
        assert np.mean(found) == pytest.approx(known, abs=0.03), (values, noise)


def test_mutual_information_of_discrete_codes():
    """Discrete codes: the correct value with probability 3/4, the others equally likely."""
    rng = np.random.default_rng(0)
    factors = rng.integers(0, 4, (4000, 1))
    wrong = (factors + rng.integers(1, 4, factors.shape)) % 4
    codes = np.where(rng.random(factors.shape) < 0.75, factors, wrong)
    known = np.log(4) + 0.75 * np.log(0.75) + 0.25 * np.log(0.25 / 3)
    assert nearest_neighbour_information(codes, factors).item() == pytest.approx(known, abs=0.06)
    assert nearest_neighbour_information(np.zeros((200, 1)), factors[:200]).item() == pytest.approx(0.0, abs=0.1)


def test_the_mig_uses_dimensions_selected_on_other_images():
    order = np.array([[0.9, 0.1], [0.5, 0.2], [0.1, 0.6]])
    matrix = np.array([[1.0, 0.3], [0.4, 0.2], [0.7, 0.5]])
    assert gap_of(order, matrix, np.array([1.0, 0.5])) == pytest.approx((0.6 + 0.3 / 0.5) / 2)
    assert gap_of(matrix, matrix, np.array([1.0, 0.5])) == pytest.approx(mig_of(matrix, np.array([1.0, 0.5])))
    assert gap_of(order[:1], matrix[:1], np.ones(2)) == pytest.approx((1.0 + 0.3) / 2)


def test_completeness_is_high_with_noise_and_unused_dimensions():
    """Axis-aligned codes with noise and unused dimensions; random forests would give 0.7."""
    rng = np.random.default_rng(0)
    factors = rng.integers(0, 5, (1500, 3))
    codes = np.hstack([factors + 0.3 * rng.normal(size=factors.shape), rng.normal(size=(1500, 3))])
    found = boosted(codes, factors, stages=20)
    assert found.completeness.value > 0.88 and found.disentanglement.value > 0.85
    assert np.isnan(found.completeness.margin) and np.isnan(found.disentanglement.margin)
    assert found.informativeness.low < found.informativeness.value < found.informativeness.high
    turned = codes[:, :3] @ np.linalg.qr(rng.normal(size=(3, 3)))[0]
    assert boosted(turned, factors, stages=5).completeness.value < 0.5


def test_dci_reports_progress_and_handles_a_constant_factor():
    said = []
    factors = np.hstack([GRID[:, 1:2], np.full((len(GRID), 1), 3)])
    found = dci(CODES, factors, CODES, factors, stages=3, progress=said.append)
    assert said == [0.5, 1.0] and (found.importance[:, 1] == 0).all()
    assert found.informativeness.value == 1.0
    assert found.disentanglement.value == pytest.approx(1.0) and found.completeness.value == pytest.approx(1.0)


def test_factors_without_pairs_are_refused():
    with pytest.raises(UserError, match="at least two images have"):
        factorvae(CODES[:4], np.arange(20).reshape(4, 5))


def test_the_factors_of_these_tests_are_those_of_shapes():
    assert len(FACTORS) == len(SIZES) and list(FACTORS)[0] == "shape"
