"""What is wrong with a run, by its own figures: each check sees one number, and says what it means and what to try."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vae_core.config import RunConfig
from vae_core.metrics.estimates import Estimate

Array = NDArray[np.floating]
Columns = Mapping[str, NDArray[np.float64]]

DEAD = 0.01  # nats: a dimension that carries less is not in use
COLLAPSED = 0.1  # nats: a code that carries less than this in all says nothing of its image
COVERAGE = 0.85  # share of codes' neighbourhoods that prior samples reach; 0.97 where the two agree
SPREAD = 1.5  # deviation of the codes in use, in units of the prior's
RISE, GAP = 0.1, 0.2  # of the validation loss's whole fall; of the training loss
FAST = 0.03  # a learning rate above it is the first suspect


@dataclass(frozen=True)
class Finding:
    """`name` of what is wrong, the `figure` that shows it, a `sentence` that says what it means, and `advice` what to try."""

    name: str
    figure: str
    sentence: str
    advice: str


@dataclass(frozen=True)
class Seen:
    """All that a check may look at; what is not known is empty or None, and the checks that need it are silent.

    `steps`, `epochs`: a run's curves (T,) by name, as in runs.curves. `message`: what a failed run said. `beta`: the knob, where it was
    turned. `kl` (L,): nats per dimension. `mean`, `scale` (N, L): q(z|x) of the test images. `coverage`: what share of the codes
    the prior reaches. `losses`: -ELBO (or the distortion) of training and of unseen images.
    """

    run: RunConfig
    steps: Columns = field(default_factory=dict)
    epochs: Columns = field(default_factory=dict)
    message: str = ""
    beta: float | None = None
    kl: Array | None = None
    mean: Array | None = None
    scale: Array | None = None
    coverage: Estimate | None = None
    losses: tuple[Estimate, Estimate] | None = None

    @property
    def weight(self) -> float:
        """The weight of the rate in the end: the knob's, the objective's beta, or the ELBO's 1."""
        return float(self.beta if self.beta is not None else getattr(self.run.objective, "beta", 1.0))

    @property
    def used(self) -> NDArray[np.bool_] | None:
        """Which dimensions carry something, (L,)."""
        return None if self.kl is None else self.kl > DEAD


def examine(seen: Seen) -> tuple[Finding, ...]:
    """The findings of all CHECKS, worst first; none for a healthy run."""
    return tuple(finding for check in CHECKS.values() if (finding := check(seen)))


def nan_cause(seen: Seen) -> Finding | None:
    """A term that is no longer a number, and the likeliest cause by what the last steps showed."""
    told = re.search(r"Step (\d+): the (\w+) is no longer a number", seen.message)
    if not told:
        return None
    step, term = int(told[1]), told[2]
    why, advice, figure = _cause(seen, step)
    return Finding(
        "not a number", f"{term} at step {step}, {figure}", f"The {term} stopped being a number: {why}.", advice
    )


def _cause(seen: Seen, step: int) -> tuple[str, str, str]:
    """Why, what to try, and the figure that says so."""
    train, rate = seen.run.train, _column(seen.steps, "train_rate")
    lr = float(_column(seen.steps, "lr").max(initial=train.lr))
    distortion = _column(seen.steps, "train_distortion")
    if lr > FAST:
        return "the learning rate is far too high", "Set the learning rate to 0.002.", f"learning rate {lr:g}"
    if step <= 2:
        return (
            "it never was one, so the pictures or points themselves hold values that are no numbers or far too large",
            "Look at the data on the Data page: points should be a few units wide.",
            f"after {step - 1} good steps",
        )
    if (
        seen.run.model.likelihood.startswith("gaussian_")
        and len(distortion) > 1
        and distortion[-1] < min(0.0, distortion[0])
    ):
        return (
            "the learnt sigma shrank towards zero, so the density had no upper end",
            "Use the likelihood 'gaussian' with a fixed sigma, or add noise to the data.",
            f"distortion {distortion[-1]:.4g} nats",
        )
    if len(rate) > 2 and rate[-1] > 20 * np.median(rate[:-1]):
        return (
            "the rate leapt, one image threw the encoder off",
            "Clip the gradient at 1, and add warm-up steps.",
            f"rate {rate[-1]:.4g} after {np.median(rate[:-1]):.4g} nats",
        )
    advice = "Halve the learning rate, clip the gradient at 1, or train in fp32."
    return "no single cause stands out", advice, f"learning rate {lr:g}, {train.precision}"


def collapse(seen: Seen) -> Finding | None:
    """The posterior has become the prior: z knows nothing of x."""
    if seen.kl is None or (rate := float(seen.kl.sum())) >= COLLAPSED:
        return None
    return Finding(
        "posterior collapse",
        f"rate {rate:.2g} nats per image",
        "The code carries nothing: q(z|x) is the prior for every image, and the decoder ignores z.",
        "Lower beta, warm the rate up (kl_schedule 'linear'), give free bits, or use a weaker decoder.",
    )


def dead_units(seen: Seen) -> Finding | None:
    """Some dimensions, but not all, carry nothing."""
    if seen.kl is None or seen.used is None or seen.used.all() or seen.kl.sum() < COLLAPSED:
        return None
    dead, total = int((~seen.used).sum()), len(seen.used)
    return Finding(
        "dead units",
        f"{dead} of {total} dimensions below {DEAD} nats",
        f"{'One dimension carries' if dead == 1 else f'{dead} dimensions carry'} nothing; the model found no use for "
        f"{'it' if dead == 1 else 'them'} at this price.",
        f"Nothing is lost with a code of {total - dead}; to fill them lower beta or give free bits.",
    )


def prior_hole(seen: Seen) -> Finding | None:
    """The codes of images and the prior's samples lie in different places."""
    if seen.coverage is None or seen.coverage.high >= COVERAGE:
        return None
    return Finding(
        "prior hole",
        f"the prior reaches {seen.coverage.value:.0%} of the codes' neighbourhoods, where 97% would be agreement",
        "Samples fall where no image's code lies, so generated pictures are worse than reconstructions.",
        (
            "Raise beta, learn the prior (mixture, VampPrior, flow)"
            if _bounded(seen)
            else "Give it a bound (objective 'elbo')"
        )
        + ", or sample from a mixture fitted to the codes.",
    )


def overfitting(seen: Seen) -> Finding | None:
    """The loss on unseen images has turned upward, or lies far above that on training images."""
    val, train = _column(seen.epochs, "val_loss"), _train_bound(seen.epochs)
    if len(val) > 2 and (rise := val[-1] - val.min()) > max(RISE * (val[0] - val.min()), 0.01 * abs(val.min())):
        return _overfit(
            f"validation loss {val[-1]:.1f}, {rise:.1f} nats above its best after epoch {_epoch(seen, int(val.argmin()))}"
        )
    if seen.losses and seen.losses[0].apart(seen.losses[1]):
        before, after = seen.losses[0].value, seen.losses[1].value
    elif len(val) and len(train):
        before, after = float(train[-1]), float(val[-1])
    else:
        return None
    if after - before > GAP * max(1.0, abs(before)):
        return _overfit(f"{before:.1f} nats on training images, {after:.1f} on unseen ones")
    return None


def _epoch(seen: Seen, index: int) -> int:
    """The number of the epoch at a place of the curve, which may be thinned."""
    numbers = _column(seen.epochs, "epoch")
    return int(numbers[index]) if index < len(numbers) else index + 1


def _overfit(figure: str) -> Finding:
    return Finding(
        "overfitting",
        figure,
        "The model learns its training images by heart: what it gains there it loses elsewhere.",
        "Stop earlier (patience), use a smaller network or weight decay, or give more images.",
    )


def beta_too_small(seen: Seen) -> Finding | None:
    """The codes spread out far beyond the standard normal, because the rate costs too little against the distortion."""
    if not _bounded(seen) or seen.run.model.prior != "normal" or seen.mean is None or seen.scale is None:
        return None
    spread = np.sqrt(seen.mean.var(0) + np.square(seen.scale).mean(0))
    used = seen.used if seen.used is not None and len(seen.used) == len(spread) and seen.used.any() else ...
    if (wide := float(spread[used].mean())) <= SPREAD:
        return None
    return Finding(
        "beta too small",
        f"codes spread {wide:.1f} times as wide as the prior, beta {seen.weight:g}",
        "The rate costs too little: codes wander off to where the prior never samples.",
        "Raise beta towards 1" + ("." if seen.weight < 1 else ", or sigma, which weighs the distortion."),
    )


def beta_too_large(seen: Seen) -> Finding | None:
    """The rate costs so much that half of the code or more is given up."""
    if (
        not _bounded(seen)
        or seen.used is None
        or seen.kl is None
        or seen.weight <= 1
        or 2 * seen.used.sum() > len(seen.used)
    ):
        return None
    return Finding(
        "beta too large",
        f"beta {seen.weight:g}, {int(seen.used.sum())} of {len(seen.used)} dimensions in use, rate {seen.kl.sum():.2g} nats",
        "The rate costs so much that the model gives up detail: pictures turn into averages.",
        f"Halve beta to {seen.weight / 2:g}, or raise it from zero (kl_schedule 'linear').",
    )


def _bounded(seen: Seen) -> bool:
    return seen.run.objective.name != "autoencoder"


def _column(columns: Columns, name: str) -> NDArray[np.float64]:
    """A curve's known values, (T,)."""
    found = columns.get(name)
    return np.zeros(0) if found is None else found[np.isfinite(found)]


def _train_bound(epochs: Columns) -> NDArray[np.float64]:
    """-ELBO on the training images, (T,): comparable with val_loss whatever the objective weighs."""
    distortion, rate = _column(epochs, "train_distortion"), _column(epochs, "train_rate")
    return distortion + rate if len(rate) == len(distortion) else distortion


CHECKS: dict[str, Callable[[Seen], Finding | None]] = {
    "not a number": nan_cause,
    "posterior collapse": collapse,
    "beta too large": beta_too_large,
    "beta too small": beta_too_small,
    "overfitting": overfitting,
    "prior hole": prior_hole,
    "dead units": dead_units,
}
