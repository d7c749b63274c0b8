"""The study of pairs: its judge reads real pictures, its bars are all to be reached, and its figures agree with each other."""

import pytest
import torch

from benchmarks.studies.base import Setting
from benchmarks.studies.pairs import DRAWN, MNIST_BARS, READ, measure, reached
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.metrics.pairs.judge import Judge


def test_the_judge_reads_real_pictures_that_it_has_not_seen():
    data = load(DataConfig())
    judge = Judge(data.train.x, data.words_of(data.train), data.words, 20)
    assert (judge(data.test.x / 255) == data.words_of(data.test)).float().mean() > 0.9


def test_each_bar_must_be_reached():
    values = {name: [bar + 1] for name, bar in MNIST_BARS.items()}
    assert reached(MNIST_BARS)(values).reached
    missed = reached(MNIST_BARS)(values | {DRAWN: [90.0]})
    assert not missed.reached and f"{DRAWN} 5.0 below" in missed.distance and f"{READ} 1.0 above" in missed.distance


def test_all_words_right_is_rarer_than_each(tmp_path):
    recipe = {"preset": "mopoe", "precision": "fp32", "epochs": 1}
    found = measure(Setting(tmp_path, tmp_path, quick=True), recipe, "shapes").test
    for way in (READ, DRAWN):
        each = [found[f"{way}, {word}"] for word in ("size", "shape", "turn", "height", "side")]
        assert 0 <= found[way] <= min(each) and max(each) > 0
    assert (
        found["-joint bound"] == pytest.approx(found["-joint bound by the picture"], rel=0.5)
        and torch.isfinite(torch.tensor(list(found.values()))).all()
    )
