"""The server's answer to a stage whose model no browser can run: the same numbers, worked out by torch."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from vae_core.explore.explorer import Explorer


def answer(model: Explorer, question: Mapping[str, Any]) -> dict[str, object] | None:
    """What the model says of `x` (flat, or absent) and `z` (L numbers, or absent: then the mean of q(z|x)).

    Gives lists: `mean`, `scale`, `z`, `out` (flat), and `distortion`, `rate`, `kl` in nats where x is there; None for a
    question that cannot be answered, since it comes from a browser. Of a pair `said` is the value of each word, which stand beside x or
    in its place, and `words` of the answer are the probabilities of all values.
    """
    x, z = (
        _numbers(question.get(name), size) for name, size in (("x", math.prod(model.shape)), ("z", model.latent_dim))
    )
    said = _words(question.get("said"), model.info.run.model.words)
    if x is None and z is None and said is None:
        return None
    classes = max(1, model.info.run.model.classes)
    label = int(np.clip(_number(question.get("label")), 0, classes - 1)) if model.conditional else None
    told: dict[str, object] = {"number": int(_number(question.get("number")))}
    if x is not None or said is not None:
        picture = None if x is None else x.reshape(model.shape)
        mean, scale = model.posterior(picture, label, said)
        z = mean if z is None else z
        distortion, kl = model.terms(picture, z, label, said)
        told |= {"mean": mean.tolist(), "scale": scale.tolist(), "distortion": distortion}
        told |= {"kl": None if kl is None else kl.tolist(), "rate": None if kl is None else float(kl.sum())}
    assert z is not None
    if model.info.caption is not None:
        told["words"] = np.concatenate(model.words(z[None]), 1)[0].tolist()
    return told | {"z": z.tolist(), "out": model.decode(z[None], label)[0].ravel().tolist()}


def _words(values: object, sizes: Sequence[int]) -> list[int] | None:
    """The value of each word; None where they are absent or not those of the model."""
    if not isinstance(values, list) or len(values) != len(sizes) or not sizes:
        return None
    fits = all(type(v) is int and 0 <= v < size for v, size in zip(values, sizes, strict=True))
    return values if fits else None


def _numbers(values: object, size: int) -> np.ndarray | None:
    if not isinstance(values, list) or len(values) != size or not all(isinstance(v, (int, float)) for v in values):
        return None
    array = np.array(values, np.float32)
    return array if np.isfinite(array).all() else None


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) and np.isfinite(value) else 0.0
