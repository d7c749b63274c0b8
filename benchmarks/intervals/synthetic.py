"""Cases with synthetic codes, scores and samples, whose true value is known or can be estimated from many more of them."""

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from scipy.special import ndtr, ndtri
from torch import Generator

from benchmarks.intervals.count_coverage import Case
from vae_core.anomalies.curves import Curve, precision_recall, roc
from vae_core.metrics import Estimate
from vae_core.metrics.codebook_usage import effective_entries, perplexity
from vae_core.metrics.confidence_intervals import mean_over_seeds
from vae_core.metrics.factors.dci import dci
from vae_core.metrics.factors.mig_sap_modularity import mig, mig_of, modularity, modularity_of
from vae_core.metrics.factors.mutual_information import entropies, histogram_information, nearest_neighbour_information
from vae_core.metrics.out_of_distribution import auroc
from vae_core.metrics.samples.precision_recall_kid import diversity, manifolds, mmd

SIZES = np.array([3, 6, 8, 4])  # number of values of each synthetic factor
Codes = tuple[np.ndarray, np.ndarray]
Measured = dict[str, Estimate]


def ranking(area: float, positives: int, negatives: int, wide: float = 1.0) -> Case:
    """Normally distributed scores with the given AUROC; the positives' standard deviation is `wide` times the negatives'."""
    shift = ndtri(area) * np.hypot(wide, 1.0)

    def measure(seed: int) -> Measured:
        rng = np.random.default_rng(seed)
        scores = np.concatenate([shift + wide * rng.normal(size=positives), rng.normal(size=negatives)])
        return {"auroc": auroc(scores, np.arange(len(scores)) < positives)}

    what = f"AUROC {area}, {positives} positives with {wide:g} times the deviation of {negatives} negatives"
    return Case(what, measure, {"auroc": area}, 1000)


def band(shift: float, anomalies: int, normal: int, at: float = 0.2) -> Case:
    """The bands of both curves of a score, unit normals that lie `shift` apart, where `at` of the normal examples are flagged."""
    found, strange = float(ndtr(shift + ndtri(at))), np.arange(anomalies + normal) < anomalies
    precision = anomalies * found / (anomalies * found + normal * at)
    truth = {"anomalies_roc": found, "anomalies_precision": precision}

    def measure(seed: int) -> Measured:
        scores = np.random.default_rng(seed).normal(size=len(strange)) + shift * strange
        return {
            "anomalies_roc": _around(roc(scores, strange), at),
            "anomalies_precision": _around(precision_recall(scores, strange), found),
        }

    return Case(f"{anomalies} anomalies {shift:g} deviations above {normal} normal examples", measure, truth, 1000)


def _around(curve: Curve, x: float) -> Estimate:
    """A curve and its band at x; between two of its points the wider of both bands."""
    last = len(curve.x) - 1
    near = [min(max(int(np.searchsorted(curve.x, x)) + side, 0), last) for side in (-1, 0)]
    return Estimate(float(curve.y[near].mean()), float(curve.low[near].min()), float(curve.high[near].max()))


def overlap(count: int, dimensions: int, shift: float, scale: float = 1.0) -> Case:
    """Samples of one normal distribution compared with samples of another."""

    def measure(seed: int) -> Measured:
        generator = Generator().manual_seed(seed)
        real = torch.randn(count, dimensions, generator=generator)
        made = shift + scale * torch.randn(count, dimensions, generator=generator)
        found = manifolds(real, made, seed=seed)
        names = ("precision", "recall", "density", "coverage")
        return {**{n: getattr(found, n) for n in names}, "kid": mmd(real, made), "diversity": diversity(made)}

    return Case(
        f"{count} points of a normal in {dimensions}-D and of one {shift:g} away with {scale:g} times the deviation",
        measure,
    )


def choices(images: int, entries: int, groups: int = 16) -> Case:
    """Codebook choices with decreasing frequencies of the entries; half of an image's choices equal its first one."""
    use = 1 / np.arange(1, entries + 1)

    def measure(seed: int) -> Measured:
        rng = np.random.default_rng(seed)
        drawn = rng.choice(entries, (images, groups), p=use / use.sum())
        same = np.where(rng.random((images, groups)) < 0.5, drawn[:, :1], drawn)
        return {"codebook_perplexity": perplexity(same, entries, seed)}

    what = f"{images} images with {groups} choices of {entries}"
    return Case(what, measure, {"codebook_perplexity": effective_entries(use / use.sum())})


def codes(kind: str, count: int, seed: int) -> Codes:
    """Codes (N, 6) of four factors. `kind`: "noise" alone; "axis" or "faint", a dimension per factor with little or much noise;
    "turned", the factors rotated."""
    rng = np.random.default_rng(seed)
    factors = np.stack([rng.integers(0, size, count) for size in SIZES], 1)
    known, noise = (factors - (SIZES - 1) / 2) / np.sqrt((SIZES**2 - 1) / 12), rng.normal(size=(count, 6))
    turn = np.linalg.qr(np.random.default_rng(5).normal(size=(4, 4)))[0]
    spread = 1.5 if kind == "faint" else 0.3
    signal = {"noise": 0 * known, "turned": known @ turn}.get(kind, known)
    return np.hstack([signal + spread * noise[:, :4], noise[:, 4:]]), factors


@cache
def _truth(kind: str, many: int = 30_000) -> dict[str, float]:
    z, v = codes(kind, many, 1_000_000)
    if kind == "noise":
        return {"mig": 0.0, "modularity": 0.0}
    return {
        "mig": mig_of(nearest_neighbour_information(z, v), entropies(v)),
        "modularity": modularity_of(histogram_information(z, v)),
    }


def factors(kind: str, count: int, names: tuple[str, ...] = ()) -> Case:
    """Disentanglement scores of synthetic codes; the true value is the score of 30,000 codes."""
    scores: dict[str, Callable[[np.ndarray, np.ndarray, int], Estimate]] = {
        "mig": mig,
        "modularity": modularity,
    }

    def measure(seed: int) -> Measured:
        return {name: scores[name](*codes(kind, count, seed), seed) for name in names or scores}

    return Case(f"{count} codes, {kind}", measure, _truth(kind), 60)


def boosted() -> Case:
    """DCI informativeness: gradient boosting is trained once and tested on new images."""
    z, v = codes("axis", 500, 0)

    def measure(seed: int) -> Measured:
        test = codes("axis", 300, seed + 1)
        return {"dci_informativeness": dci(z, v, *test, stages=2).informativeness}

    return Case("two stages of boosting, 300 new images", measure)


def seeds(count: int = 3) -> Case:
    """The mean of a figure over a few trainings."""
    truth = {"mean over seeds": 0.0}
    return Case(
        f"{count} normal numbers",
        lambda seed: {"mean over seeds": mean_over_seeds(np.random.default_rng(seed).normal(size=count).tolist())},
        truth,
    )


QUICK = {
    "auroc": ranking(0.98, 20, 980),
    "bands": band(1.5, 35, 50),
    "overlap": overlap(100, 4, 0.7),
    "choices": choices(200, 64),
    "mig": factors("faint", 300, ("mig",)),
    "noise": factors("noise", 200, ("mig",)),
    "seeds": seeds(),
}


def cases() -> dict[str, list[Case]]:
    """All cases of this file by name."""
    return {
        "rankings": [
            ranking(area, positives, negatives, wide)
            for area in (0.5, 0.8, 0.95, 0.98, 0.99)
            for positives, negatives in ((20, 200), (20, 2000), (200, 2000), (2000, 2000))
            for wide in (1.0, 3.0)
        ],
        "bands": [
            band(shift, anomalies, normal)
            for shift in (0.0, 1.5, 3.0)
            for anomalies, normal in ((35, 50), (20, 200), (200, 2000))
        ],
        "overlaps": [overlap(100, 2, 0.0), overlap(200, 4, 0.5), overlap(300, 64, 0.0, 0.8), overlap(200, 4, 2.0, 0.5)],
        "choices": [choices(200, 64), choices(2000, 512)],
        "factors": [factors(kind, count) for kind in ("noise", "faint", "axis", "turned") for count in (300,)],
        "boosted": [boosted()],
        "seeds": [seeds()],
    }
