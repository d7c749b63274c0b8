"""Finds why a training produced NaN or infinity, so that the failure message can name the cause and the setting to change."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from vae_core.config import TrainConfig
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.metrics.diagnosis.checks import FAST, FIXED
from vae_core.metrics.diagnosis.finding_and_evidence import Finding
from vae_core.models.vae import VAE, evaluation
from vae_core.objectives import Terms
from vae_core.utils.finite_checks import describe_non_finite

LARGE_VALUE = 1e4  # of an input or a code: scaled data and their codes are a few units wide
LARGE_WEIGHT = 1e3  # weights of a healthy model are below about 10
SMALL_SIGMA = 1e-4  # a likelihood's standard deviation below it is collapsing to zero


@dataclass(frozen=True)
class Cause:
    """`why` and `advice` are whole sentences, `figure` is the number that shows the cause, `kind` is its key in CHECKS."""

    kind: str
    why: Message
    figure: Message
    advice: Message


@dataclass(frozen=True)
class FailureContext:
    """What the checks may inspect: the model, its batch x (B, *shape) with labels y (B,), the base learning rate `lr`,
    whether the step ran `in_bf16`, and `recompute`, which computes the terms again in fp32."""

    vae: VAE
    x: Tensor
    y: Tensor | None
    lr: float
    in_bf16: bool = False
    recompute: Callable[[], Terms] | None = None


# Terms of the loss and figures; others are called by their names.
TERMS = {
    str(term): term for term in (Message("loss"), Message("rate"), Message("distortion"), Message("critic's loss"))
}
OF_A_SPLIT = {"validation": Message("validation images' {term}"), "test": Message("test images' {term}")}
WEIGHTS = Message("weights")


def name_of(term: str, split: str = "") -> Message:
    """A term of the loss, or of the figures of a split ("validation" or "test"), as sentences call it."""
    named = TERMS.get(term, Message("{name}", name=term))
    return Message(OF_A_SPLIT[split], term=named) if split else named


class NotANumber(UserError):
    """The training ended because a term of the loss or the weights are NaN or infinite; `finding` is its diagnosis."""

    def __init__(self, step: int, term: Message, cause: Cause) -> None:
        if term == WEIGHTS:
            lost = Message("the weights are no longer numbers")
        else:
            lost = Message("the {term} is no longer a number", term=term)
        parts = {"step": step, "lost": lost, "figure": cause.figure, "why": cause.why, "advice": cause.advice}
        super().__init__(Message("Step {step}: {lost} ({figure}). {why} {advice}", **parts))
        self.finding = Finding(
            Message("not a number"),
            Message("{term} at step {step}, {figure}", term=term, step=step, figure=cause.figure),
            Message("{why} As a result, {lost}.", why=cause.why, lost=lost),
            cause.advice,
        )


def find_cause(context: FailureContext) -> Cause:
    """The first cause that CHECKS confirm, in their order: those with the surest evidence come first."""
    for check in CHECKS.values():
        if found := check(context):
            return found
    halve = Message('Halve the "Learning rate" to {lr:g} and set "Clip" to 1.', lr=context.lr / 2)
    fp32 = Message('Choose fp32 as "Precision".')
    return Cause(
        "unknown",
        Message("The training became unstable."),
        Message("learning rate {lr:g}, {precision}", lr=context.lr, precision="bf16" if context.in_bf16 else "fp32"),
        Message("{first} Or: {second}", first=halve, second=fp32) if context.in_bf16 else halve,
    )


def _data(context: FailureContext) -> Cause | None:
    largest = context.x.abs().max().item()
    if largest <= LARGE_VALUE:
        return None
    infinite = describe_non_finite(context.x, Message("row"))
    return Cause(
        "data",
        Message("The data contain NaN or infinity.")
        if infinite
        else Message("The data contain values far beyond a few units."),
        Message("largest value {largest:.3g}", largest=largest),
        Message(
            'Look at the values on the page "Data". Leave such values out, or scale the data to a few units, and start again.'
        ),
    )


def _sigma(context: FailureContext) -> Cause | None:
    config = context.vae.config
    if config.sigma >= SMALL_SIGMA or config.likelihood not in FIXED:
        return None
    advice = Message('Raise "Sigma" towards 1 and start again.')
    return Cause("sigma", Message("Sigma is too small."), Message("sigma {sigma:g}", sigma=config.sigma), advice)


def _learning_rate(context: FailureContext) -> Cause | None:
    if context.lr <= FAST:
        return None
    return Cause(
        "learning rate",
        Message("The learning rate is far too large."),
        Message("learning rate {lr:g}", lr=context.lr),
        Message('Set "Learning rate" to {lr:g} and start again.', lr=TrainConfig().lr),
    )


def _weights(context: FailureContext) -> Cause | None:
    largest = max((p.detach().abs().max().item() for p in context.vae.parameters()), default=0.0)
    if largest <= LARGE_WEIGHT:
        return None
    return Cause(
        "weights",
        Message("The update steps were too large, so the weights diverged."),
        Message("largest weight {largest:.3g}, learning rate {lr:g}", largest=largest, lr=context.lr),
        Message('Halve the "Learning rate" to {lr:g}, set "Clip" to 1, and start again.', lr=context.lr / 2),
    )


def _precision(context: FailureContext) -> Cause | None:
    if not context.in_bf16 or context.recompute is None or not all(map(_is_finite, _scalars(context.recompute()))):
        return None
    return Cause(
        "precision",
        Message("The bf16 format rounds too coarsely for this model."),
        Message("the same step in fp32 is finite"),
        Message('Choose fp32 as "Precision" and start again.'),
    )


def _scale(context: FailureContext) -> Cause | None:
    log_sigma = getattr(context.vae.likelihood, "log_sigma", None)
    if log_sigma is None or (smallest := log_sigma.detach().exp().min().item()) >= SMALL_SIGMA:
        return None
    advice = Message(
        'Choose gaussian as "Likelihood", whose sigma is fixed, or add noise to the data, and start again.'
    )
    return Cause(
        "scale",
        Message("The learnt sigma shrank towards zero."),
        Message("sigma {smallest:.2g}", smallest=smallest),
        advice,
    )


def _code(context: FailureContext) -> Cause | None:
    y = None if context.y is None else context.y.clamp(min=0)  # -1 marks an unlabelled image
    with evaluation(context.vae):
        mean = context.vae.encode(context.x, y).mean
    largest = mean.abs().max().item()
    if largest <= LARGE_VALUE:
        return None
    return Cause(
        "code",
        Message("The encoder gives an image a code that is far too large."),
        Message("largest number of a code {largest:.3g}", largest=largest),
        Message('Set "Clip" to 1, add "Warm-up steps", and start again.'),
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
