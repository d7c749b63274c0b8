"""The values of QUANTITIES that belong to a model, to one of its codes or images, and to a decoded picture."""

import numpy as np
import torch
from numpy.typing import NDArray

from vae_core.explore.explorer import Explorer, Images
from vae_core.explore.nearest_codes import Codes
from vae_core.lessons.quantities import OF_A_MODEL, Value
from vae_core.metrics.samples.features import bundled, grey28

DIGITS = 10  # the classifier's first classes
RECOGNISED = 1000  # test images, of which the share is measured


def of_model(model: Explorer | None, whose: str) -> dict[str, Value]:
    """The figures of a model with "model", "other" or "run" in front; all None where there is no model."""
    names = {name: f"{whose} {name}" for name in OF_A_MODEL}
    if model is None:
        return dict.fromkeys(names.values())
    figures = model.info.figures
    distortion, rate = figures.get("distortion"), figures.get("rate")
    found: dict[str, Value] = {
        "distortion": distortion,
        "rate": rate,
        "loss": None if distortion is None or rate is None else float(distortion) + float(rate),
        "cloud size": cloud_size(model.latents.scale),
        "active numbers": figures.get("active_units"),
        "numbers": model.latent_dim,
    }
    return {names[name]: value for name, value in found.items()}


def cloud_size(scale: NDArray[np.float32]) -> float:
    """The mean standard deviation of q(z|x) over images and dimensions."""
    return float(scale.mean())


@torch.inference_mode()
def digit_probabilities(images: Images) -> NDArray[np.float32]:
    """The bundled classifier's probabilities of the ten digits, (N, 10), of pictures (N, C, H, W) in [0, 1]."""
    logits = bundled()(grey28(torch.from_numpy(np.array(images, np.float32))))
    return torch.softmax(logits[:, :DIGITS], 1).numpy()


def recognised(model: Explorer) -> float | None:
    """The share of RECOGNISED test digits that the classifier reads as their label after the model has drawn them again."""
    if model.info.run.data.dataset not in ("mnist", "digits"):
        return None
    codes, labels = model.latents.mean[:RECOGNISED], model.latents.labels[:RECOGNISED]
    read = digit_probabilities(model.decode(codes, labels if model.conditional else None)).argmax(1)
    return float((read == labels).mean())


def share_kept(model: Explorer, sigmas: float, seed: int = 0) -> float | None:
    """The share of RECOGNISED test digits that read from a draw as from the mean; draws are `sigmas` times as wide as q(z|x)."""
    if model.info.run.data.dataset not in ("mnist", "digits"):
        return None
    mean, scale, labels = (
        part[:RECOGNISED] for part in (model.latents.mean, model.latents.scale, model.latents.labels)
    )
    noise = np.random.default_rng(seed).standard_normal(mean.shape).astype(np.float32)
    label = labels if model.conditional else None
    read = [
        digit_probabilities(model.decode(z, label)).argmax(1) for z in (mean, mean + np.float32(sigmas) * scale * noise)
    ]
    return float((read[0] == read[1]).mean())


def inner_and_outer(model: Explorer) -> tuple[float, float]:
    """`cloud_size` of the tenth of the test images nearest to the origin, and of the tenth farthest from it."""
    order = np.argsort(np.linalg.norm(model.latents.mean, axis=1))
    tenth = max(1, len(order) // 10)
    return cloud_size(model.latents.scale[order[:tenth]]), cloud_size(model.latents.scale[order[-tenth:]])


def slow_figures(model: Explorer) -> dict[str, Value]:
    """The values that take up to a second: they are worth a cache."""
    inner, outer = inner_and_outer(model)
    return {
        "model recognised": recognised(model),
        "kept at one sigma": share_kept(model, 1.0),
        "kept at three sigma": share_kept(model, 3.0),
        "inner cloud size": inner,
        "outer cloud size": outer,
    }


SLOW = ("model recognised", "kept at one sigma", "kept at three sigma", "inner cloud size", "outer cloud size")


def of_code(model: Explorer, z: Codes, start: Codes | None, label: int | None) -> dict[str, Value]:
    """What lies at z (L,): its distance, and of pictures what the decoder draws there; `start` is z as the step began."""
    found: dict[str, Value] = {
        "z": "(" + ", ".join(f"{v:.2f}".replace("-", "\u2212") for v in z[:2]) + (", …)" if len(z) > 2 else ")"),
        "distance of z": float(np.linalg.norm(z)),
    }
    begun = start if start is not None and len(start) == len(z) else None
    found["way of z"] = None if begun is None else float(np.linalg.norm(z - begun))
    if model.info.run.model.kind != "picture":
        return found
    pictures = model.decode(z[None] if begun is None else np.stack([z, begun]), label)
    probabilities = digit_probabilities(pictures[:1])[0]
    found |= {"decoded class": int(probabilities.argmax()), "certainty": float(probabilities.max())}
    found["change of picture"] = None if begun is None else float(np.abs(pictures[0] - pictures[1]).mean())
    return found


def mean_code(model: Explorer, label: int) -> Codes | None:
    """The mean code (L,) of a class's test images; None where there are none."""
    rows = model.latents.mean[model.latents.labels == label]
    return np.asarray(rows.mean(0)) if len(rows) else None
