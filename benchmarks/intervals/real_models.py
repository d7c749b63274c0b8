"""Cases with real models: test images are drawn from a large set, and measured by the code of the command line and the pages."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import torch
from torch import Generator

from benchmarks.intervals.count_coverage import Case
from vae_core import checkpoints
from vae_core.config import DataConfig, ModelConfig
from vae_core.data import Dataset, Split, load
from vae_core.metrics import Estimate, evaluate
from vae_core.metrics.report import Subject, measure
from vae_core.models.build import build
from vae_core.models.posteriors import sample
from vae_core.models.vae import VAE

GROUPS = ("bound", "prior", "split", "reconstruction", "use", "compression", "samples")


def rows(part: Split, kept: torch.Tensor) -> Split:
    return Split(part.x[kept], part.labels[kept], None if part.factors is None else part.factors[kept])


@cache
def sprites() -> tuple[VAE, Dataset]:
    """The bundled model of sprites and its data."""
    checkpoint = checkpoints.load(checkpoints.bundled() / "shapes-beta-10d")
    return checkpoint.vae, load(checkpoint.info.run.data)


def test_images_drawn(data: Dataset, count: int, seed: int) -> Dataset:
    """`count` test images, drawn from the training split without its first 1,000 images, on which classifiers are trained."""
    many = torch.randperm(len(data.train) - 1000, generator=Generator().manual_seed(seed))[:count] + 1000
    return replace(data, train=rows(data.train, torch.arange(1000)), test=rows(data.train, many))


def report(count: int, groups: tuple[str, ...] = GROUPS) -> Case:
    """All groups of figures of the sprites' model except disentanglement, which synthetic codes cover."""

    def found(seed: int) -> dict[str, Estimate]:
        vae, data = sprites()
        subject = Subject(vae, test_images_drawn(data, count, seed), seed=seed)
        return {each.figure: each.estimate for each in measure(subject, groups) if each.figure and each.estimate}

    return Case(f"{count} of 17,432 sprites, the bundled model", found, repetitions=60)


def points(count: int, nll_samples: int = 5, **axes: Any) -> Case:
    """The ELBO of an untrained model of the data set moons, whose KL has no closed form, and its importance-weighted likelihood."""
    vae = build(ModelConfig(shape=(2,), latent_dim=2, hidden=(16,), likelihood="gaussian", **axes), seed=0)

    def found(seed: int) -> dict[str, Estimate]:
        test = load(DataConfig(dataset="points", seed=seed)).train
        figures = evaluate(vae, rows(test, torch.arange(count)), nll_samples=nll_samples, seed=seed)
        names = ("elbo", "distortion", "rate", "nll", "mse")
        return {name: _estimate(figures, name) for name in names if figures[name] is not None}

    what = f"{count} points, an untrained model with {', '.join(map(str, axes.values()))}"
    return Case(what, found, {"rate": rate_of(vae)})


@torch.no_grad()
def rate_of(vae: VAE, many: int = 30) -> float:
    """The mean rate over `many` data sets of points, each with its own noise."""
    means = []
    for seed in range(1_000_000, 1_000_000 + many):
        x = load(DataConfig(dataset="points", seed=seed)).train.x
        q = vae.encode(x)
        z = sample(q, Generator().manual_seed(seed))
        means.append((q.log_prob(z) - vae.prior().log_prob(z)).mean().item())
    return sum(means) / many


def errors(count: int) -> Case:
    """The error of an untrained semi-supervised model's classifier."""
    _, data = sprites()
    config = ModelConfig(shape=data.shape, latent_dim=2, hidden=(8,), classes=3, classifier="mlp")
    vae = build(config, seed=0)

    def found(seed: int) -> dict[str, Estimate]:
        subject = Subject(vae, test_images_drawn(data, count, seed), seed=seed)
        return {
            each.figure: each.estimate
            for each in measure(subject, ("use",))
            if each.figure == "error" and each.estimate
        }

    return Case(f"{count} of 17,432 sprites, an untrained classifier", found)


def _estimate(figures: dict[str, Any], name: str) -> Estimate:
    value, margin = figures[name], figures[f"{name}_margin"]
    half = math.nan if margin is None else margin
    return Estimate(value, value - half, value + half)


QUICK: dict[str, Callable[[], Case]] = {
    "rate": lambda: points(3000, 0, prior="mixture", components=5),
}


def cases() -> dict[str, list[Case]]:
    """All cases of this file by their data."""
    return {
        "points": [
            points(200, prior="flow"),
            points(1200, prior="vamp", components=5),
            points(3000, prior="mixture", components=5),
            points(200, posterior="planar"),
        ],
        "sprites": [report(300), report(1000, ("bound", "split", "samples")), errors(300)],
    }
