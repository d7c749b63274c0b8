"""Captions of a person's own pictures: the words that differ, or the columns of a list; learnt, kept and read again."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.helpers.data_helpers import zipped
from tests.helpers.made_pictures import png_files
from vae_core import checkpoints
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.data.own_caption import LONGEST_CAPTION, OwnCaption, of_captions, of_columns
from vae_core.errors import UserError
from vae_core.models.build import build
from vae_core.models.pairs.pair_vae import PairVAE
from vae_core.presets.build_run import build_run
from vae_core.training.fit import fit

SIZES, COLOURS, GROUNDS = ("small", "large"), ("red", "green", "blue"), ("red", "white")
SAID = [
    f"A {SIZES[i % 2]} circle, {COLOURS[i % 3]}, on {GROUNDS[i % 5 % 2]}." for i in range(60)
]  # two words may have the same value


def pictures(**lists: str) -> dict[str, bytes]:
    return png_files([f"{i:02d}.png" for i in range(60)]) | {name: text.encode() for name, text in lists.items()}


def captioned(tmp_path: Path, rows: list[str], header: str) -> DataConfig:
    files = pictures(**{"list.csv": "\n".join([header, *(f"{i:02d}.png,{row}" for i, row in enumerate(rows))])})
    return DataConfig(dataset="pictures", path=str(zipped(tmp_path / "mine.zip", files)))


def test_captions_are_read_where_they_differ(tmp_path):
    data = load(captioned(tmp_path, [f'"{text}"' for text in SAID], "file,caption"))
    assert data.words == (2, 3, 2) and data.classes == () and data.factor_names == ()
    assert any("such as 'A" in str(note) for note in data.notes)
    said = [
        data.caption.phrase(row) for part in (data.train, data.val, data.test) for row in data.words_of(part).tolist()
    ]
    assert sorted(said) == sorted(SAID)
    for text in {*SAID}:
        assert data.caption.phrase(data.caption.parse(text.upper())) == text


def test_the_columns_of_a_list_are_words_unless_they_are_numbers_or_all_different(tmp_path):
    rows = [f"{SIZES[i % 2]},{COLOURS[i % 3]},{i % 4},id{i}" for i in range(60)]
    data = load(captioned(tmp_path, rows, "file,size,hair colour,count,id"))
    assert [word.en for word in data.caption.words] == [("large", "small"), ("blue", "green", "red")]
    assert data.caption.phrase((1, 2)) == "small, red" and data.words == (2, 3)
    told = [str(note) for note in data.notes]
    assert "Each picture has 2 words, one of each of the columns size, hair colour." in told
    assert "Columns without words, since all their cells are numbers: count." in told
    assert "Columns without words, since nearly all cells of each are different: id." in told


def test_a_column_with_an_empty_cell_is_named_with_its_first_line(tmp_path):
    rows = [f"{SIZES[i % 2]},{COLOURS[i % 3]},{GROUNDS[i % 5 % 2]}" for i in range(60)]
    for i in (41, 17):
        rows[i] = f"{SIZES[i % 2]}, ,{GROUNDS[i % 5 % 2]}"
    lines = [f"{i:02d}.png,{row}" for i, row in enumerate(rows)]
    text = "\n".join(
        ["file,size,colour,ground", *lines[40:], "", *lines[:40]]
    )  # pictures in another order, and an empty line
    for used, header in ((2, "file,size,colour,ground"), (0, "file,label,colour")):
        cells = [line if used else ",".join(line.split(",")[:3]) for line in text.splitlines()[1:]]
        files = pictures(**{"list.csv": "\n".join([header, *cells])})
        data = load(DataConfig(dataset="pictures", path=str(zipped(tmp_path / "mine.zip", files))))
        assert len(data.words if data.own_caption else ()) == used
        (told,) = [str(note) for note in data.notes if "gives no words" in str(note)]
        assert "column colour" in told and "(2, the first in line 3 of list.csv)" in told


def test_a_list_of_labels_says_nothing_of_words(tmp_path):
    rows = [f"{COLOURS[i % 3]},{'' if i else 'a note'},{i}" for i in range(60)]
    data = load(captioned(tmp_path, rows, "file,label,note,id"))
    assert data.classes == ("blue", "green", "red") and not any("words" in str(note) for note in data.notes)


def test_a_caption_that_is_empty_is_named_by_its_line(tmp_path):
    rows = [f'"{text}"' for text in SAID]
    rows[7] = ""
    with pytest.raises(UserError, match=r"list.csv has no caption in line 9: write one"):
        load(captioned(tmp_path, rows, "file,caption"))
    data = load(captioned(tmp_path, [f"{row},{'ab'[i % 2]}" for i, row in enumerate(rows)], "file,caption,class"))
    assert data.own_caption is None and any("no caption in line 9" in str(note) for note in data.notes)
    assert data.classes == ("a", "b")


def test_one_column_or_captions_that_do_not_fit_are_no_words(tmp_path):
    assert of_columns(["size"], [["a", "b"] * 5]).words is None
    data = load(captioned(tmp_path, ["a red car" if i % 2 else "a car" for i in range(60)], "file,caption"))
    assert data.own_caption is None and any("2 to 3 words" in str(note) for note in data.notes)
    named = load(captioned(tmp_path, ["cat" if i % 2 else "dog" for i in range(60)], "file,text"))
    assert named.own_caption is None and named.classes == ("cat", "dog")  # a column of one word each is the label


@pytest.mark.parametrize(
    ("captions", "why"),
    [
        (["a b", "a c"], "differ in 1 places"),
        ([f"word{i} is n{i}" for i in range(200)], "differ in 2 places"),
        ([" ".join("ab"[i % 2] for i in range(LONGEST_CAPTION + 1))] * 2, f"at most {LONGEST_CAPTION}"),
    ],
)
def test_captions_that_a_model_cannot_say_are_refused(captions, why):
    with pytest.raises(UserError, match=why):
        of_captions(captions)


def test_a_model_of_captioned_pictures_keeps_its_words(tmp_path):
    config = captioned(tmp_path, [f'"{text}"' for text in SAID], "file,caption")
    data = load(config)
    run = build_run("mopoe", config, data.shape, 0, hidden=(16,), latent_dim=4, epochs=2, **data.layout_settings)
    *_, done = fit(build(run.model, 0), data, run, folder=tmp_path / "model")
    assert done.kind == "done"
    found = checkpoints.load(tmp_path / "model")
    assert isinstance(found.vae, PairVAE) and found.info.own_caption == data.own_caption
    y = data.words_of(data.test)
    with torch.inference_mode():
        assert found.vae.decode_words(found.vae.encode({"words": y}).mean).mode.shape == y.shape
    path = tmp_path / "model" / "run.json"
    record = json.loads(path.read_text())
    for wrong in (
        None,
        {**record["caption"], "pattern": "{word_2.__class__} {word_4} {word_6}"},
        {**record["caption"], "values": [["a"], ["b", "c"], ["d", "e"]]},
        {**record["caption"], "values": [["a", "b"]] * 3},
    ):
        path.write_text(json.dumps(record | {"caption": wrong}))
        with pytest.raises(UserError, match="words"):
            checkpoints.info(path.parent)


def test_braces_in_a_caption_are_text():
    found, values = of_captions([f"{{0.real}} {a} {{x}} {b}" for a in "pq" for b in "rs"])
    assert found.caption.phrase(values[0]) == "(0.real) p (x) r"
    with pytest.raises(UserError, match="braces"):
        OwnCaption(pattern="{a} {b} {}", names=("a", "b"), values=(("c", "d"),) * 2)
    assert np.array_equal(np.unique(values, axis=0), values)
