"""All figures of one checkpoint, measured in the background and cached on disk; also the figures of `evaluate --all`."""

import hashlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import Self

import torch
from pydantic import model_validator

from vae_core import checkpoints
from vae_core.checkpoints import Checkpoint, CheckpointInfo
from vae_core.data import Dataset, load
from vae_core.errors import UserError
from vae_core.frozen import Frozen
from vae_core.jobs.diagnosis_evidence import evidence_of_checkpoint
from vae_core.jobs.job import Job, report_progress
from vae_core.messages import Message
from vae_core.metrics.confidence_intervals import Estimate
from vae_core.metrics.diagnosis.checks import diagnose
from vae_core.metrics.diagnosis.finding_and_evidence import Finding
from vae_core.metrics.figures import FIGURES
from vae_core.metrics.report import GROUPS, Subject, factor_map, measure
from vae_core.utils.files import write_atomically
from vae_core.utils.paths import home

VERSION = 4  # of the figures and their definitions: a new version measures every model again
FIGURES_END, MAP_END = 0.9, 0.95  # progress after the figures and after the factor map


class MeasuredFigure(Frozen):
    """One figure of a group with its 95 % interval; values that are not finite are None."""

    group: str
    figure: str
    value: float | None
    low: float | None
    high: float | None

    @property
    def estimate(self) -> Estimate:
        return Estimate(*(math.nan if number is None else number for number in (self.value, self.low, self.high)))


class FactorMap(Frozen):
    """The mutual information of each dimension with each true factor, as a share of the factor's entropy.

    `shares` has L rows and a column for each of `names`.
    """

    names: tuple[str, ...]
    shares: tuple[tuple[float, ...], ...]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.shares or any(len(row) != len(self.names) for row in self.shares):
            raise ValueError(Message("Every dimension needs one share for every factor."))
        return self


class Report(Frozen):
    """The figures of a checkpoint on `images` test images.

    `lines` are the figures, `left_out` gives the reason for each group that does not apply, `kl` and `kl_margins` (L,) are nats
    per dimension (empty without a rate), `factors` is None without true factors, and `findings` is the diagnosis.
    """

    images: int
    lines: tuple[MeasuredFigure, ...]
    left_out: dict[str, Message]
    kl: tuple[float, ...] = ()
    kl_margins: tuple[float | None, ...] = ()
    factors: FactorMap | None = None
    findings: tuple[Finding, ...] = ()

    @model_validator(mode="after")
    def _known(self) -> Self:
        groups = {line.group for line in self.lines} | self.left_out.keys()
        if groups - GROUPS.keys() or {line.figure for line in self.lines} - FIGURES.keys():
            raise ValueError(Message("It contains figures that this version does not know."))
        return self


class Measurement(Job[Report]):
    """The report of one checkpoint, identified by the checkpoint's content."""

    @classmethod
    def of(cls, info: CheckpointInfo) -> "Measurement":
        """The measurement of a checkpoint; nothing is measured yet."""
        content = (VERSION, sorted(info.hashes.items()), info.run.replace(title="").model_dump_json())
        folder = home() / "cache"
        result = folder / f"figures-{hashlib.sha256(repr(content).encode()).hexdigest()[:16]}.json"
        arguments = str(info.folder), str(result)
        return cls(result, _read, __name__, arguments)


def _read(path: Path) -> Report:
    return Report.parse(path.read_bytes())


def subject_of(checkpoint: Checkpoint, data: Dataset) -> Subject:
    """A checkpoint's model and the data on which it is measured; raises UserError for a table or a text that has changed since."""
    if data.columns != checkpoint.info.columns:
        raise UserError("The table has changed since the model was trained on it: train a model on the new table.")
    if data.vocabulary != checkpoint.info.vocabulary:
        raise UserError(
            "The sentences have other words than when the model was trained: train a model on the new ones."
        )
    return Subject(checkpoint.vae, data, checkpoint.info.run.data.target)


def measure_checkpoint(checkpoint: Checkpoint, subject: Subject, progress: Callable[[float], None]) -> Report:
    """Measure all figures of a checkpoint and its `subject_of`; `progress` is called with the share done, in [0, 1]."""
    data = subject.data
    lines, left_out = [], {}
    for found in measure(subject, progress=lambda share: progress(FIGURES_END * share)):
        if found.figure is None or found.estimate is None:
            left_out[found.group] = found.left_out
        else:
            lines.append(MeasuredFigure(group=found.group, figure=found.figure, **found.estimate.record()))
    factors = None
    if data.test.factors is not None and data.factor_names:
        factors = FactorMap(names=data.factor_names, shares=factor_map(subject).tolist())
    progress(MAP_END)
    kl, margins = subject.encoded.bound.kl, subject.encoded.bound.kl_margin
    measured = Report(
        images=len(data.test),
        lines=tuple(lines),
        left_out=left_out,
        kl=() if kl is None else kl.tolist(),
        kl_margins=() if margins is None else tuple(each if math.isfinite(each) else None for each in margins.tolist()),
        factors=factors,
        findings=diagnose(evidence_of_checkpoint(checkpoint, data, encoded=subject.encoded)),
    )
    progress(1.0)
    return measured


def main(folder: str, result: str) -> None:
    """Measure the checkpoint in `folder` and write its report."""
    torch.set_num_threads(1)
    checkpoint = checkpoints.load(Path(folder))
    if Measurement.of(checkpoint.info).result != Path(result):
        raise UserError("The model has been saved again since the measurement began: measure it again.")
    found = measure_checkpoint(checkpoint, subject_of(checkpoint, load(checkpoint.info.run.data)), report_progress)
    write_atomically({Path(result): found.model_dump_json().encode()})
