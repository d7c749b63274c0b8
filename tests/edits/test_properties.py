"""Properties measured on drawn shapes, whose size and slant are known, and the properties of each kind of data."""

from types import SimpleNamespace

import numpy as np
import pytest

from tests.helpers.molecule_helpers import NEEDS_EXTRA
from vae_core import checkpoints
from vae_core.data.made.sprites import draw
from vae_core.data.text.vocabulary import Vocabulary
from vae_core.edits.picture_properties import MEASURED, ink
from vae_core.edits.properties import properties, values, within_classes
from vae_core.errors import UserError

SIDE = 40


def measured(x: np.ndarray) -> dict[str, float]:
    return {name: float(one.of(ink(x[None]))[0]) for name, one in MEASURED.items()}


def bar(width: int, height: int, slope: float = 0.0) -> np.ndarray:
    """A bar of so many pixels whose upper end leans to the right by `slope` pixels for each pixel of height."""
    x = np.zeros((1, SIDE, SIDE), np.uint8)
    for row in range(height):
        left = 10 + round(slope * (height - row))
        x[0, 5 + row, left : left + width] = 255
    return x


@pytest.mark.parametrize(("width", "height"), [(4, 20), (7, 7), (1, 30)])
def test_a_bar_has_its_own_size_and_stands_upright(width, height):
    found = measured(bar(width, height))
    assert found["width"] == pytest.approx(width) and found["height"] == pytest.approx(height)
    assert found["slant"] == pytest.approx(0, abs=1e-9) and found["ink"] == pytest.approx(
        100 * width * height / SIDE**2
    )


@pytest.mark.parametrize("slope", [0.25, 0.5, -0.25])
def test_a_leaning_bar_has_the_angle_at_which_it_was_drawn(slope):
    assert measured(bar(4, 28, slope))["slant"] == pytest.approx(np.degrees(np.arctan(slope)), abs=1.5)


def test_dark_on_white_and_colours_are_measured_alike():
    x = bar(4, 20)
    negative = np.repeat(255 - x, 3, 0)
    for other in (negative, x / np.float32(255)):
        assert measured(other) == pytest.approx(measured(x), abs=1e-9)


def test_an_empty_picture_has_no_size():
    found = measured(np.zeros((1, 8, 8), np.uint8))
    assert found["ink"] == 0 and all(np.isnan(found[name]) for name in ("slant", "width", "height"))


def test_the_width_of_sprites_follows_their_scale():
    x, factors = draw()
    width = MEASURED["width"].of(ink(x[::50]))
    assert np.corrcoef(width, factors[::50, 1])[0, 1] > 0.7


def test_each_kind_of_data_has_properties_of_its_own():
    infos = {one.name: one for one in checkpoints.find(checkpoints.bundled())}
    assert [*properties(infos["mnist-vae-20d"])] == [*MEASURED]
    assert [*properties(infos["shapes-beta-10d"])] == [*MEASURED, "scale", "x", "y"]
    assert properties(infos["points-moons"]) == {}
    with pytest.raises(UserError, match="no property 'smile': known are ink, slant"):
        values(infos["mnist-vae-20d"], np.zeros((1, 1, 28, 28), np.uint8), "smile")
    known = checkpoints.load(infos["shapes-beta-10d"].folder).latents
    across = values(infos["shapes-beta-10d"], np.zeros(0), "x")
    assert len(across) == len(known.mean) and set(across) == set(range(8))


@NEEDS_EXTRA
def test_properties_of_decoded_molecules_are_those_of_their_structures(tmp_path):
    words = Vocabulary(words=("C", "O", "("), spaced=False, notation="smiles")
    info = SimpleNamespace(
        vocabulary=words, run=SimpleNamespace(model=SimpleNamespace(kind="tokens")), classes=("a", "b"), columns=()
    )
    x = words.ids(["CCO", "C(", "CC"], 6)
    assert list(properties(info)) == ["logp", "qed", "weight"] and not within_classes(info)
    found = values(info, x, "weight")
    assert found[[0, 2]] == pytest.approx([46.07, 30.07], abs=0.01) and np.isnan(found[1])
    with pytest.raises(UserError, match="known are logp, qed, weight"):
        values(info, x, "ink")
    info.vocabulary = Vocabulary(words=("the",))
    assert properties(info) == {}
