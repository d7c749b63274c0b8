"""The grammar and its data set: each sentence once, with its factors, in one split only; and the vocabulary."""

import math

import numpy as np
import pytest
import torch

from vae_core.axes.token_ids import END, PAD, UNKNOWN
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.data.text.grammar import FACTORS, SIZES, TENSES
from vae_core.data.text.sentences import VARIANTS, grammar
from vae_core.data.text.vocabulary import Vocabulary, lengths
from vae_core.errors import UserError


@pytest.fixture(scope="module", params=VARIANTS)
def data(request):
    return load(DataConfig(dataset="sentences", variant=request.param))


def test_every_sentence_is_there_once_and_in_one_split(data):
    rows = torch.cat([data.train.x, data.val.x, data.test.x]).numpy()
    assert len(rows) == math.prod(SIZES) >= 200_000
    assert len({row.tobytes() for row in rows}) == len(rows)
    assert rows.dtype == np.int16 and rows.min() == PAD and rows.max() < len(data.vocabulary)
    assert len(data.test) == len(data.val) == round(0.05 * len(rows))


def test_the_entropy_is_the_logarithm_of_their_number(data):
    assert grammar("").entropy == grammar("chinese").entropy == pytest.approx(math.log(225_792))
    for place, size in enumerate(SIZES):  # each factor is uniform over all sentences
        whole = torch.cat([data.train.factors, data.val.factors, data.test.factors])[:, place]
        assert (whole.bincount() == math.prod(SIZES) // size).all()


def test_a_sentence_says_its_factors(data):
    made = grammar("" if data.vocabulary.spaced else "chinese")
    some = data.test.factors[:500].tolist()
    assert data.vocabulary.sentences(data.test.x[:500].numpy()) == [made.sentence(one) for one in some]
    assert data.factor_names == FACTORS and data.classes == TENSES
    assert torch.equal(data.test.labels, data.test.factors[:, FACTORS.index("tense")])


def test_english_agrees_and_chinese_says_the_tense_by_a_word():
    english, chinese = grammar("english"), grammar("chinese")
    assert english.sentence((3, 1, 2, 0, 1, 2, 1)) == "the old children did not buy the boat"
    assert english.sentence((0, 7, 0, 1, 0, 0, 0)) == "the tall teacher carries the ball"
    assert english.sentence((0, 7, 0, 1, 1, 0, 0)) == "the tall teachers carry the ball"
    assert chinese.sentence((3, 1, 2, 0, 1, 2, 1)) == "这些年老的孩子昨天没有买船"


def test_the_parser_finds_factors_and_refuses_what_is_no_sentence():
    made = grammar("english")
    rows = made.ids[::997]
    assert np.array_equal(made.factors[made.parse(rows)], made.factors[::997])
    assert (made.parse(np.concatenate([rows, rows * 0], 1)) >= 0).all(), "more padding changes nothing"
    words = made.vocabulary
    wrong = [
        "the tall teacher carry the ball", "the tall teachers carries the ball", "the teacher carries the ball",
        "the tall teacher will did not buy the ball", "ball the buys teacher tall the", "",
    ]  # fmt: skip
    assert (made.parse(words.ids(wrong, 12)) == -1).all()
    right = words.ids(["the tall teacher carries the ball"], 9)
    assert made.parse(right) >= 0
    right[0, lengths(right)[0]] = UNKNOWN
    assert made.parse(right) == -1, "a sentence must end"


def test_settings_that_do_not_fit_are_refused():
    with pytest.raises(UserError, match="choose grey"):
        load(DataConfig(dataset="sentences", target="static"))
    with pytest.raises(UserError, match="english or chinese"):
        load(DataConfig(dataset="sentences", variant="latin"))


def test_a_vocabulary_goes_both_ways_and_says_what_does_not_fit():
    words = Vocabulary(words=("a", "cat", "sat"))
    ids = words.ids(["a cat sat", "", "a dog"], 5)
    assert ids.tolist() == [[3, 4, 5, END, PAD], [END, PAD, PAD, PAD, PAD], [3, UNKNOWN, END, PAD, PAD]]
    assert words.sentences(ids) == ["a cat sat", "", "a <unknown>"] and lengths(ids).tolist() == [3, 0, 2]
    assert Vocabulary(words=("猫", "狗"), spaced=False).sentences(np.array([[4.0, 3.0, 4.0]])) == ["狗猫狗"]
    assert Vocabulary.parse(words.model_dump_json()) == words and len(words) == 6
    with pytest.raises(UserError, match="3 words, and at most 2 fit"):
        words.ids(["a cat sat"], 3)
    for wrong in ((), ("a", "a"), ("<end>",), ("",)):
        with pytest.raises(UserError):
            Vocabulary(words=wrong)
