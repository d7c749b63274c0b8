"""Faults of data are found as they were put in, and each is mended by the setting that it names."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.data.base import Split
from vae_core.data.duplicates_and_imbalance import cleaned, faults
from vae_core.data.summary import summarise

DIGITS = load(DataConfig())


def rows(part: Split, kept: np.ndarray) -> Split:
    at = torch.from_numpy(np.flatnonzero(kept))
    return Split(part.x[at], part.labels[at])


def test_nothing_is_said_of_good_data():
    assert list(faults(DIGITS)) == []


def test_duplicates_are_counted_and_left_out():
    test = Split(
        torch.cat([DIGITS.test.x, DIGITS.train.x[:7]]), torch.cat([DIGITS.test.labels, DIGITS.train.labels[:7]])
    )
    (fault,) = faults(replace(DIGITS, test=test))
    assert "training split: 7. " in fault.sentence and fault.mend == {"without_duplicates": True}
    mended = cleaned(replace(DIGITS, test=test), DataConfig(**fault.mend))
    assert torch.equal(mended.test.x, DIGITS.test.x) and list(faults(mended)) == []


def test_unbalanced_classes_are_named_and_balanced():
    some = DIGITS.train.labels.numpy() != 3
    some[np.flatnonzero(~some)[:10]] = True
    uneven = replace(DIGITS, train=rows(DIGITS.train, some))
    (fault,) = faults(uneven)
    assert "10 of 3" in fault.sentence and fault.mend == {"balanced": True}
    mended = cleaned(uneven, DataConfig(**fault.mend))
    assert mended.train.labels.bincount().tolist() == [10] * 10 and list(faults(mended)) == []
    known = {one.numpy().tobytes() for one in uneven.train.x}
    assert all(one.numpy().tobytes() in known for one in mended.train.x)


def test_a_label_that_is_an_id_is_named():
    one_each = replace(DIGITS, train=rows(DIGITS.train, np.arange(len(DIGITS.train)) < 15))
    found = [fault for fault in faults(one_each) if "may be an id" in fault.sentence]
    assert found[0].sentence.startswith("There are 10 classes for 15 ") and found[0].mend == {}
    (fault,) = (fault for fault in faults(replace(one_each, label_columns=("a",))) if "may be an id" in fault.sentence)
    assert fault.mend == {"label_column": ""}


def test_pictures_of_many_sizes_are_mended_by_the_most_frequent_one(tmp_path: Path):
    dice = np.random.default_rng(0)
    for number in range(12):
        side = 20 if number < 8 else 90
        Image.fromarray(dice.integers(0, 256, (side, side), np.uint8)).save(tmp_path / f"{number}.png")
    config = DataConfig(dataset="pictures", path=str(tmp_path), size=32)
    (fault,) = faults(load(config))
    assert "2 different sizes, most often 20x20, then 90x90" in fault.sentence and fault.mend == {"size": 20}
    mended = load(config.replace(**fault.mend))
    assert mended.shape == (1, 20, 20)
    assert [again.mend for again in faults(mended)] == [{}]  # said again, for some are still resized


def test_one_class_is_named_without_a_remedy():
    (fault,) = faults(replace(DIGITS, classes=("all",), train=replace(DIGITS.train, labels=0 * DIGITS.train.labels)))
    assert "same label" in fault.sentence and fault.mend == {}


def test_the_summary_counts_what_there_is():
    found = summarise(DIGITS, examples=5)
    assert found.counts == (1257, 270, 270) and not found.is_points
    for label, one in enumerate(found.classes):
        assert one.name == str(label) and len(one.examples) == 5
        assert one.counts[0] == int((DIGITS.train.labels == label).sum())
        assert all(
            DIGITS.train.labels[(DIGITS.train.x.numpy() == x).all((1, 2, 3))].eq(label).all() for x in one.examples
        )
    assert found.shares.sum() == 1 and found.shares[0] > 0.3
    points = summarise(load(DataConfig(dataset="points", variant="gaussian")))
    assert points.is_points and points.classes[0].name == "" and points.counts == (4800, 600, 600)
