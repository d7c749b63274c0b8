"""The words beside pictures: they are a function of what a picture shows, and their sentences tell them apart."""

import itertools

import numpy as np
import pytest

from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.data.made import sprites
from vae_core.data.own_caption import caption_of
from vae_core.data.words import SHAPES, of_classes, turn


def test_equal_pictures_of_shapes_have_equal_words():
    """A square looks the same after a quarter turn and an ellipse after half a turn, so their words must be too."""
    pictures, factors = sprites.draw()
    words = SHAPES.read(factors[:, 0], factors)
    seen: dict[bytes, tuple[int, ...]] = {}
    for picture, row in zip(pictures, words.tolist(), strict=True):
        assert seen.setdefault(picture.tobytes(), tuple(row)) == tuple(row)
    assert len(seen) < len(pictures)  # so the test compares something
    assert words.min(0).tolist() == [0] * 5 and (words.max(0) + 1).tolist() == list(SHAPES.sizes) == [3, 3, 4, 3, 3]


def test_a_heart_points_where_its_word_says():
    """The tip of a heart lies below its middle where it is upright: the ink's centre is above that of its box."""
    pictures, factors = sprites.draw()
    one = (factors[:, 0] == 2) & (factors[:, 1] == 5) & (factors[:, 2] % 5 == 0) & (factors[:, 3:] == 3).all(1)
    found = {}
    for picture, row in zip(pictures[one, 0], factors[one], strict=True):
        y, x = np.nonzero(picture > 127)
        offset = (y.mean() - (y.min() + y.max()) / 2, x.mean() - (x.min() + x.max()) / 2)
        found[SHAPES.words[2].en[turn(row[:1], row[2:3])[0]]] = offset
    assert found["upright"][0] < -0.5 and found["upside down"][0] > 0.5
    assert found["turned left"][1] < -0.5 and found["turned right"][1] > 0.5


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_choice_of_words_makes_a_sentence_of_its_own(language):
    chosen = list(itertools.product(*(range(size) for size in SHAPES.sizes)))
    assert len({SHAPES.phrase(words, language) for words in chosen}) == len(chosen)


def test_sentences_read_as_they_should():
    assert SHAPES.phrase((0, 2, 1, 0, 2)) == "a small heart, turned left, at the upper right"
    assert SHAPES.phrase((0, 2, 1, 0, 2), "zh") == "一个小的心形，向左转，在右边的上方"


def test_digits_are_spelt_out_and_other_classes_keep_their_names():
    digits = of_classes([str(number) for number in range(10)])
    assert [digits.phrase([7], language) for language in ("en", "zh")] == ["seven", "七"]
    assert of_classes(["Coat", "Bag"]).phrase([1], "zh") == "Bag"
    assert caption_of("points", ()) is None


def test_the_words_of_a_split_are_its_labels_or_its_sentences():
    digits, shapes = load(DataConfig()), load(DataConfig(dataset="shapes"))
    assert digits.words == (10,) and digits.layout_settings == {}
    assert np.array_equal(digits.words_of(digits.val)[:, 0], digits.val.labels)
    assert shapes.layout_settings == {"words": (3, 3, 4, 3, 3)}
    told = shapes.words_of(shapes.test)
    assert told.shape == (len(shapes.test), 5) and np.array_equal(told[:, 1], shapes.test.labels)
