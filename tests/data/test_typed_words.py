"""A sentence that a person types is read as the words of a caption, in either language and any order."""

from itertools import product

import pytest

from vae_core.data.words import LANGUAGES, SHAPES, of_classes
from vae_core.errors import UserError


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_read_back(language):
    for words in product(*map(range, SHAPES.sizes)):
        assert SHAPES.parse(SHAPES.phrase(words, language), language) == words


def test_order_capitals_and_punctuation_do_not_matter():
    assert SHAPES.parse("LEFT upper; turned left -- Heart, small!") == (0, 2, 1, 0, 0)
    assert SHAPES.parse("小 heart 向左转 upper 左边") == (0, 2, 1, 0, 0)


def test_names_of_classes():
    digits = of_classes([str(n) for n in range(10)])
    assert digits.parse("Seven") == (7,) and digits.parse("七") == (7,)
    clothes = of_classes(["T-shirt/top", "Ankle boot", "b+"])
    assert [clothes.parse(name) for name in ("t-shirt/top", "ankle BOOT", "B+")] == [(0,), (1,), (2,)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a small purple heart, upright, at the upper left", "does not know 'purple'"),
        ("a small heart, upright, at the upper", "say which of left, centre, right"),
        ("a small large heart, upright, at the upper left", "both 'small' and 'large'"),
        ("hearts", "does not know 'hearts'"),
        ("{size} .* \\b", "does not know"),
        ("", "say which of small, medium, large"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(text, says):
    with pytest.raises(UserError, match=says):
        SHAPES.parse(text)


def test_errors_list_words_in_the_language_that_is_asked_for():
    with pytest.raises(UserError, match="正方形"):
        SHAPES.parse("狗", "zh")
