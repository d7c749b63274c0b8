"""Whether a direction really gives molecules more of a property: their true values along it, beside a random direction."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vae_core.edits.directions import Numbers, towards_more
from vae_core.explore.nearest_codes import Codes
from vae_core.metrics.confidence_intervals import Estimate, mean_of, share_of_true

STARTS, STRENGTH = 100, 2.0
Measure = Callable[[Codes], Numbers]  # codes (N, L) -> the property of what is decoded there (N,), NaN where nothing is


@dataclass(frozen=True)
class Uphill:
    """Of `starts` decoded codes: the shares `up` that have more of the property after a walk, and `beside` after one as long in a
    random direction, their paired `difference`, and the mean changes of the property on both ways.
    """

    starts: int
    up: Estimate
    beside: Estimate
    difference: Estimate
    change: float
    change_beside: float


def uphill(
    codes: Codes, values: Numbers, measure: Measure, seed: int = 0, learnt: tuple[Codes, Numbers] | None = None
) -> Uphill:
    """Walk from up to STARTS codes to STRENGTH; the direction is learnt from the other half of the codes (N, L) and their values (N,),
    or from other codes and values, `learnt`.

    What is decoded must have a strictly larger value at the end of the walk than at its start; where it has none, it has not risen.
    Raises UserError where the values do not differ.
    """
    random = np.random.default_rng(seed)
    order = random.permutation(len(codes))
    half, others = order[: len(order) // 2], order[len(order) // 2 :]
    start = codes[others[:STARTS]]
    step = towards_more(*(learnt or (codes[half], values[half]))).step
    before = measure(start)
    after = measure(np.asarray(start + STRENGTH * step, np.float32))
    after_beside = measure(np.asarray(start + STRENGTH * random_steps(step, len(start), random), np.float32))
    up, beside = after > before, after_beside > before
    return Uphill(
        len(start),
        share_of_true(up),
        share_of_true(beside),
        mean_of(up.astype(float) - beside.astype(float)),
        float(np.nanmean(after - before)),
        float(np.nanmean(after_beside - before)),
    )


def random_steps(step: Codes, count: int, random: np.random.Generator) -> Codes:
    """Steps (count, L) in random directions, each as long as `step` (L,)."""
    drawn = random.normal(size=(count, len(step)))
    return np.asarray(drawn * np.linalg.norm(step) / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)
