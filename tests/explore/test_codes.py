"""Interpolation, traversal, projection, density and nearest codes against geometry."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vae_core.errors import UserError
from vae_core.explore import aggregate_posterior, interpolation, projection, traversal_and_grid
from vae_core.explore.nearest_codes import nearest_codes

codes = arrays(np.float32, 4, elements=st.floats(-4, 4, width=32))


@given(codes, codes, st.sampled_from(["linear", "spherical"]), st.integers(2, 9))
def test_paths_start_and_end_where_they_should(a, b, path, steps):
    walk = interpolation.interpolate(a, b, steps, path)
    assert walk.shape == (steps, 4) and np.isfinite(walk).all()
    np.testing.assert_allclose(walk[[0, -1]], [a, b], atol=1e-4)


@given(codes, codes)
def test_a_spherical_path_keeps_its_norm(a, b):
    a, b = (v / max(np.linalg.norm(v), 1e-3) for v in (a, b))
    if min(np.linalg.norm(a), np.linalg.norm(b)) < 0.9 or abs(a @ b) > 0.99:
        return
    norms = np.linalg.norm(interpolation.interpolate(a, b, 7, "spherical"), axis=1)
    np.testing.assert_allclose(norms, 1, atol=1e-3)
    assert np.linalg.norm(interpolation.interpolate(a, b, 7, "linear"), axis=1).min() < 1


def test_a_grid_runs_row_by_row_from_the_top_left():
    cells = traversal_and_grid.grid((-2, 2, -1, 1), 4, 2)
    np.testing.assert_allclose(cells[:4], [[-1.5, 0.5], [-0.5, 0.5], [0.5, 0.5], [1.5, 0.5]])
    np.testing.assert_allclose(cells[4], [-1.5, -0.5])


def test_traversals_move_one_dimension_and_leave_the_rest():
    z = np.array([1.0, 2.0, 3.0], np.float32)
    walks = traversal_and_grid.traverse(z, [2, 0], 3.0, 5)
    np.testing.assert_allclose(walks[0, :, 2], [-3, -1.5, 0, 1.5, 3])
    assert (walks[0, :, :2] == z[:2]).all() and (walks[1, :, 1:] == z[1:]).all()


def test_corners_mix_four_codes():
    four = np.eye(4, dtype=np.float32)
    mixed = interpolation.corners(four, 3).reshape(3, 3, 4)
    np.testing.assert_allclose(mixed[[0, 0, 2, 2], [0, 2, 0, 2]], four)
    np.testing.assert_allclose(mixed[1, 1], 0.25)


def test_nearest_are_the_nearest_in_order():
    rng = np.random.default_rng(0)
    cloud, z = rng.normal(size=(500, 3)).astype(np.float32), np.zeros(3, np.float32)
    found = nearest_codes(cloud, z, 12)
    assert found.tolist() == np.argsort(np.linalg.norm(cloud - z, axis=1))[:12].tolist()
    assert nearest_codes(cloud[:3], z, 12).shape == (3,)


def test_density_of_one_standard_normal_is_the_closed_form():
    z = np.array([0.5, -1.0], np.float32)
    found = aggregate_posterior.log_aggregate_posterior(np.zeros((1, 2), np.float32), np.ones((1, 2), np.float32), z)
    assert found == pytest.approx(-np.log(2 * np.pi) - 0.5 * (0.25 + 1.0), abs=1e-5)


@pytest.mark.parametrize("dimensions", [2, 20])
def test_a_pca_plane_keeps_most_variance_and_is_inverted(dimensions):
    rng = np.random.default_rng(1)
    cloud = (rng.normal(size=(400, dimensions)) * np.linspace(3, 0.1, dimensions)).astype(np.float32)
    plane = projection.pca_plane(cloud)
    flat = plane.project(cloud)
    np.testing.assert_allclose(plane.project(plane.unproject(flat)), flat, atol=1e-4)
    assert flat.var(0)[0] > flat.var(0)[1] and flat.var(0).sum() > 0.99 * np.sort(cloud.var(0))[-2:].sum()
    assert plane.labels[0].startswith("PC 1 (")


def test_raw_planes_show_two_dimensions_even_of_a_code_with_one():
    z = np.array([[1.0, 2.0, 3.0]], np.float32)
    assert projection.raw_plane(3, 2, 0).project(z).tolist() == [[3, 1]]
    assert projection.raw_plane(1).project(z[:, :1]).tolist() == [[1, 0]]
    with pytest.raises(UserError, match="two different dimensions"):
        projection.raw_plane(3, 1, 1)


def test_ellipses_of_many_codes_are_those_of_each():
    noise = np.random.default_rng(0)
    plane = projection.pca_plane(noise.normal(size=(50, 5)).astype(np.float32) * [3, 2, 1, 1, 1])
    scale = noise.uniform(0.1, 2, (6, 5)).astype(np.float32)
    deviations, rho = plane.spreads(scale)
    for i in range(6):
        _, one, correlation = plane.ellipse(np.zeros(5, np.float32), scale[i])
        np.testing.assert_allclose(deviations[i], one, rtol=1e-5)
        assert rho[i] == pytest.approx(correlation, abs=1e-5)


def test_three_principal_axes_begin_with_the_plane_s_two():
    some = np.random.default_rng(0).normal(size=(200, 5)).astype(np.float32) * [3, 2, 1, 0.5, 0.1]
    centre, axes, labels = projection.principal_axes(some, 3)
    plane = projection.pca_plane(some)
    np.testing.assert_allclose(axes[:, :2], plane.axes, atol=1e-6)
    np.testing.assert_allclose(axes.T @ axes, np.eye(3), atol=1e-5)
    assert labels[:2] == plane.labels and ((some - centre) @ axes).std(0) == pytest.approx([3, 2, 1], rel=0.2)
