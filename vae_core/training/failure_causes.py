"""Why a training's term is not a number: what can be found at the moment of failure, the surest evidence first."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from vae_core.config import TrainConfig
from vae_core.errors import UserError
from vae_core.metrics.diagnosis import FAST, FIXED, Finding
from vae_core.models.vae import VAE, evaluation
from vae_core.objectives import Terms
from vae_core.utils.finite import non_finite

FAR = 1e4  # data are a few units wide
HUGE = 1e3  # weights are below ten or so
THIN = 1e-4  # a sigma below it is on its way to zero


@dataclass(frozen=True)
class Cause:
    """`why` completes "since ...", `figure` shows it, `advice` says what to try; `kind` is one of those named in CHECKS."""

    kind: str
    why: str
    figure: str
    advice: str


@dataclass(frozen=True)
class FailureContext:
    """What is at hand when a term is no number: the model, its batch x (B, *shape) with labels y (B,), the base
    learning rate `lr`, whether it went `in_bf16`, and `again`, which works the terms out once more in fp32."""

    vae: VAE
    x: Tensor
    y: Tensor | None
    lr: float
    in_bf16: bool = False
    again: Callable[[], Terms] | None = None


class NotANumber(UserError):
    """A training ends since a term, or the weights, are no numbers any more; `finding` is what a doctor says of it."""

    def __init__(self, step: int, term: str, cause: Cause) -> None:
        lost = "are no longer numbers" if term.endswith("weights") else "is no longer a number"
        super().__init__(f"Step {step}: the {term} {lost}, since {cause.why} ({cause.figure}). {cause.advice}")
        self.cause = cause
        self.finding = Finding(
            "not a number",
            f"{term} at step {step}, {cause.figure}",
            f"{cause.why[0].upper()}{cause.why[1:]}, so the {term} {lost}.",
            cause.advice,
        )


def cause(scene: FailureContext) -> Cause:
    """The first cause that CHECKS find."""
    for check in CHECKS.values():
        if found := check(scene):
            return found
    return Cause(
        "unknown",
        "the training became unstable",
        f"learning rate {scene.lr:g}, {'bf16' if scene.in_bf16 else 'fp32'}",
        f'Halve the "Learning rate" to {scene.lr / 2:g} and set "Clip" to 1'
        + (', or choose fp32 as "Precision".' if scene.in_bf16 else "."),
    )


def _data(scene: FailureContext) -> Cause | None:
    largest = scene.x.abs().max().item()
    if largest <= FAR:
        return None
    why = non_finite(scene.x, "row") and "the data hold values that are no finite numbers"
    return Cause(
        "data",
        why or "the data reach far beyond a few units",
        f"largest value {largest:.3g}",
        "Leave such values out, or scale the data to a few units, and start again.",
    )


def _sigma(scene: FailureContext) -> Cause | None:
    config = scene.vae.config
    if config.sigma >= THIN or config.likelihood not in FIXED:
        return None
    advice = 'Raise "Sigma" towards 1 and start again.'
    return Cause("sigma", "sigma is too small", f"sigma {config.sigma:g}", advice)


def _learning_rate(scene: FailureContext) -> Cause | None:
    if scene.lr <= FAST:
        return None
    return Cause(
        "learning rate",
        "the learning rate is far too large",
        f"learning rate {scene.lr:g}",
        f'Set "Learning rate" to {TrainConfig().lr:g} and start again.',
    )


def _weights(scene: FailureContext) -> Cause | None:
    largest = max((p.detach().abs().max().item() for p in scene.vae.parameters()), default=0.0)
    if largest <= HUGE:
        return None
    return Cause(
        "weights",
        "the steps were too large, and the weights ran away",
        f"largest weight {largest:.3g}, learning rate {scene.lr:g}",
        f'Halve the "Learning rate" to {scene.lr / 2:g}, set "Clip" to 1, and start again.',
    )


def _precision(scene: FailureContext) -> Cause | None:
    if not scene.in_bf16 or scene.again is None or not all(map(_is_finite, _scalars(scene.again()))):
        return None
    return Cause(
        "precision",
        "bf16 rounds too coarsely for this model",
        "the same step in fp32 is finite",
        'Choose fp32 as "Precision" and start again.',
    )


def _scale(scene: FailureContext) -> Cause | None:
    log_sigma = getattr(scene.vae.likelihood, "log_sigma", None)
    if log_sigma is None or (smallest := log_sigma.detach().exp().min().item()) >= THIN:
        return None
    advice = 'Choose gaussian as "Likelihood", whose sigma is fixed, or add noise to the data, and start again.'
    return Cause("scale", "the learnt sigma shrank towards zero", f"sigma {smallest:.2g}", advice)


def _code(scene: FailureContext) -> Cause | None:
    y = None if scene.y is None else scene.y.clamp(min=0)  # -1 is a label that is not told
    with evaluation(scene.vae):
        mean = scene.vae.encode(scene.x, y).mean
    largest = mean.abs().max().item()
    if largest <= FAR:
        return None
    return Cause(
        "code",
        "the encoder threw an image's code far away",
        f"largest number of a code {largest:.3g}",
        'Set "Clip" to 1, add "Warm-up steps", and start again.',
    )


def _scalars(terms: Terms) -> list[Tensor]:
    return [term for term in (terms.loss, terms.distortion, terms.rate, terms.critic_loss) if term is not None]


def _is_finite(value: Tensor) -> bool:
    return bool(torch.isfinite(value).all())


CHECKS: dict[str, Callable[[FailureContext], Cause | None]] = {
    "data": _data,
    "sigma": _sigma,
    "learning rate": _learning_rate,
    "weights": _weights,
    "precision": _precision,
    "scale": _scale,
    "code": _code,
}
