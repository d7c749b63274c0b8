"""A person's own text: encodings, tokens, splits without a common line, rare words, limits, and what is said about all this."""

import unicodedata
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vae_core.axes.token_ids import UNKNOWN
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.data.duplicates_and_imbalance import faults
from vae_core.data.text.own_text import read_text
from vae_core.data.text.tokens import tokens, written
from vae_core.data.text.vocabulary import Vocabulary
from vae_core.errors import UserError
from vae_core.utils import limits

PARTS = ("train", "val", "test")
ANIMALS, PLACES = ["cat", "dog", "cow", "hen", "fox"], ["house", "tree", "river", "road"]
LINES = [f"The {a}, {kind}, is by the {b}." for a in ANIMALS for b in PLACES for kind in ("old", "young", "so-called")]
CHINESE = [f"这个{a}在{b}里。" for a in "猫狗牛鸡狐" for b in "家树河路"]


def own(path: Path, **settings):
    return load(DataConfig(dataset="text", path=str(path), **settings))


def sentences(data, part="train"):
    return data.vocabulary.sentences(getattr(data, part).x.numpy())


def said(data) -> str:
    return "\n".join(str(note) for note in data.notes)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "animals.txt"
    path.write_text("\n".join(LINES))
    return path


def test_a_file_of_lines_becomes_sentences_again(file):
    data = own(file)
    assert sorted(text for part in PARTS for text in sentences(data, part)) == sorted(LINES)
    assert data.vocabulary.spaced and {"so-called", ",", "."} <= {*data.vocabulary.words}
    assert data.shape == (11,) and data.classes == () and data.title == "animals" and not [*faults(data)]
    assert "Read as utf-8" in said(data) and "a word or a punctuation mark" in said(data)
    assert f"The vocabulary has {len(data.vocabulary.words)} tokens, and the longest line 10" in said(data)
    again, other = own(file), own(file, seed=1)
    assert torch.equal(data.val.x, again.val.x) and not torch.equal(data.val.x, other.val.x)
    assert abs(len(own(file, held_out=0.5).train) - 30) <= 1


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_chinese_is_read_in_its_encoding_as_characters(code, tmp_path):
    (tmp_path / "a.txt").write_bytes("\r\n".join(CHINESE).encode(code))
    data = own(tmp_path / "a.txt")
    assert sorted(text for part in PARTS for text in sentences(data, part)) == sorted(CHINESE)
    assert not data.vocabulary.spaced and f"Read as {code}" in said(data) and "no spaces between words" in said(data)


def test_accents_are_composed_and_controls_and_spaces_are_not_kept(tmp_path):
    decomposed = [unicodedata.normalize("NFD", f"  café\t{word}\x00\x1b  ñandú") for word in (*ANIMALS, *PLACES, "été")]
    (tmp_path / "a.txt").write_bytes("\n\n".join(decomposed).encode("utf-16"))
    data = own(tmp_path / "a.txt", variant="characters")
    assert {"é", "ñ", "ú"} <= {*data.vocabulary.words} and "a single word" not in said(data)
    assert all(text.startswith("café ") and text.endswith(" ñandú") for text in sentences(data))


def test_single_words_are_read_by_letter_unless_words_are_chosen():
    names = [a + b for a in ("An", "Be", "Ca", "Do") for b in ("na", "nia", "ri")]
    data = read_text(names)
    assert not data.vocabulary.spaced and "most lines are a single word" in said(data)
    with pytest.raises(UserError, match="No two training lines of the text have a word in common: choose characters"):
        read_text(names, tokens="words")
    with pytest.raises(UserError, match="words or characters: 'letters' is no choice"):
        read_text(names, tokens="letters")


def test_no_line_is_in_two_splits_and_copies_stay_together():
    repeated = [line for number, line in enumerate(LINES) for _ in range(1 + number % 3)]
    data = read_text([*repeated, *(f" {line.replace(' ', '   ')} " for line in LINES)])
    splits = [{*sentences(data, part)} for part in PARTS]
    assert sum(map(len, splits)) == len(set().union(*splits)) == len(LINES)
    assert sum(len(getattr(data, part)) for part in PARTS) == len(repeated) + len(LINES)
    assert f"{len(repeated)} lines repeat another one" in said(data)


def test_rare_words_are_unknown_and_lines_that_become_equal_are_not_held_out():
    lines = [f"we saw {word} here" for word in [f"rare{number}" for number in range(60)]] + LINES
    data = read_text(lines)
    held = [row.numpy().tobytes() for part in ("val", "test") for row in getattr(data, part).x]
    assert not {row.numpy().tobytes() for row in data.train.x} & {*held} and not [*faults(data)]
    unknown = sum(int((getattr(data, part).x == UNKNOWN).sum()) for part in PARTS)
    assert "we saw <unknown> here" in sentences(data) and unknown
    assert "60 of 840 tokens (7.1%) are read as <unknown>: fewer than 2 training lines" in said(data)
    assert "such as rare" in said(data) and "different lines are left out of the validation and test splits" in said(
        data
    )


def test_a_column_of_a_table_with_labels(tmp_path):
    kinds = ["old", "young", "so-called"] * 20
    frame = pd.DataFrame({"id": range(60), "kind": kinds, "text": LINES, "longer": [line * 2 for line in LINES]})
    frame.loc[0, "text"] = None
    frame.to_csv(tmp_path / "a.csv", index=False, sep=";")
    data = own(tmp_path / "a.csv", label_column="kind")
    assert data.classes == ("old", "so-called", "young") and data.text_columns == ("text", "longer", "kind")
    for part in PARTS:
        for text, label in zip(sentences(data, part), getattr(data, part).labels.tolist(), strict=True):
            assert data.classes[label] in text
    assert "the column 'text'" in said(data) and "1 rows are left out: they have no text" in said(data)
    assert sentences(own(tmp_path / "a.csv", text_column="longer"))[0].count("The") == 2
    for settings, says in (
        ({"text_column": "id"}, r"'id' of a.csv holds no texts: .*\(text, longer, kind\)"),
        ({"text_column": "nothing"}, "'nothing' of a.csv holds no texts"),
        ({"label_column": "text"}, "both the texts and the labels"),
        ({"label_column": "longer"}, "cannot be the label"),
    ):
        with pytest.raises(UserError, match=says):
            own(tmp_path / "a.csv", **settings)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "a.csv", "a.csv")
    zipped = own(tmp_path / "a.zip", label_column="kind")
    assert torch.equal(zipped.train.x, data.train.x) and zipped.title == "a"


REFUSED = {
    "a.txt": (b"\0\1\2" * 99, "a.txt is no text"),
    "empty.txt": (b" \n \t\n", "empty.txt has no line of text"),
    "few.txt": (b"one line\nanother line\n" * 9, "few.txt has 2 different lines that can be used: give at least 10"),
    "numbers.csv": (
        b"a,b\n" + b"".join(b"%d,%d\n" % (i, i % 7) for i in range(30)),
        "'' of numbers.csv holds no texts",
    ),
    "no.zip": (b"PK", "no.zip is damaged"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_by_name(name, tmp_path):
    content, says = REFUSED[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=says):
        own(tmp_path / name)


def test_columns_of_lines_a_missing_file_and_a_target_are_refused(file):
    with pytest.raises(UserError, match=r"animals.txt is a text of lines, which has no columns"):
        own(file, text_column="text")
    with pytest.raises(UserError, match="There is no text at ''"):
        load(DataConfig(dataset="text"))
    with pytest.raises(UserError, match="choose grey"):
        own(file, target="static")
    with pytest.raises(UserError, match="A list of sentences has no columns"):
        read_text(LINES, label="kind")


def test_lines_that_are_too_long_are_left_out_and_counted(monkeypatch):
    marks = "a" + "\u0301\u0323" * 200_000  # composing it would take the square of its length
    data = read_text([*LINES, "word " * 64, "x " * 5000, marks])
    assert "1 lines are left out: they have more than 63 tokens" in said(data)
    assert "2 lines are left out: they have more than 2,000 characters" in said(data)
    assert "1 lines are left out: they have more than 127 tokens" in said(
        read_text([*LINES, "x" * 128], tokens="characters")
    )


@pytest.mark.parametrize(
    ("limit", "most", "says"),
    [
        ("TEXT_BYTES", 100, r"animals.txt is larger than it can rightly be \(.* at most 100\)"),
        ("TEXT_LINES", 50, "animals.txt has more than 50 lines"),
        ("DIFFERENT_WORDS", 5, "animals.txt has more than 5 different words"),
    ],
)
def test_limits_are_said(limit, most, says, file, monkeypatch):
    monkeypatch.setattr(limits, limit, most)
    with pytest.raises(UserError, match=says):
        own(file)


def test_only_the_most_frequent_words_are_known(file, monkeypatch):
    monkeypatch.setattr("vae_core.data.text.corpus.MOST_TOKENS", {True: 16, False: 16})
    data = own(file)
    words = data.vocabulary.words
    assert len(words) == 16 and {*words[:6]} == {"the", ",", ".", "is", "by", "The"} and {"old", "young"} <= {*words}
    assert "16 others are more frequent" in said(data)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a <unk> sat, <b>red</b> here", ["a", "<unk>", "sat", ",", "<b>", "red", "</b>", "here"]),
        ("1 < 3 > 2 <3", ["1", "<", "3", ">", "2", "<", "3"]),
        ("(<unknown>)", ["(", "<unknown>", ")"]),
    ],
)
def test_a_mark_in_angle_brackets_is_one_token_and_is_written_without_spaces(text, found):
    assert tokens(text, True) == found and tokens(written(found, True), True) == found
    assert written(tokens("the <unk> sat.", True), True) == "the <unk> sat."


@given(st.text(max_size=60))
def test_a_written_text_has_the_same_tokens_again(text):
    for spaced in (True, False):
        found = tokens(" ".join(text.split()), spaced)
        assert tokens(written(found, spaced), spaced) == found


@given(
    st.lists(
        st.sampled_from(["a", "b-c", ",", "(", ")", ".", "“", "$", "!", "—", "…", "<unknown>", "don't"]), max_size=12
    )
)
def test_a_written_row_of_tokens_is_read_as_the_same_row(words):
    vocabulary = Vocabulary(words=("a", "b-c", ",", "(", ")", ".", "“", "$", "!", "—", "…", "don't"))
    ids = vocabulary.ids([written(words, True)], 20)
    assert vocabulary.words_of(ids) == [words]


def test_text_is_written_as_usual():
    text = "“Well,” she said (to him), “it’s 50% of $3.14!”"
    assert written(tokens(text, True), True) == text
    assert tokens("the end <unknown>.", True) == ["the", "end", "<unknown>", "."]
