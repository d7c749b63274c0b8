"""The figures of a model of pairs: whether each part can be made of the other, and both of one code, on test pictures."""

import math
from collections.abc import Callable

from torch import Generator

from vae_core.data import Dataset
from vae_core.metrics.confidence_intervals import Estimate, share_of_true
from vae_core.metrics.pairs.coherence import joint_samples, pictures_from_words, words_from_pictures
from vae_core.metrics.pairs.judge import Judge
from vae_core.models.pairs.pair_vae import PairVAE

SAMPLES = 2000  # of the prior
SEEN = 150_000  # pictures that the judge learns from, each as often as it takes


def agreements(
    vae: PairVAE, data: Dataset, seed: int = 0, progress: Callable[[float], None] | None = None
) -> dict[str, Estimate]:
    """The shares of test pairs and of samples in which picture and words say the same, with every word right.

    A judge that learns from the training pictures says what a picture shows; its own share right on test pictures is among them.
    """
    noise, x, y = Generator().manual_seed(seed), data.test.x / 255, data.words_of(data.test)
    epochs = math.ceil(SEEN / len(data.train))
    judge = Judge(data.train.x, data.words_of(data.train), data.words, epochs, progress)
    known = data.words_of(data.train).unique(dim=0).tolist()
    joint = joint_samples(vae, SAMPLES, judge, known, noise)
    return {
        "words_right": words_from_pictures(vae, x, y).all,
        "pictures_right": pictures_from_words(vae, y, judge, noise).all,
        "samples_agree": joint.agreement.all,
        "sentences_exist": share_of_true(joint.exists),
        "judge_right": share_of_true((judge(x) == y).all(1)),
    }
