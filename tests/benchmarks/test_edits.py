"""The shares that the benchmark of edits prints, with judges whose answers are known."""

import re

import numpy as np
import pytest
import torch
from torch import Tensor

from benchmarks.edits import CANDIDATES, Judged, flipped, kept, report
from vae_core import checkpoints
from vae_core.data import load
from vae_core.explore.explorer import Explorer

CHECKPOINT = checkpoints.load(checkpoints.bundled() / "digits-vae-2d")
DATA = load(CHECKPOINT.info.run.data)


def always(pictures: Tensor) -> Tensor:
    """A judge that says 0 to every picture."""
    return torch.zeros(len(pictures), 1).long()


MEANS = torch.stack([DATA.train.x[DATA.train.labels == k].float().mean(0) for k in range(10)]).flatten(1) / 255


def nearest_mean(pictures: Tensor) -> Tensor:
    """A judge that says the class whose mean training picture is nearest."""
    return torch.cdist(pictures.flatten(1), MEANS).argmin(1, keepdim=True)


def test_a_judge_that_always_says_the_same_gives_its_own_share():
    judged = Judged(Explorer(CHECKPOINT), always, DATA)
    way = CANDIDATES["difference of means (used)"]
    assert flipped(judged, DATA.train, DATA.val, way, (1.0,)) == pytest.approx([9 / 90])
    ((share, change),) = kept(judged, DATA.train, DATA.val, "ink", (0.0,))
    assert share == pytest.approx((DATA.val.labels == 0).float().mean().item()) and change == 0


@pytest.mark.parametrize("name", CANDIDATES)
def test_every_candidate_leads_towards_the_other_class(name):
    judged = Judged(Explorer(CHECKPOINT), nearest_mean, DATA)
    none, one = flipped(judged, DATA.train, DATA.val, CANDIDATES[name], (0.0, 1.0))
    assert none < 0.06 and one > 0.3 > 2 * none
    assert np.isfinite([none, one]).all()


def test_directions_of_training_codes_and_of_test_codes_stand_side_by_side(capsys):
    judged = Judged(Explorer(CHECKPOINT), nearest_mean, DATA)
    report(judged)
    _, head, *lines = capsys.readouterr().out.splitlines()
    assert head.index("training codes") < head.index("test codes") and len(lines) == 3 + 4 * 2
    shares = [[float(share) / 100 for share in re.findall(r"(\d+\.\d)%[ ,]", line)] for line in lines]
    assert all(len(both) == 2 for both in shares)
    for column, learnt in enumerate((DATA.train, DATA.test)):
        found = flipped(judged, learnt, DATA.test, CANDIDATES["difference of means (used)"], (1.5,))
        assert shares[1][column] == pytest.approx(found[0], abs=6e-4)
