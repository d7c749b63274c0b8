"""Calls that people make of a VAE library, taken from public reports: each does what is meant, or is refused in one sentence."""

import re

import numpy as np
import pandas
import pytest
import torch
from torch.utils.data import DataLoader, Dataset, TensorDataset

from vae_core import VAE
from vae_core.data.own.dataset_from_arrays import from_arrays
from vae_core.errors import DataWarning, UserError
from vae_core.estimator import VAEEstimator

X, Y = torch.rand(60, 1, 28, 28, generator=torch.Generator().manual_seed(0)), torch.arange(60) % 10
SMALL = {"latent_dim": 2, "encoder_dims": [16]}
PIXELS = np.random.default_rng(0).integers(0, 255, (200, 20)).astype(float)
TINY = np.random.default_rng(0).normal(5e-10, 1e-10, (300, 1))
UNLIKE = np.hstack([TINY, TINY * 1e10])
NAN = torch.where(X > 0.999, torch.nan, X)
FRAME = pandas.DataFrame(X.flatten(1).numpy(), columns=[f"pixel{n}" for n in range(784)])


class Named(Dataset):
    def __len__(self):
        return 60

    def __getitem__(self, row):
        return {"image": X[row], "label": int(Y[row])}


def vae(**settings):
    return VAE(**SMALL, **settings)


def channel_means():
    """A red rectangle, with the channels last."""
    red = np.zeros((64, 28, 28, 3), np.uint8)
    red[:, 8:20, 2:12, 0] = 255
    return from_arrays(red, vae(in_channels=3).config).train.x[0].float().mean((1, 2)).tolist()


def brightest_of_black_and_white():
    return vae().fit((X > 0.5).byte(), epochs=3).generate(8).max().item()


def deviations():
    return VAEEstimator(max_iter=20, random_state=0).fit(UNLIKE).sample(500, 0).std(0)


def trains(data, **settings):
    return lambda: vae(**settings).fit(data, epochs=1).generate(2).shape == (2, 1, 28, 28)


TAKEN = {  # number: the call, what should come of it, and what is said
    1: (channel_means, lambda means: means == pytest.approx([39.03, 0, 0], abs=0.01), "taken as (N, H, W, C)"),
    3: (brightest_of_black_and_white, lambda white: 0.5 < white <= 1, "Values 0 and 1, taken as black and white."),
    6: (trains(torch.cat([X, torch.full_like(X[:1], 1.0000001)])), bool, "1.0000001"),
    7: (trains(DataLoader(Named(), 16)), bool, ""),
    8: (trains(TensorDataset(X, Y)), bool, ""),
    9: (trains((X, X)), bool, "held out for validation and test"),
    10: (trains((X, Y + 1), classes=10), bool, "the classes 1 to 10 by the numbers 0 to 9"),
    11: (trains((X, torch.eye(10)[Y]), classes=10), bool, "one-hot: 10 classes"),
    12: (trains((X, [f"d{label}" for label in Y])), bool, ""),
    14: (trains(X.numpy()[::-1]), bool, ""),
    15: (lambda: vae().reconstruct((X[:2] * 255).byte()).shape, lambda shape: shape == (2, 1, 28, 28), ""),
    16: (lambda: vae().reconstruct(X[:2].numpy()).shape, lambda shape: shape == (2, 1, 28, 28), ""),
    17: (lambda: vae()(X[:2]), lambda found: found.p.mean.shape == (2, 1, 28, 28) and found.z.shape == (2, 2), ""),
    18: (trains(FRAME), bool, ""),
    20: (deviations, lambda found: found == pytest.approx([1e-10, 1], rel=0.2), ""),
}
REFUSED = {
    2: (
        lambda: from_arrays(np.zeros((40, 28, 20), np.uint8), vae(image_size=(20, 28)).config),
        r"\(1, 20, 28\), these have \(28, 20\), with height and width exchanged",
    ),
    4: (lambda: from_arrays((X, Y.repeat(10)), vae(classes=10).config), "60 pictures but 600 labels"),
    5: (
        lambda: vae().fit(NAN, epochs=1),
        re.escape(f"holds nan at pixel {tuple(NAN.isnan().nonzero()[0, 1:].tolist())}"),
    ),
    13: (lambda: vae().fit(X[:0], epochs=1), "no picture"),
    19: (
        lambda: VAEEstimator(likelihood="bernoulli", max_iter=3, random_state=0).fit(PIXELS),
        "values from 0 to 1, those of X range from 0 to 254",
    ),
    21: (lambda: VAEEstimator(max_iter=20, learning_rate=1e3, random_state=0).fit(UNLIKE), "learning_rate=1000"),
    22: (lambda: VAEEstimator(batch_size=0).fit(UNLIKE), "batch_size is 0"),
}


def test_each_of_the_22_calls_is_here():
    assert sorted(TAKEN | REFUSED) == list(range(1, 23)) and not TAKEN.keys() & REFUSED.keys()


@pytest.mark.parametrize("number", TAKEN)
def test_what_can_be_meant_is_done_and_said(number, recwarn):
    call, right, said = TAKEN[number]
    torch.manual_seed(0)
    assert right(call())
    warnings = [str(warning.message) for warning in recwarn if warning.category is DataWarning]
    assert len(warnings) == bool(said) and said in "".join(warnings)


@pytest.mark.parametrize("number", REFUSED)
def test_what_cannot_be_meant_is_refused_in_a_sentence(number):
    call, said = REFUSED[number]
    with pytest.raises(UserError, match=said) as refusal:
        call()
    assert "\n" not in str(refusal.value) and str(refusal.value).endswith(".")
