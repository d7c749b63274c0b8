"""Few labels: what is known of three separate groups, of a chain, and of scikit-learn's own label spreading."""

import numpy as np
import pytest

from vae_core.errors import UserError
from vae_core.few_labels.classifiers import METHODS, Examples, accuracy, features_of, guess
from vae_core.few_labels.draws import curve, draw
from vae_core.few_labels.label_propagation import neighbour_graph, propagate
from vae_core.few_labels.map_regions import MapRegions
from vae_core.few_labels.proposals import propose

SIZES = (60, 40, 20)
TRUTH = np.repeat([0, 1, 2], SIZES)


@pytest.fixture(scope="module")
def groups() -> Examples:
    """Three groups far from each other, of different sizes."""
    noise = np.random.default_rng(0).standard_normal((len(TRUTH), 4))
    return Examples((noise + 12 * TRUTH[:, None]).astype(np.float32))


@pytest.mark.parametrize("method", METHODS)
def test_one_label_each_tells_separate_groups_apart(method: str, groups: Examples) -> None:
    where = draw(TRUTH, 1, 3)
    found = guess(method, groups, where, TRUTH[where], 4)
    assert found.shape == (len(TRUTH), 4)
    assert np.allclose(found.sum(1), 1, atol=1e-5)
    assert not found[:, 3].any(), "a class without a label is never guessed"
    assert accuracy(found, TRUTH, where) > 0.95


def test_a_label_spreads_along_a_bent_line_where_the_nearest_label_is_wrong() -> None:
    angle = np.linspace(0, np.pi, 100)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    lower = np.column_stack([1 - np.cos(angle), 0.3 - np.sin(angle)])
    moons, truth = Examples(np.vstack([upper, lower]).astype(np.float32)), np.repeat([0, 1], 100)
    where = np.array([0, 199])  # the far ends of both moons
    right = {name: accuracy(guess(name, moons, where, truth[where], 2), truth, where) for name in METHODS}
    assert right["propagation"] > 0.98 > 0.9 > right["neighbours"]


def test_many_steps_come_to_the_solution_of_the_linear_system(groups: Examples) -> None:
    graph, where = neighbour_graph(groups.features, 5), np.array([0, 60, 100])
    found = propagate(graph, where, TRUTH[where], 3, kept=0.9, steps=300)
    given = np.eye(3)[[0, 1, 2]]
    start = np.zeros((len(TRUTH), 3))
    start[where] = given
    exact = np.linalg.solve(np.eye(len(TRUTH)) - 0.9 * graph.weights.toarray(), start)
    exact /= exact.sum(0)
    assert np.allclose(found, exact / np.maximum(exact.sum(1, keepdims=True), 1e-12), atol=1e-4)


def test_an_example_that_no_label_reaches_takes_the_nearest(groups: Examples) -> None:
    where = np.array([0, 60])  # the third group is joined to neither
    found = guess("propagation", groups, where, TRUTH[where], 3)
    assert (found[100:].argmax(1) == 1).all()


def test_accuracy_leaves_out_what_was_given() -> None:
    found = np.eye(2, dtype=np.float32)[[0, 0, 1, 1]]
    assert accuracy(found, np.array([0, 1, 1, 0]), np.array([0])) == pytest.approx(1 / 3)
    assert np.isnan(accuracy(found, np.array([0, 0, 1, 1]), np.arange(4)))


def test_the_first_proposals_are_of_different_groups_and_the_largest_is_first(groups: Examples) -> None:
    first = propose(groups, np.empty(0, np.int64), 3)
    assert sorted(TRUTH[first]) == [0, 1, 2]
    assert TRUTH[first[0]] == 0
    assert TRUTH[propose(groups, first[:2])[0]] == 2, "the group that has no label yet"
    assert not {*propose(groups, first, 5)} & {*first}
    assert len(propose(groups, np.arange(119), 5)) == 1


@pytest.mark.filterwarnings("error")
def test_rows_that_are_often_the_same_are_proposed_without_a_complaint() -> None:
    different = np.random.default_rng(2).standard_normal((8, 2)).astype(np.float32)
    rows = Examples(np.repeat(different, 5, 0))
    first = propose(rows, np.empty(0, np.int64), 10)
    assert len({*first}) == 10 and {*first // 5} == {*range(8)}, "each different row, and then more of them"


def test_one_example_alone() -> None:
    alone = Examples(np.zeros((1, 2), np.float32))
    assert propose(alone, np.empty(0, np.int64), 3).tolist() == [0]
    assert guess("propagation", alone, np.array([0]), np.array([1]), 2).argmax() == 1


def test_the_curve_rises_and_leaves_out_what_the_smallest_class_cannot_give() -> None:
    mixed = np.random.default_rng(1).standard_normal((len(TRUTH), 2)) + 2 * TRUTH[:, None]
    points = curve("neighbours", Examples(mixed.astype(np.float32)), TRUTH, 3, (1, 10, 20), 5)
    assert [point.labels for point in points] == [3, 30]
    assert points[0].mean < points[1].mean
    assert all(len(point.accuracies) == 5 for point in points)


def test_pictures_and_rows_as_features() -> None:
    assert features_of(np.full((2, 1, 2, 2), 255, np.uint8)).tolist() == [[1.0] * 4] * 2
    rows = features_of(np.array([[1.0, np.nan], [3.0, 4.0]], np.float32))
    assert rows.tolist() == [[1.0, 4.0], [3.0, 4.0]]


@pytest.mark.parametrize(("where", "labels"), [([], []), ([500], [0]), ([-1], [0]), ([1], [9]), ([1, 1], [0, 1])])
def test_labels_that_cannot_be_are_refused(where: list[int], labels: list[int], groups: Examples) -> None:
    with pytest.raises(UserError):
        guess("propagation", groups, np.array(where, np.int64), np.array(labels, np.int64), 3)


def test_a_draw_leaves_an_example_of_each_class() -> None:
    with pytest.raises(UserError, match="too few"):
        draw(TRUTH, 20, 0)


def test_regions_of_a_map_are_those_of_the_dots_nearby() -> None:
    dots = np.column_stack([np.repeat([-1.0, 1.0], 40), np.tile(np.linspace(-1, 1, 40), 2)])
    found = np.eye(2, dtype=np.float32)[np.repeat([0, 1], 40)]
    regions = MapRegions.of(np.array([[-0.9, 0.0], [0.9, 0.0], [50.0, 0.0]]), dots, 0.1)
    classes, sure = regions.vote(found)
    assert classes.tolist() == [0, 1, 1]
    assert sure[0] > 0.7 and sure[2] < 0.01, "no colour where no dot is"
