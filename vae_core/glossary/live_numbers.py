"""LIVE: the values that a term may name in its live sentence, each read from what an opened model knows of itself."""

import re
from collections.abc import Callable, Mapping

import numpy as np

from vae_core.explore.explorer import Explorer
from vae_core.lessons.quantities import Value
from vae_core.metrics.figures import score

NAMED = re.compile(r"\{([^{}]*)\}")
Measure = Callable[[Explorer], Value]


def _figure(name: str) -> Measure:
    return lambda model: model.info.figures.get(name)


def _spread(model: Explorer) -> float | None:
    return None if model.info.run.model.posterior == "point" else float(model.latents.scale.mean())


def _log_variance(model: Explorer) -> float | None:
    if model.info.run.model.posterior == "point":
        return None
    return float(2 * np.log(np.maximum(model.latents.scale, 1e-6)).mean())


# name -> (how the number is written, where it is from)
LIVE: dict[str, tuple[str, Measure]] = {
    "rate": ("{:.1f}", _figure("rate")),
    "distortion": ("{:.1f}", _figure("distortion")),
    "elbo": ("{:.1f}", _figure("elbo")),
    "score": ("{:.1f}", lambda model: score(model.info.figures)[1]),
    "nll": ("{:.1f}", _figure("nll")),
    "bits per dimension": ("{:.2f}", _figure("bits_per_dim")),
    "squared error": ("{:.3f}", _figure("mse")),
    "active units": ("{:.0f}", _figure("active_units")),
    "numbers": ("{:.0f}", lambda model: model.latent_dim),
    "sigma": ("{:.2f}", _spread),
    "log variance": ("{:.1f}", _log_variance),
    "reach": ("{:.1f}", lambda model: float(np.linalg.norm(model.latents.mean, axis=1).max())),
    "inputs": ("{:,.0f}", lambda model: int(np.prod(model.shape))),
    "test examples": ("{:,.0f}", lambda model: len(model.latents.mean)),
    "weights": ("{:,.0f}", lambda model: model.parameters),
    "beta": ("{:g}", lambda model: getattr(model.info.run.objective, "beta", None)),
    "learning rate": ("{:g}", lambda model: model.info.run.train.lr),
    "batch": ("{:,.0f}", lambda model: model.info.run.train.batch_size),
    "epochs": ("{:,.0f}", lambda model: model.info.training.get("epochs")),
    "steps": ("{:,.0f}", lambda model: model.info.training.get("steps")),
    "seconds": ("{:,.0f}", lambda model: model.info.training.get("seconds")),
    "likelihood": ("{}", lambda model: model.info.run.model.likelihood.replace("_", " ")),
    "prior": ("{}", lambda model: model.info.run.model.prior.replace("_", " ")),
}


def live_sentence(sentence: str, model: Explorer, translated: Callable[[str], str] = str) -> str:
    """The sentence with the model's values; "" where the model has no such value, as a plain autoencoder has no rate."""
    values = {name: LIVE[name][1](model) for name in NAMED.findall(sentence)}
    return "" if None in values.values() else _filled(sentence, values, translated)


def _filled(sentence: str, values: Mapping[str, Value], translated: Callable[[str], str]) -> str:
    for name, value in values.items():
        written = translated(value) if isinstance(value, str) else LIVE[name][0].format(value).replace("-", "\u2212")
        sentence = sentence.replace("{" + name + "}", written)
    return sentence
