"""The bundled classifier on decoded images."""

import pytest

from vae_core import checkpoints
from vae_core.explore.explorer import Explorer
from vae_core.explore.plane_figures import classifier_regions


@pytest.mark.parametrize("name", ["digits-vae-2d", "fashion-vae-2d"])
def test_regions_are_the_classes_of_the_test_codes(name):
    model = Explorer.open(checkpoints.bundled() / name)
    codes, labels = model.latents.mean[:300], model.latents.labels[:300]
    found = classifier_regions.regions(model, codes, None)
    assert (found.classes == labels).mean() > 0.65  # chance: 0.1
    assert found.probability.min() >= 0.1 and found.probability.max() <= 1
    sure = found.probability > 0.9
    assert (found.classes == labels)[sure].mean() > (found.classes == labels)[~sure].mean()


def test_a_model_of_points_has_no_classifier():
    model = Explorer.open(checkpoints.bundled() / "points-moons")
    assert not classifier_regions.suits(model)
