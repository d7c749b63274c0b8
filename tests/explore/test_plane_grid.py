"""The aggregate posterior on a grid, and prior holes, where both are known in closed form."""

import numpy as np
import pytest

from vae_core.explore.plane_figures.plane_grid import PlaneGrid, mixture_masses, region_levels
from vae_core.explore.plane_figures.prior_holes import TIMES, find_holes

WIDE = PlaneGrid.over((-5.0, 5.0, -5.0, 5.0), 100)


def standard_normal(grid: PlaneGrid) -> np.ndarray:
    return mixture_masses(grid, np.zeros((1, 2), np.float32), np.ones((1, 2), np.float32))


def test_the_top_row_comes_first_and_places_find_their_cell():
    grid = PlaneGrid.over((0.0, 4.0, -1.0, 1.0), 4)
    assert (grid.columns, grid.rows, grid.area) == (4, 2, 1.0)
    assert grid.centres[0].tolist() == [0.5, 0.5] and grid.centres[-1].tolist() == [3.5, -0.5]
    row, column, inside = grid.cells_of(np.vstack([grid.centres, [[9.0, 0.0], [0.5, -1.5]]]))
    assert row[:8].tolist() == [0] * 4 + [1] * 4 and column[:8].tolist() == [0, 1, 2, 3] * 2
    assert inside.tolist() == [True] * 8 + [False] * 2


def test_a_mixture_of_narrow_normals_is_exact_whatever_the_cells():
    mean = np.array([[-1.03, 2.01], [0.4, -3.3], [0.4, -3.3], [2.2, 2.2]], np.float32)
    scale = np.array([[1e-3, 2e-3], [0.02, 0.5], [0.02, 0.5], [0.7, 0.7]], np.float32)
    coarse = PlaneGrid.over((-5.0, 5.0, -5.0, 5.0), 10)
    fine = PlaneGrid.over((-5.0, 5.0, -5.0, 5.0), 200)
    masses = mixture_masses(coarse, mean, scale)
    assert masses.sum() == pytest.approx(1.0, abs=1e-3)
    np.testing.assert_allclose(mixture_masses(fine, mean, scale).reshape(10, 20, 10, 20).sum((1, 3)), masses, atol=1e-9)
    row, column, _ = coarse.cells_of(mean[:1])
    assert masses[row[0], column[0]] == pytest.approx(0.25, abs=1e-6)  # all of the narrowest of the four


def test_linear_gaussian_codes_of_all_data_are_the_prior():
    """x = 2 z + noise of variance 1: q(z|x) = p(z|x) = N(0.4 x, 0.2), whose mean over x ~ N(0, 5) is the prior N(0, 1)."""
    x = np.random.default_rng(0).normal(scale=np.sqrt(5), size=(20_000, 2)).astype(np.float32)
    grid = PlaneGrid.over((-4.0, 4.0, -4.0, 4.0), 20)
    found = mixture_masses(grid, 0.4 * x, np.full_like(x, np.sqrt(0.2)))
    np.testing.assert_allclose(found, standard_normal(grid), atol=8e-4)
    holes = find_holes(grid, standard_normal(grid), found)
    assert not holes.is_hole.any() and holes.found == []


def test_regions_of_a_normal_are_discs_of_known_radius():
    masses = standard_normal(WIDE)
    for share in (0.5, 0.9, 0.99):
        (level,) = region_levels(masses, [share])
        area = (masses >= level).sum() * WIDE.area
        assert np.sqrt(area / np.pi) == pytest.approx(np.sqrt(-2 * np.log(1 - share)), abs=0.03)
    assert region_levels(masses, [1.0])[0] == masses.min()


def test_a_normal_codes_do_not_reach_leaves_holes_where_the_ratio_says_so():
    """Codes N((-1, 0), 0.5^2 I) under the prior N(0, I): the ratio of densities is known at each place."""
    codes = mixture_masses(WIDE, np.array([[-1.0, 0.0]], np.float32), np.full((1, 2), 0.5, np.float32))
    holes = find_holes(WIDE, standard_normal(WIDE), codes)
    for place in ([1.05, 0.05], [-1.05, 0.05], [0.55, -1.25], [2.95, 0.05]):
        z = np.array(place)
        ratio = -0.5 * (z @ z) + 2 * ((z - [-1, 0]) @ (z - [-1, 0])) + np.log(0.25)
        assert holes.at(z) == pytest.approx(np.clip(ratio, 0, np.log(1000)), abs=0.05)
        assert holes.around(z) == (ratio >= np.log(TIMES))
    assert holes.at([3.5, 3.5]) == 0.0  # outside of the prior's 99 %, radius 3.03
    assert holes.at([30.0, 0.0]) == 0.0 and not holes.around([30.0, 0.0])


def test_holes_are_apart_the_largest_first_and_draws_of_the_prior_fall_there():
    """Codes on the strip |y| < 0.5 leave one hole above and one below it."""
    centres = np.linspace(-4, 4, 400)
    strip = np.stack([centres, np.zeros(400)], 1).astype(np.float32)
    codes = mixture_masses(WIDE, strip, np.full((400, 2), 0.2, np.float32))
    holes = find_holes(WIDE, standard_normal(WIDE), codes)
    assert len(holes.found) == 2
    above, below = sorted(holes.found, key=lambda hole: -hole.place[1])
    assert above.place[1] > 0.8 and below.place[1] < -0.8 and all(holes.around(one.place) for one in holes.found)
    assert above.prior_mass == pytest.approx(below.prior_mass, rel=1e-3)
    draws = np.random.default_rng(1).normal(size=(50_000, 2)).astype(np.float32)
    assert holes.share(draws) == pytest.approx(above.prior_mass + below.prior_mass, abs=0.01)
    assert holes.share(strip) == 0.0
