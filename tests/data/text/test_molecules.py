"""The data set `molecules`: what is read, what is left out and why, and a person's own files."""

import zipfile

import numpy as np
import pytest
import torch

from tests.helpers.molecule_helpers import EASY, NEEDS_EXTRA, without_libraries
from vae_core.axes.token_ids import END, PAD, UNKNOWN
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.data.text.molecule_files import read_smiles
from vae_core.data.text.molecules import BANDS, MOST_TOKENS
from vae_core.data.text.vocabulary import Vocabulary, lengths
from vae_core.errors import UserError
from vae_core.molecules.structures import canonical, measured, structure


def own(tmp_path, content: str, name: str = "mine.smi", **settings):
    (tmp_path / name).write_text(content)
    return load(DataConfig(dataset="molecules", path=str(tmp_path / name), **settings))


def test_without_the_libraries_the_command_is_said(monkeypatch):
    without_libraries(monkeypatch)
    with pytest.raises(UserError, match=r"pip install 'vae-explorer\[molecules\]'"):
        load(DataConfig(dataset="molecules"))


@pytest.fixture(scope="module")
def both():
    return [load(DataConfig(dataset="molecules", variant=variant)) for variant in ("selfies", "smiles")]


@NEEDS_EXTRA
def test_both_notations_have_the_same_molecules_each_in_one_split(both):
    texts = []
    for data in both:
        parts = (data.train, data.val, data.test)
        splits = [[canonical(structure(one)) for one in data.vocabulary.smiles(part.x.numpy())] for part in parts]
        assert len({*sum(splits, [])}) == sum(map(len, splits)) > 4000
        assert [len(part) for part in splits] == [len(part) for part in parts]
        texts.append(splits)
    assert texts[0] == texts[1]


@NEEDS_EXTRA
def test_rows_are_ids_with_one_end_and_no_unknown_token(both):
    for data in both:
        x = torch.cat([data.train.x, data.val.x, data.test.x]).numpy()
        assert x.dtype == np.int16 and not (x == UNKNOWN).any() and ((x == END).sum(1) == 1).all()
        assert x.max() == len(data.vocabulary) - 1 and lengths(x).max() <= MOST_TOKENS
        assert (x[np.arange(len(x)), lengths(x)] == END).all() and (
            (x == PAD).sum(1) + lengths(x) + 1 == x.shape[1]
        ).all()


@NEEDS_EXTRA
def test_the_label_is_the_band_of_logp(both):
    data = both[0]
    values = measured([structure(one) for one in data.vocabulary.smiles(data.test.x.numpy())], "logp")
    assert np.array_equal(np.digitize(values, BANDS), data.test.labels.numpy())
    assert data.classes[0] == "logP < 0" and data.classes[-1] == "logP ≥ 4" and len(data.classes) == len(BANDS) + 1


@NEEDS_EXTRA
def test_what_is_left_out_of_the_list_is_said(both):
    said = " ".join(both[0].notes)
    for why in (
        "no molecule that can be read",
        "several parts",
        "other atoms than B, C, N",
        f"more than {MOST_TOKENS} tokens",
    ):
        assert why in said


@NEEDS_EXTRA
def test_a_file_of_lines_is_read_and_what_cannot_be_used_is_counted(tmp_path):
    named = [f"{one} molecule {n}" for n, one in enumerate(EASY)]
    lines = ["smiles name", *named, "OC again", "CC.O salt", "[Fe] iron", "C(", "C" * 61]
    data = own(tmp_path, "\n".join(lines))
    assert sum(map(len, (data.train, data.val, data.test))) == len(EASY)
    assert [note.partition(" ")[0] for note in data.notes] == ["1"] * 5


@NEEDS_EXTRA
@pytest.mark.parametrize("name", ["mine.csv", "mine.tsv"])
def test_a_table_is_read_by_its_column_of_smiles(tmp_path, name):
    between = "," if name.endswith("csv") else "\t"
    rows = [
        between.join(("id", "SMILES", "activity")),
        *(between.join((str(n), one, "0.5")) for n, one in enumerate(EASY)),
    ]
    assert len(own(tmp_path, "\n".join(rows), name).train) == 64
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as archive:
        archive.write(tmp_path / name, name)
    assert read_smiles(tmp_path / "packed.zip") == (name, EASY)
    with pytest.raises(UserError, match="has no column called SMILES.* id, formula, activity"):
        own(tmp_path, "\n".join(rows).replace("SMILES", "formula"), name)


@NEEDS_EXTRA
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(UserError, match=r"Only 0 of the 80 molecules of mine.smi can be used: 80 lines are left out"):
        own(tmp_path, "\n".join(f"word{n}(" for n in range(80)))
    with pytest.raises(UserError, match="mine.smi has 3 molecules: give at least 10"):
        own(tmp_path, "C\nCC\nCCC")
    with pytest.raises(UserError, match="cannot be read"):
        load(DataConfig(dataset="molecules", path=str(tmp_path / "none.smi")))
    with pytest.raises(UserError, match="target 'static'"):
        load(DataConfig(dataset="molecules", target="static"))
    with pytest.raises(UserError, match="selfies or smiles: 'inchi' is no choice"):
        load(DataConfig(dataset="molecules", variant="inchi"))
    (tmp_path / "bytes.smi").write_bytes(bytes(range(256)) * 4)
    with pytest.raises(UserError, match="is no text"):
        load(DataConfig(dataset="molecules", path=str(tmp_path / "bytes.smi")))


@NEEDS_EXTRA
def test_too_many_molecules_are_refused_before_they_are_read(tmp_path):
    with pytest.raises(UserError, match="60,000 molecules, and at most 50,000 can be read"):
        own(tmp_path, "C\n" * 60_000)


def test_a_vocabulary_of_sentences_is_stored_as_before_and_read_without_a_notation():
    assert Vocabulary.parse({"words": ["a"], "spaced": True}) == Vocabulary(words=("a",))
    made = Vocabulary(words=("[C]", "[O]"), spaced=False, notation="selfies")
    assert made.ids(["[C][O][N]"], 5).tolist() == [[3, 4, UNKNOWN, END, PAD]]
