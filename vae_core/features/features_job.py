"""The comparison of all predictors of a target as a background job, cached by the checkpoint's content."""

import hashlib
from pathlib import Path

import torch

from vae_core.checkpoints import CheckpointInfo
from vae_core.data import load
from vae_core.explore.explorer import Explorer
from vae_core.features.comparison import compare
from vae_core.features.feature_table import feature_table
from vae_core.features.predictors import suited
from vae_core.features.targets import chosen
from vae_core.frozen import Frozen
from vae_core.jobs.job import Job, report_progress
from vae_core.utils.files import write_atomically
from vae_core.utils.paths import home

VERSION = 1  # of the predictors: a new version compares every model again


class Line(Frozen):
    """The scores of the folds of one predictor on one kind of features."""

    predictor: str
    place: str
    folds: tuple[float, ...]
    examples: int

    @property
    def mean(self) -> float:
        return sum(self.folds) / len(self.folds)


class Scores(Frozen):
    """The lines of one target."""

    lines: tuple[Line, ...]

    def of(self, predictor: str, place: str) -> Line:
        return next(line for line in self.lines if (line.predictor, line.place) == (predictor, place))


class FeaturesJob(Job[Scores]):
    """The scores of one checkpoint and one target."""

    @classmethod
    def of(cls, info: CheckpointInfo, target: str) -> "FeaturesJob":
        """The job of a checkpoint; nothing is computed yet."""
        content = (VERSION, sorted(info.hashes.items()), info.run.data.model_dump_json(), target)
        name = hashlib.sha256(repr(content).encode()).hexdigest()[:16]
        result = home() / "cache" / f"features-{name}.json"
        return cls(result, _read, __name__, (str(info.folder), target, str(result)))


def _read(path: Path) -> Scores:
    return Scores.parse(path.read_bytes())


def main(folder: str, target: str, result: str) -> None:
    """Compare and write the scores."""
    torch.set_num_threads(1)
    model = Explorer.open(Path(folder))
    data = load(model.info.run.data)
    wanted = chosen(data, target)
    table = feature_table(model, data, wanted)
    found = compare(table, wanted, suited(wanted.kind), report_progress)
    lines = tuple(
        Line(predictor=one.predictor, place=one.place, folds=one.folds, examples=one.examples) for one in found
    )
    write_atomically({Path(result): Scores(lines=lines).model_dump_json().encode()})
