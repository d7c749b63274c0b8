"""What a training with a mistake, and the same training without it, led to: curves, pictures, codes, figures and the diagnosis."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from vae_core.data import to_input
from vae_core.frozen import Frozen
from vae_core.metrics.diagnosis.checks import diagnose
from vae_core.metrics.diagnosis.finding_and_evidence import Evidence, Finding
from vae_core.metrics.samples.prior_coverage import coverage
from vae_core.mistakes.right_lines import RIGHT
from vae_core.mistakes.training import Training
from vae_core.training.batches import balanced_indices

SHOWN, SAMPLES, POINTS = 10, 10, 300  # test images, samples of the prior, points of the curve
TAIL = 3  # the last third of the steps shows how far the loss swings
Rows = tuple[tuple[int, ...], ...]


class Outcome(Frozen):
    """One training, measured on the test images. Numbers that are NaN or infinite are None; pictures are grey levels in 0..255.

    `steps` (T,) is the loss that the program reports, `stride` steps apart; `figures` are those of symptoms.FIGURES by key.
    `again` are second reconstructions of the same images. `codes` (N, 2) are means; `broken` is the step without a finite loss.
    """

    steps: tuple[float | None, ...]
    stride: int
    broken: int | None
    figures: dict[str, float | None]
    images: Rows
    reconstructions: Rows
    again: Rows
    samples: Rows
    codes: tuple[tuple[float | None, ...], ...]
    labels: tuple[int, ...]
    findings: tuple[Finding, ...]


class Pair(Frozen):
    """The outcome of the right program and that of the faulty one, with equal seed and data."""

    right: Outcome
    faulty: Outcome


class _Codes(NamedTuple):
    """q(z|x) of images by the right formulas: mean and std (N, L), the KL (N, L) of each number, and one sample z (N, L)."""

    mean: Tensor
    std: Tensor
    kl: Tensor
    z: Tensor


@torch.no_grad()
def outcome(training: Training, seed: int) -> Outcome:
    """Measure a training."""
    program, images, labels = training.program, training.data.test.x, training.data.test.labels
    chosen = balanced_indices(labels, SHOWN)
    codes = _codes(training, images, seed)
    prior = torch.randn(SAMPLES, codes.mean.shape[1], generator=Generator().manual_seed(seed))
    first, second = program.reconstructed(images), program.reconstructed(images)
    steps = training.curves.steps
    stride = max(1, math.ceil(len(steps) / POINTS))
    return Outcome(
        steps=_finite(steps[::stride]),
        stride=stride,
        broken=len(steps) if training.broken else None,
        figures=dict(zip(*_figures(training, codes, first, second), strict=True)),
        images=_grey(to_input(images[chosen])),
        reconstructions=_grey(first[chosen]),
        again=_grey(second[chosen]),
        samples=_grey(program.drawn(prior)),
        codes=tuple(_finite(row) for row in codes.mean.tolist()),
        labels=tuple(labels.tolist()),
        findings=diagnose(_evidence(training, codes, seed)),
    )


def _codes(training: Training, images: Tensor, seed: int) -> _Codes:
    lines, vae = training.program.lines, training.program.vae
    mean, log_variance = lines.encoded(vae.encoder, lines.input_of(images))
    std = RIGHT.deviation(log_variance)
    kl = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance)
    return _Codes(mean, std, kl, mean + std * torch.randn(mean.shape, generator=Generator().manual_seed(seed)))


def _figures(
    training: Training, codes: _Codes, first: Tensor, second: Tensor
) -> tuple[list[str], tuple[float | None, ...]]:
    """The keys and values of symptoms.FIGURES: what the trained networks achieve by the right formulas, and what was reported."""
    program, curves = training.program, training.curves
    x = to_input(training.data.test.x)
    logits = program.lines.decoded(program.vae.decoder, program.pixel_cnn, codes.z, x)
    distortion, rate = RIGHT.distortion_term(logits, x).item(), codes.kl.sum(1).mean().item()
    reported = curves.loss[-1] if curves.loss else math.nan
    tail = np.diff(curves.steps[-max(3, len(curves.steps) // TAIL) :])
    swing = float(np.std(tail)) if np.isfinite(tail).all() else math.nan
    values = {
        "distortion": distortion,
        "rate": rate,
        "reported": reported,
        "gap": distortion + rate - reported,
        "lowest": min((loss for loss in curves.steps if math.isfinite(loss)), default=math.nan),
        "swing": swing,
        "darkest": first.flatten(1).min(1).values.mean().item(),
        "variety": first.std(0).mean().item(),
        "repeat": (first - second).abs().mean().item(),
        "broken": float(len(curves.steps)) if training.broken else math.nan,
    }
    return list(values), _finite(values.values())


def _evidence(training: Training, codes: _Codes, seed: int) -> Evidence:
    """What the doctor is given: the curves that the program reports, and the codes of its encoder."""
    curves = training.curves
    if training.broken:
        return Evidence(training.run, broken=training.broken)
    epochs: dict[str, NDArray[np.float64]] = {
        "epoch": np.arange(1.0, len(curves.loss) + 1),
        "train_distortion": np.array(curves.distortion),
        "train_rate": np.array(curves.rate),
        "val_loss": np.array(curves.val_loss),
    }
    return Evidence(
        training.run,
        epochs=epochs,
        kl=codes.kl.mean(0).numpy(),
        mean=codes.mean.numpy(),
        scale=codes.std.numpy(),
        coverage=coverage(training.program.vae, codes.z, seed),
    )


def _finite(values: Iterable[float]) -> tuple[float | None, ...]:
    return tuple(value if math.isfinite(value) else None for value in values)


def _grey(pictures: Tensor) -> Rows:
    """Pictures (N, 1, 8, 8) in [0, 1] as rows of grey levels; black where a pixel is no number."""
    levels = (255 * pictures.nan_to_num(0).clamp(0, 1)).round().int()
    return tuple(map(tuple, levels.flatten(1).tolist()))
