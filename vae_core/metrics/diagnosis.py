"""What is wrong with a run, by its own figures: each check sees one number, and says what it means and what to try.

A name in double quotes is that of a field on the Train page, or of another page; a test holds that each of them is there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vae_core.metrics.confidence_intervals import Estimate
from vae_core.presets.run_config import RunConfig

Array = NDArray[np.floating]
Columns = Mapping[str, NDArray[np.float64]]

DEAD = 0.01  # nats: a dimension that carries less is not in use
COLLAPSED = 0.1  # nats: a code that carries less than this in all says nothing of its image
COVERAGE = 0.85  # share of codes' neighbourhoods that prior samples reach; 0.97 where the two agree
SPREAD = 1.5  # deviation of the codes in use, in units of the prior's
RISE, GAP = 0.1, 0.2  # of the validation loss's whole fall; of the training loss
FAST = 0.03  # a learning rate above it is the first suspect
DIVERGED = 2.0  # a distortion that rose by so many times its start has run away
WITH_BETA = ("elbo", "beta", "tc")  # objectives whose beta is what a code costs
FIXED = ("gaussian", "laplace", "log_cosh")  # likelihoods whose sigma is a setting


@dataclass(frozen=True)
class Finding:
    """`name` of what is wrong, the `figure` that shows it, a `sentence` that says what it means, and `advice` what to try."""

    name: str
    figure: str
    sentence: str
    advice: str


@dataclass(frozen=True)
class Evidence:
    """All that a check may look at; what is not known is empty or None, and the checks that need it are silent.

    `steps`, `epochs`: a run's curves (T,) by name, as in runs.curves. `broken`: what a failed training found out. `beta`: the knob,
    where it was turned. `kl` (L,): nats per dimension. `mean`, `scale` (N, L): q(z|x) of the test images. `coverage`: what share of
    the codes the prior reaches. `losses`: -ELBO (or the distortion) of training and of unseen images.
    """

    run: RunConfig
    steps: Columns = field(default_factory=dict)
    epochs: Columns = field(default_factory=dict)
    broken: Finding | None = None
    beta: float | None = None
    kl: Array | None = None
    mean: Array | None = None
    scale: Array | None = None
    coverage: Estimate | None = None
    losses: tuple[Estimate, Estimate] | None = None

    @property
    def has_beta(self) -> bool:
        """Whether the objective has a beta that a code's cost is multiplied by."""
        return self.run.objective.name in WITH_BETA

    @property
    def weight(self) -> float:
        """The weight of the rate in the end: the knob's, the objective's beta, or 1."""
        if not self.has_beta:
            return 1.0
        return float(self.beta if self.beta is not None else getattr(self.run.objective, "beta", 1.0))

    @property
    def used(self) -> NDArray[np.bool_] | None:
        """Which dimensions carry something, (L,)."""
        return None if self.kl is None else self.kl > DEAD


def diagnose(evidence: Evidence) -> tuple[Finding, ...]:
    """The findings of all CHECKS, worst first; none for a healthy run."""
    return tuple(finding for check in CHECKS.values() if (finding := check(evidence)))


def not_a_number(evidence: Evidence) -> Finding | None:
    """A term that is no longer a number, with the cause that was found at that moment."""
    return evidence.broken


def divergence(evidence: Evidence) -> Finding | None:
    """The distortion has risen far above where it began."""
    curve = _column(evidence.epochs, "train_distortion")
    first = min((float(c[0]) for c in (_column(evidence.steps, "train_distortion"), curve) if len(c)), default=0.0)
    if len(curve) < 2 or (now := _end_of(curve)) - first <= DIVERGED * max(1.0, abs(first)):
        return None
    return Finding(
        "divergence",
        f"distortion {now:.4g} nats, after {first:.4g} at first",
        "The steps are too large: the model gets worse, not better.",
        f'Halve the "Learning rate" to {evidence.run.train.lr / 2:g}, or set "Clip" to 1.',
    )


def collapse(evidence: Evidence) -> Finding | None:
    """The posterior has become the prior: z knows nothing of x."""
    if evidence.kl is None or (rate := float(evidence.kl.sum())) >= COLLAPSED:
        return None
    return Finding(
        "posterior collapse",
        f"rate {rate:.2g} nats per image",
        "The code carries nothing: q(z|x) is the prior for every image, and the decoder ignores z.",
        _join_with_or([*_more_rate_advice(evidence), 'Use narrower "Layers"']),
    )


def dead_units(evidence: Evidence) -> Finding | None:
    """Some dimensions, but not all, carry nothing."""
    if evidence.kl is None or evidence.used is None or evidence.used.all() or evidence.kl.sum() < COLLAPSED:
        return None
    dead, total = int((~evidence.used).sum()), len(evidence.used)
    fill = _join_with_or(_more_rate_advice(evidence))
    return Finding(
        "dead units",
        f"{dead} of {total} dimensions below {DEAD} nats",
        f"{'One dimension carries' if dead == 1 else f'{dead} dimensions carry'} nothing; the model found no use for "
        f"{'it' if dead == 1 else 'them'} at this price.",
        f'Nothing is lost with a "Code size" of {total - dead}' + (f". To fill the others: {fill}" if fill else "."),
    )


def prior_hole(evidence: Evidence) -> Finding | None:
    """The codes of images and the prior's samples lie in different places."""
    if evidence.coverage is None or not evidence.coverage.high < COVERAGE:  # NaN: too few codes to say
        return None
    return Finding(
        "prior hole",
        f"the prior reaches {evidence.coverage.value:.0%} of the codes' neighbourhoods, where 97% would be agreement",
        "Samples fall where no image's code lies, so generated pictures are worse than reconstructions.",
        _join_with_or([*_prior_advice(evidence), 'Choose a mixture of normals as "Codes from" on the page "Generate"']),
    )


def overfitting(evidence: Evidence) -> Finding | None:
    """The loss on unseen images rises while that on training images falls, or lies far above it."""
    val, train = _column(evidence.epochs, "val_loss"), _train_bound(evidence.epochs)
    if len(val) > 2 and len(val) == len(train):
        best, rise = int(val.argmin()), _end_of(val) - float(val.min())
        if rise > max(RISE * (val[0] - val.min()), 0.01 * abs(val.min())) and _end_of(train) < train[best]:
            return _overfit(
                f"validation loss {_end_of(val):.1f}, {rise:.1f} nats above its best after epoch {_epoch(evidence, best)}"
            )
    if evidence.losses and evidence.losses[0].disjoint(evidence.losses[1]):
        before, after = evidence.losses[0].value, evidence.losses[1].value
    elif len(val) and len(train):
        before, after = _end_of(train), _end_of(val)
    else:
        return None
    fall = (
        float(val[0] - val.min()) if len(val) else 0.0
    )  # where a density has no upper end, nats say little by their size
    if after - before > GAP * max(1.0, abs(before), fall):
        return _overfit(f"{before:.1f} nats on training images, {after:.1f} on unseen ones")
    return None


def _epoch(evidence: Evidence, index: int) -> int:
    """The number of the epoch at a place of the curve, which may be thinned."""
    numbers = _column(evidence.epochs, "epoch")
    return int(numbers[index]) if index < len(numbers) else index + 1


def _overfit(figure: str) -> Finding:
    return Finding(
        "overfitting",
        figure,
        "The model learns its training images by heart: what it gains there it loses elsewhere.",
        'Stop earlier with a "Patience" of 5, use narrower "Layers", or give more images.',
    )


def beta_too_small(evidence: Evidence) -> Finding | None:
    """The codes spread out far beyond the standard normal, because the rate costs too little against the distortion."""
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
    raised = ', or "Sigma", which weighs the distortion less.' if evidence.run.model.likelihood in FIXED else "."
    return Finding(
        "beta too small",
        f"codes spread {wide:.1f} times as wide as the prior, beta {evidence.weight:g}",
        "The rate costs too little: codes wander off to where the prior never samples.",
        (f'Raise "Beta" to {max(1.0, 2 * evidence.weight):g}') + raised,
    )


def beta_too_large(evidence: Evidence) -> Finding | None:
    """The rate costs so much that half of the code or more is given up."""
    if (
        evidence.used is None
        or evidence.kl is None
        or evidence.weight <= 1
        or 2 * evidence.used.sum() > len(evidence.used)
    ):
        return None
    return Finding(
        "beta too large",
        f"beta {evidence.weight:g}, {int(evidence.used.sum())} of {len(evidence.used)} dimensions in use, "
        f"rate {evidence.kl.sum():.2g} nats",
        "The rate costs so much that the model gives up detail: pictures turn into averages.",
        _join_with_or([f'Halve "Beta" to {evidence.weight / 2:g}', *_warm_up_advice(evidence)]),
    )


def _more_rate_advice(evidence: Evidence) -> list[str]:
    """What lets a code carry more, of that which this objective has."""
    beta = ['Lower "Beta"'] if evidence.has_beta and evidence.weight > 0 else []
    return [
        *beta,
        *_warm_up_advice(evidence),
        *(['Give some "Free bits"'] if hasattr(evidence.run.objective, "free_bits") else []),
    ]


def _warm_up_advice(evidence: Evidence) -> list[str]:
    return ['Set "KL warm-up" to linear'] if getattr(evidence.run.objective, "kl_schedule", "") == "constant" else []


def _prior_advice(evidence: Evidence) -> list[str]:
    """What brings codes and prior together, of that which this run has."""
    if evidence.run.model.posterior == "point" and evidence.run.objective.codes == "point":
        return ['Choose a VAE as "Kind of model"']
    learnt = evidence.run.model.posterior == "normal" and not evidence.run.objective.needs_standard_normal
    return [
        *(['Raise "Beta"'] if evidence.has_beta else []),
        *(['Choose a mixture as "Prior"'] if learnt and evidence.run.model.prior != "mixture" else []),
    ]


def _join_with_or(ways: list[str]) -> str:
    """Ways out as one sentence, or nothing."""
    if not ways:
        return ""
    ways = [ways[0], *(way[0].lower() + way[1:] for way in ways[1:])]
    return (", ".join(ways[:-1]) + ", or " if len(ways) > 1 else "") + ways[-1] + "."


def _end_of(curve: NDArray[np.float64]) -> float:
    """Where a curve (T,) has come to: the median of its last fifth, three points at least, so that one epoch says nothing."""
    return float(np.median(curve[-max(3, len(curve) // 5) :]))


def _column(columns: Columns, name: str) -> NDArray[np.float64]:
    """A curve's known values, (T,)."""
    found = columns.get(name)
    return np.zeros(0) if found is None else found[np.isfinite(found)]


def _train_bound(epochs: Columns) -> NDArray[np.float64]:
    """-ELBO on the training images, (T,): comparable with val_loss whatever the objective weighs."""
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
