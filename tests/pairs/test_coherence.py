"""Coherence on a short training, and by judges whose answer is known."""

import pytest
import torch
from torch import Generator

from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.errors import UserError
from vae_core.metrics.pairs import agreements
from vae_core.metrics.pairs.coherence import joint_samples, pictures_from_words, words_from_pictures
from vae_core.metrics.pairs.judge import Judge
from vae_core.models.build import build
from vae_core.models.pairs.pair_vae import PairVAE
from vae_core.presets.build_run import build_run
from vae_core.training.events import Done
from vae_core.training.fit import fit

DIGITS = load(DataConfig())
X, Y = DIGITS.test.x / 255, DIGITS.words_of(DIGITS.test)


@pytest.fixture(scope="module")
def trained():
    run = build_run("mopoe", DataConfig(), DIGITS.shape, 10, hidden=(64,), latent_dim=8, epochs=60, precision="fp32")
    vae = build(run.model, 0)
    *_, done = fit(vae, DIGITS, run)
    assert isinstance(done, Done) and isinstance(vae, PairVAE)
    return vae.eval()


def nearest(x):
    """The digit whose training pictures' mean is nearest: a judge that never saw a made picture."""
    means = torch.stack([DIGITS.train.x[DIGITS.train.labels == digit].float().mean(0) / 255 for digit in range(10)])
    return torch.cdist(x.flatten(1), means.flatten(1)).argmin(1, keepdim=True)


def test_a_short_training_reads_and_draws_most_digits(trained):
    assert (nearest(X) == Y).float().mean() > 0.85
    read, drawn = words_from_pictures(trained, X, Y).all, pictures_from_words(trained, Y, nearest, noise()).all
    assert read.low > 0.75 and drawn.low > 0.5
    joint = joint_samples(trained, 500, nearest, [[digit] for digit in range(10)], noise())
    assert joint.exists.all() and joint.agreement.all.value > 0.3


def test_the_agreements_are_of_a_judge_that_learns_from_training_pictures(trained, monkeypatch):
    monkeypatch.setattr(agreements, "SEEN", 30_000)
    done = []
    found = agreements.agreements(trained, DIGITS, progress=done.append)
    assert done == sorted(done) and done[-1] == 1
    assert found["judge_right"].low > 0.9 and found["words_right"] == words_from_pictures(trained, X, Y).all
    assert found["pictures_right"].low > 0.5 and found["samples_agree"].value > 0.3
    assert found["sentences_exist"].value == 1
    again = agreements.agreements(trained, DIGITS)
    assert again == found  # the same pictures give the same judge


def test_a_judge_reads_few_pictures_of_any_size_and_colour():
    random = torch.Generator().manual_seed(0)
    pictures = torch.randint(0, 256, (20, 3, 13, 6), generator=random).byte()
    words = torch.arange(20)[:, None] % 2
    pictures[words[:, 0] == 1, 0] = 255
    assert torch.equal(Judge(pictures, words, (2,), 60)(pictures / 255), words)


def noise():
    return Generator().manual_seed(0)


def test_a_judge_that_is_always_right_or_never():
    run = build_run("mopoe", DataConfig(dataset="shapes"), (1, 32, 32), 3, hidden=(8,), words=(3, 2))
    vae, words = build(run.model, 0).eval(), torch.tensor([[0, 1], [2, 0], [1, 1]])
    assert isinstance(vae, PairVAE)
    right = pictures_from_words(vae, words, lambda x: words, noise())
    assert right.all.value == 1 and [one.value for one in right.each] == [1, 1]
    half = pictures_from_words(vae, words, lambda x: words + torch.tensor([0, 1]), noise())
    assert half.all.value == 0 and [one.value for one in half.each] == [1, 0]
    made = joint_samples(vae, 40, lambda x: torch.zeros(len(x), 2).long(), [], noise())
    z = vae.sample_prior(40, noise())
    read = vae.decode_words(z).mode
    assert made.agreement.all.value == pytest.approx((read == 0).all(1).float().mean().item()) and not made.exists.any()


def test_data_without_labels_or_with_other_words_are_refused():
    with pytest.raises(UserError, match="neither labels nor captions"):
        build_run("mopoe", DataConfig(), DIGITS.shape, 0)
    run = build_run("mopoe", DataConfig(), DIGITS.shape, 10, hidden=(8,), epochs=1, words=(3, 3))
    *_, last = fit(build(run.model, 0), DIGITS, run, folder=None)
    assert "set words to (10,)" in last.message
