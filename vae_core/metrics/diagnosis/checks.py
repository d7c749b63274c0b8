"""Diagnosis of a training run: each check compares a figure with a threshold and says what it means and what to try.

A name in double quotes is the title of a field on the Train page, or of another page; a test checks that each exists.
"""

from collections.abc import Callable
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from vae_core.messages import Message
from vae_core.metrics.diagnosis.finding_and_evidence import DEAD, Columns, Evidence, Finding

COLLAPSED = 0.1  # nats of rate below which the posterior counts as collapsed
COVERAGE = 0.85  # share of codes with a prior sample nearby; 0.97 where prior and aggregate posterior agree
SPREAD = 1.5  # standard deviation of the codes in used dimensions, in units of the prior's
RISE, GAP = (
    0.1,
    0.2,
)  # rise of the validation loss, as a share of its fall; its distance to the training loss, as a share of that
FAST = 0.03  # above this learning rate, it is the first suspect
DIVERGED = 2.0  # a rise of the distortion by so many times its first value counts as divergence
FIXED = ("gaussian", "laplace", "log_cosh")  # likelihoods whose sigma is a setting


def diagnose(evidence: Evidence) -> tuple[Finding, ...]:
    """The findings of all CHECKS, most severe first; empty for a run without problems."""
    return tuple(finding for check in CHECKS.values() if (finding := check(evidence)))


def not_a_number(evidence: Evidence) -> Finding | None:
    """A term became NaN or infinite; the finding names the cause that the trainer identified."""
    return evidence.broken


def divergence(evidence: Evidence) -> Finding | None:
    """The distortion has risen far above its first value."""
    curve = _column(evidence.epochs, "train_distortion")
    first = min((float(c[0]) for c in (_column(evidence.steps, "train_distortion"), curve) if len(c)), default=0.0)
    if len(curve) < 2 or (now := _end_of(curve)) - first <= DIVERGED * max(1.0, abs(first)):
        return None
    return Finding(
        Message("divergence"),
        Message("distortion {now:.4g} nats per image, after {first:.4g} at first", now=now, first=first),
        Message("The steps are too large: the model gets worse, not better."),
        Message('Halve the "Learning rate" to {lr:g}, or set "Clip" to 1.', lr=evidence.run.train.lr / 2),
    )


def collapse(evidence: Evidence) -> Finding | None:
    """Posterior collapse: q(z|x) equals the prior for every x, so z carries no information."""
    if evidence.kl is None or (rate := float(evidence.kl.sum())) >= COLLAPSED:
        return None
    return Finding(
        Message("posterior collapse"),
        Message("rate {rate:.2g} nats per image", rate=rate),
        Message("The code carries no information: q(z|x) equals the prior for every image, and the decoder ignores z."),
        _alternatives([*_more_rate_advice(evidence), Message('Use narrower "Layers".')]),
    )


def dead_units(evidence: Evidence) -> Finding | None:
    """Dead units: some dimensions, but not all, have nearly no KL."""
    if evidence.kl is None or evidence.used is None or evidence.used.all() or evidence.kl.sum() < COLLAPSED:
        return None
    dead, total = int((~evidence.used).sum()), len(evidence.used)
    fewer = Message('A "Code size" of {total} is enough.', total=total - dead)
    fill = _more_rate_advice(evidence)
    return Finding(
        Message("dead units"),
        Message("{dead} of {total} dimensions below {limit} nats per image", dead=dead, total=total, limit=DEAD),
        Message("One dimension carries no information: with this weight of the rate, the model does not use it.")
        if dead == 1
        else Message(
            "{dead} dimensions carry no information: with this weight of the rate, the model does not use them.",
            dead=dead,
        ),
        Message("{fewer} To use all dimensions: {alternatives}", fewer=fewer, alternatives=_alternatives(fill))
        if fill
        else fewer,
    )


def prior_hole(evidence: Evidence) -> Finding | None:
    """Prior hole: the aggregate posterior and the prior lie in different regions."""
    if evidence.coverage is None or not evidence.coverage.high < COVERAGE:  # NaN: too few codes to say
        return None
    return Finding(
        Message("prior hole"),
        Message(
            "{value:.0%} of the codes have a prior sample nearby; 97% where prior and codes agree",
            value=evidence.coverage.value,
        ),
        Message(
            "Many samples of the prior lie where no image's code lies, so generated images are worse than reconstructions."
        ),
        _alternatives(
            [*_prior_advice(evidence), Message('Choose a mixture of normals as "Codes from" on the page "Generate".')]
        ),
    )


def overfitting(evidence: Evidence) -> Finding | None:
    """Overfitting: the validation loss rises while the training loss falls, or lies far above it."""
    val, train = _column(evidence.epochs, "val_loss"), _train_bound(evidence.epochs)
    if len(val) > 2 and len(val) == len(train):
        best, rise = int(val.argmin()), _end_of(val) - float(val.min())
        if rise > max(RISE * (val[0] - val.min()), 0.01 * abs(val.min())) and _end_of(train) < train[best]:
            return _overfit(
                Message(
                    "validation loss {end_of:.1f}, {rise:.1f} nats per image above its best, of epoch {epoch}",
                    end_of=_end_of(val),
                    rise=rise,
                    epoch=_epoch(evidence, best),
                )
            )
    if evidence.losses and evidence.losses[0].disjoint(evidence.losses[1]):
        before, after = evidence.losses[0].value, evidence.losses[1].value
    elif len(val) and len(train):
        before, after = _end_of(train), _end_of(val)
    else:
        return None
    fall = (
        float(val[0] - val.min()) if len(val) else 0.0
    )  # a density has no upper bound, so that the gap is also compared with this fall
    if after - before > GAP * max(1.0, abs(before), fall):
        return _overfit(
            Message(
                "{before:.1f} nats per image on training images, {after:.1f} on unseen ones", before=before, after=after
            )
        )
    return None


def _epoch(evidence: Evidence, index: int) -> int:
    """The number of the epoch at an index of the curve, which may be subsampled."""
    numbers = _column(evidence.epochs, "epoch")
    return int(numbers[index]) if index < len(numbers) else index + 1


def _overfit(figure: Message) -> Finding:
    return Finding(
        Message("overfitting"),
        figure,
        Message("Overfitting: the model memorises its training images and gets worse on others."),
        Message('Stop earlier with a "Patience" of 5, use narrower "Layers", or give more images.'),
    )


def beta_too_small(evidence: Evidence) -> Finding | None:
    """The codes spread far beyond the standard normal, because the weight of the rate is too small against the distortion."""
    if not evidence.has_beta or evidence.run.model.prior != "normal" or evidence.mean is None or evidence.scale is None:
        return None
    spread = np.sqrt(evidence.mean.var(0) + np.square(evidence.scale).mean(0))
    used = (
        evidence.used
        if evidence.used is not None and len(evidence.used) == len(spread) and evidence.used.any()
        else ...
    )
    if (wide := float(spread[used].mean())) <= SPREAD:
        return None
    beta = Message('Raise "Beta" to {weight:g}.', weight=max(1.0, 2 * evidence.weight))
    sigma = Message('Raise "Sigma", which lowers the weight of the distortion.')
    return Finding(
        Message("beta too small"),
        Message(
            "codes spread {wide:.3g} times as wide as the prior, beta {weight:g}", wide=wide, weight=evidence.weight
        ),
        Message("The weight of the rate is too small: codes lie where the prior has nearly no samples."),
        _alternatives([beta, sigma] if evidence.run.model.likelihood in FIXED else [beta]),
    )


def beta_too_large(evidence: Evidence) -> Finding | None:
    """The weight of the rate is so large that at least half of the dimensions are unused."""
    if (
        evidence.used is None
        or evidence.kl is None
        or evidence.weight <= 1
        or 2 * evidence.used.sum() > len(evidence.used)
    ):
        return None
    return Finding(
        Message("beta too large"),
        Message(
            "beta {beta:g}, {used} of {total} dimensions in use, rate {rate:.2g} nats per image",
            beta=evidence.weight,
            used=evidence.used.sum(),
            total=len(evidence.used),
            rate=evidence.kl.sum(),
        ),
        Message("The weight of the rate is so large that the code loses detail: images become blurred averages."),
        _alternatives([Message('Halve "Beta" to {weight:g}.', weight=evidence.weight / 2), *_warm_up_advice(evidence)]),
    )


def _more_rate_advice(evidence: Evidence) -> list[Message]:
    """Changes that raise the rate, among the settings that this objective has."""
    beta = [Message('Lower "Beta".')] if evidence.has_beta and evidence.weight > 0 else []
    return [
        *beta,
        *_warm_up_advice(evidence),
        *([Message('Set "Free bits" above 0.')] if hasattr(evidence.run.objective, "free_bits") else []),
    ]


def _warm_up_advice(evidence: Evidence) -> list[Message]:
    return (
        [Message('Set "KL warm-up" to linear.')]
        if getattr(evidence.run.objective, "kl_schedule", "") == "constant"
        else []
    )


def _prior_advice(evidence: Evidence) -> list[Message]:
    """Changes that bring the aggregate posterior and the prior closer, among the settings that this run has."""
    if evidence.run.model.posterior == "point" and evidence.run.objective.codes == "point":
        return [Message('Choose a VAE as "Kind of model".')]
    learnt = evidence.run.model.posterior == "normal" and not evidence.run.objective.needs_standard_normal
    return [
        *([Message('Raise "Beta".')] if evidence.has_beta else []),
        *([Message('Choose a mixture as "Prior".')] if learnt and evidence.run.model.prior != "mixture" else []),
    ]


def _alternatives(ways: list[Message]) -> Message:
    """Pieces of advice, each a sentence, as one text."""
    return reduce(lambda first, second: Message("{first} Or: {second}", first=first, second=second), ways)


def _end_of(curve: NDArray[np.float64]) -> float:
    """The final level of a curve (T,): the median of its last fifth, of three points at least, so that one outlier has no effect."""
    return float(np.median(curve[-max(3, len(curve) // 5) :]))


def _column(columns: Columns, name: str) -> NDArray[np.float64]:
    """The finite values of a curve, (T,)."""
    found = columns.get(name)
    return np.zeros(0) if found is None else found[np.isfinite(found)]


def _train_bound(epochs: Columns) -> NDArray[np.float64]:
    """-ELBO on the training images, (T,), which is comparable with val_loss for any objective."""
    distortion, rate = _column(epochs, "train_distortion"), _column(epochs, "train_rate")
    return distortion + rate if len(rate) == len(distortion) else distortion


CHECKS: dict[str, Callable[[Evidence], Finding | None]] = {
    "not a number": not_a_number,
    "divergence": divergence,
    "posterior collapse": collapse,
    "beta too large": beta_too_large,
    "beta too small": beta_too_small,
    "overfitting": overfitting,
    "prior hole": prior_hole,
    "dead units": dead_units,
}
