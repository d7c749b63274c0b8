"""One sentence on an experiment, drawn from the figures of its models: it says what they show, whichever way that is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import torch

from vae_core.experiments.catalogue import Experiment
from vae_core.explore.explorer import Explorer
from vae_core.messages import Message
from vae_core.metrics.figures import margin_key
from vae_core.metrics.samples.precision_recall_kid import manifolds

CODES = 1000  # test images whose codes are looked at for the coverage
WORDS = {  # figure -> what it is called within a sentence
    "distortion": Message("the distortion"),
    "rate": Message("the rate"),
    "mse": Message("the squared error of a pixel"),
    "prior_coverage": Message("the share of codes with a sample nearby"),
    "used": Message("numbers in use"),
}


@dataclass(frozen=True)
class Measured:
    """A model of an experiment: its title, `size` numbers of its code, and its figures by key; `margins` are half 95 % intervals."""

    title: str
    size: int
    figures: dict[str, float | None]
    margins: dict[str, float | None]


def measured(title: str, model: Explorer, seed: int = 0) -> Measured:
    """The figures of a model on its test images."""
    known = model.info.figures
    figures = {key: known.get(key) for key in ("distortion", "rate", "mse")}
    margins = {key: known.get(margin_key(key)) for key in figures}
    found = _coverage(model, seed)
    figures |= {"used": known.get("active_units"), "prior_coverage": found[0]}
    return Measured(title, model.latent_dim, figures, margins | {"prior_coverage": found[1]})


def _coverage(model: Explorer, seed: int) -> tuple[float, float]:
    """The share of codes with a sample of the model's sampler nearby, and half its interval (Naeem et al. 2020, arXiv:2002.09797)."""
    mean, scale = model.latents.mean[:CODES], model.latents.scale[:CODES]
    z = mean + scale * np.random.default_rng(seed).standard_normal(mean.shape).astype(np.float32)
    samples = model.prior_samples(len(z), seed)
    found = manifolds(torch.from_numpy(z), torch.from_numpy(samples)).coverage
    return found.value, found.margin


def sentence(experiment: Experiment, models: Sequence[Measured]) -> Message:
    """The sentence on the models of an experiment, which are in the order of its arms."""
    clauses = [found for key in experiment.figures if (found := _clause(experiment, key, models)) is not None]
    said = reduce(lambda one, other: Message("{one}; {other}", one=one, other=other), clauses)
    if not experiment.ordered:
        return Message("On the same test images: {clauses}.", clauses=said)
    return Message("From {first} to {last}: {clauses}.", first=models[0].title, last=models[-1].title, clauses=said)


def _clause(experiment: Experiment, key: str, models: Sequence[Measured]) -> Message | None:
    """What one figure shows; None where fewer than two models have it."""
    known = [model for model in models if model.figures.get(key) is not None]
    if len(known) < 2:
        return None
    if key == "used":
        return _used([known[0], known[-1]] if experiment.ordered else known)
    return _change(key, known[0], known[-1]) if experiment.ordered else _extremes(key, known)


def _change(key: str, first: Measured, last: Measured) -> Message:
    before, after = first.figures[key] or 0.0, last.figures[key] or 0.0
    said = {"figure": WORDS[key], "before": _value(key, before), "after": _value(key, after)}
    if _alike(key, first, last):
        return Message("{figure} hardly changed ({before} and {after})", **said)
    if after < before:
        return Message("{figure} fell from {before} to {after}", **said)
    return Message("{figure} rose from {before} to {after}", **said)


def _extremes(key: str, models: Sequence[Measured]) -> Message:
    low, *_, high = sorted(models, key=lambda model: model.figures[key] or 0.0)
    ends = {"low": _value(key, low.figures[key] or 0.0), "high": _value(key, high.figures[key] or 0.0)}
    said = {"figure": WORDS[key], "least": low.title, "most": high.title, **ends}
    if _alike(key, low, high):
        return Message("{figure} is about the same for all ({low} to {high})", **said)
    if len(models) == 2:
        return Message("{figure} is {low} for {least} and {high} for {most}", **said)
    return Message("{figure} is lowest for {least} ({low}) and highest for {most} ({high})", **said)


def _used(models: Sequence[Measured]) -> Message:
    parts = [
        Message("{used:.0f} of {size} for {model}", used=model.figures["used"], size=model.size, model=model.title)
        for model in models
    ]
    return Message("{figure}: {parts}", figure=WORDS["used"], parts=reduce(_listed, parts))


def _listed(one: Message, other: Message) -> Message:
    return Message("{one}, {other}", one=one, other=other)


def _alike(key: str, one: Measured, other: Measured) -> bool:
    """Whether two values differ by no more than the intervals of both together allow, or are written the same."""
    values = [model.figures[key] or 0.0 for model in (one, other)]
    margin = math.hypot(*(model.margins.get(key) or 0.0 for model in (one, other)))
    return abs(values[0] - values[1]) <= margin or str(_value(key, values[0])) == str(_value(key, values[1]))


def _value(key: str, value: float) -> Message:
    if key == "prior_coverage":
        return Message("{value:.0%}", value=value)
    return Message("{value:.4f}", value=value) if key == "mse" else Message("{value:.1f} nats", value=value)
