"""The server's answer to a stage whose model no browser can run: the same numbers, worked out by torch."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from vae_core.explore.explorer import Explorer


def answer(model: Explorer, question: Mapping[str, Any]) -> dict[str, object] | None:
    """What the model says of `x` (flat, or absent) and `z` (L numbers, or absent: then the mean of q(z|x)).

    Gives lists: `mean`, `scale`, `z`, `out` (flat), and `distortion`, `rate`, `kl` in nats where x is there; None for a
    question that cannot be answered, since it comes from a browser.
    """
    x, z = (
        _numbers(question.get(name), size) for name, size in (("x", math.prod(model.shape)), ("z", model.latent_dim))
    )
    if x is None and z is None:
        return None
    classes = max(1, model.info.run.model.classes)
    label = int(np.clip(_number(question.get("label")), 0, classes - 1)) if model.conditional else None
    told: dict[str, object] = {"number": int(_number(question.get("number")))}
    if x is not None:
        picture = x.reshape(model.shape)
        mean, scale = model.encode(picture[None], label)
        z = mean[0] if z is None else z
        distortion, kl = model.terms(picture, z, label)
        told |= {"mean": mean[0].tolist(), "scale": scale[0].tolist(), "distortion": distortion}
        told |= {"kl": None if kl is None else kl.tolist(), "rate": None if kl is None else float(kl.sum())}
    assert z is not None
    return told | {"z": z.tolist(), "out": model.decode(z[None], label)[0].ravel().tolist()}


def _numbers(values: object, size: int) -> np.ndarray | None:
    if not isinstance(values, list) or len(values) != size or not all(isinstance(v, (int, float)) for v in values):
        return None
    array = np.array(values, np.float32)
    return array if np.isfinite(array).all() else None


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) and np.isfinite(value) else 0.0
