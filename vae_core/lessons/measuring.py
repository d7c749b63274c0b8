"""The values of QUANTITIES that belong to a model, to one of its codes or images, and to a decoded picture."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vae_core.explore.aggregate_posterior import log_aggregate_posterior
from vae_core.explore.explorer import Explorer
from vae_core.explore.loaded_model import Images
from vae_core.explore.nearest_codes import Codes, nearest_codes
from vae_core.lessons.quantities import OF_A_MODEL, Value
from vae_core.utils.lazy import Lazy, torch, without_gradient

if TYPE_CHECKING:
    from vae_core.metrics.samples import features
else:
    features = Lazy("vae_core.metrics.samples.features")

DIGITS = 10  # the classifier's first classes
SEEN = 10  # drawings of a digit that count as drawn
RECOGNISED = 1000  # test images, of which the share is measured
CLEAR = 0.9  # how sure the classifier is of a clear drawing


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
        "reach": float(np.linalg.norm(model.latents.mean, axis=1).max()),
    }
    return {names[name]: value for name, value in found.items()}


def cloud_size(scale: NDArray[np.float32]) -> float:
    """The mean standard deviation of q(z|x) over images and dimensions."""
    return float(scale.mean())


@without_gradient
def digit_probabilities(images: Images) -> NDArray[np.float32]:
    """The bundled classifier's probabilities of the ten digits, (N, 10), of pictures (N, C, H, W) in [0, 1]."""
    logits = features.bundled()(features.grey28(torch.from_numpy(np.array(images, np.float32))))
    return torch.softmax(logits[:, :DIGITS], 1).numpy()


def recognised(model: Explorer) -> float:
    """The share of RECOGNISED test digits that the classifier reads as their label after the model has drawn them again."""
    codes, labels = model.latents.mean[:RECOGNISED], model.latents.labels[:RECOGNISED]
    read = digit_probabilities(model.decode(codes, labels if model.conditional else None)).argmax(1)
    return float((read == labels).mean())


def share_kept(model: Explorer, sigmas: float, seed: int = 0) -> float:
    """The share of RECOGNISED test digits that read from a draw as from the mean; draws are `sigmas` times as wide as q(z|x)."""
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


def neighbours_alike(model: Explorer, k: int = 10) -> float:
    """The share of the k nearest codes of a test image's code that have its class, over RECOGNISED images."""
    codes, labels = model.latents.mean, model.latents.labels
    near = np.stack([nearest_codes(codes, z, k + 1)[1:] for z in codes[:RECOGNISED]])
    return float((labels[near] == labels[:RECOGNISED, None]).mean())


def of_random_codes(model: Explorer, seed: int = 0) -> tuple[int, float | None]:
    """Of RECOGNISED codes of a standard normal: how many digits are read at least SEEN times, and how often the told class is read.

    A conditional model is told the ten classes in turn; for others the second value is None.
    """
    z = np.random.default_rng(seed).standard_normal((RECOGNISED, model.latent_dim)).astype(np.float32)
    told = np.arange(RECOGNISED) % DIGITS
    read = digit_probabilities(model.decode(z, told if model.conditional else None)).argmax(1)
    count = int((np.bincount(read, minlength=DIGITS) >= SEEN).sum())
    return count, float((read == told).mean()) if model.conditional else None


def share_clear(model: Explorer, z: Codes) -> float:
    """The share of codes (N, L) in whose drawings the classifier is at least CLEAR sure of a digit."""
    told = np.arange(len(z)) % DIGITS
    sure = digit_probabilities(model.decode(z, told if model.conditional else None)).max(1)
    return float((sure >= CLEAR).mean())


def of_code(model: Explorer, z: Codes, start: Codes | None, label: int | None) -> dict[str, Value]:
    """What lies at z (L,): its distance, and of pictures what the decoder draws there; `start` is z as the step began."""
    found: dict[str, Value] = {
        "z": "(" + ", ".join(f"{v:.2f}".replace("-", "\u2212") for v in z[:2]) + (", …)" if len(z) > 2 else ")"),
        "distance of z": float(np.linalg.norm(z)),
    }
    found["hole"] = hole(model, z)
    codes = model.latents.mean
    found["gap"] = float(np.linalg.norm(codes - z, axis=1).min() / max(float(codes.std(0).mean()), 1e-6))
    begun = start if start is not None and len(start) == len(z) else None
    found["way of z"] = None if begun is None else float(np.linalg.norm(z - begun))
    if model.info.run.model.kind != "picture":
        return found
    pictures = model.decode(z[None] if begun is None else np.stack([z, begun]), label)
    probabilities = digit_probabilities(pictures[:1])[0]
    found |= {"decoded class": int(probabilities.argmax()), "certainty": float(probabilities.max())}
    found["change of picture"] = None if begun is None else float(np.abs(pictures[0] - pictures[1]).mean())
    return found


def hole(model: Explorer, z: Codes) -> float | None:
    """ln p(z) - ln q(z) in nats at z (L,); None for a model whose prior is no standard normal or whose q(z|x) is no normal."""
    if (model.info.run.model.posterior, model.info.run.model.prior) != ("normal", "normal"):
        return None
    log_prior = -0.5 * (float(z @ z) + len(z) * np.log(2 * np.pi))
    return float(log_prior - log_aggregate_posterior(model.latents.mean, model.latents.scale, z))


def mean_code(model: Explorer, label: int) -> Codes | None:
    """The mean code (L,) of a class's test images; None where there are none."""
    rows = model.latents.mean[model.latents.labels == label]
    return np.asarray(rows.mean(0)) if len(rows) else None
