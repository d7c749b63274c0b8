"""The curve of accuracy by the number of labels as a background job, on codes and on pixels, cached by the checkpoint's content."""

import hashlib
from pathlib import Path

import numpy as np
import torch

from vae_core import checkpoints
from vae_core.checkpoints import CheckpointInfo
from vae_core.data import load
from vae_core.errors import UserError
from vae_core.few_labels.classifiers import METHODS, Examples, features_of
from vae_core.few_labels.draws import DRAWS, PER_CLASS, Point, curve
from vae_core.frozen import Frozen
from vae_core.jobs.job import Job, report_progress
from vae_core.utils.files import write_atomically
from vae_core.utils.paths import home

VERSION = 1  # of the methods: a new version draws every curve again
PLACES = ("codes", "pixels")
MOST = 10_000  # examples: the page and the curve look at the first ones of a larger test split


class Line(Frozen):
    """The accuracy of one method on codes or pixels: by number of `labels`, the accuracies of each draw."""

    method: str
    place: str
    labels: tuple[int, ...]
    accuracies: tuple[tuple[float, ...], ...]

    @property
    def means(self) -> tuple[float, ...]:
        return tuple(float(np.mean(each)) for each in self.accuracies)


class Curves(Frozen):
    """The lines of all methods; `draws` is how often the labelled examples were drawn."""

    lines: tuple[Line, ...]
    draws: int = DRAWS


class CurveJob(Job[Curves]):
    """The curves of one checkpoint."""

    @classmethod
    def of(cls, info: CheckpointInfo) -> "CurveJob":
        """The job of a checkpoint; nothing is computed yet."""
        content = (VERSION, sorted(info.hashes.items()), info.run.data.model_dump_json())
        name = hashlib.sha256(repr(content).encode()).hexdigest()[:16]
        result = home() / "cache" / f"few-labels-{name}.json"
        return cls(result, _read, __name__, (str(info.folder), str(result)))


def _read(path: Path) -> Curves:
    return Curves.parse(path.read_bytes())


def main(folder: str, result: str) -> None:
    """Draw the curves and write them."""
    torch.set_num_threads(1)
    checkpoint = checkpoints.load(Path(folder))
    pictures = load(checkpoint.info.run.data).test.x.numpy()[:MOST]
    codes, truth = checkpoint.latents.mean[:MOST], checkpoint.latents.labels[:MOST]
    if len(pictures) != len(codes):
        raise UserError("The data are not those that the model was trained on: train it again.")
    spaces = dict(zip(PLACES, (Examples(codes), Examples(features_of(pictures))), strict=True))
    found = curves(spaces, truth)
    write_atomically({Path(result): found.model_dump_json().encode()})


def curves(spaces: dict[str, Examples], truth: np.ndarray, draws: int = DRAWS) -> Curves:
    """The curves of all methods in each space, by name; reports its progress."""
    asked = [(method, place, size) for method in METHODS for place in spaces for size in PER_CLASS]
    points: dict[tuple[str, str], list[Point]] = {}
    for number, (method, place, size) in enumerate(asked):
        found = curve(method, spaces[place], truth, int(truth.max()) + 1, (size,), draws)
        points.setdefault((method, place), []).extend(found)
        report_progress((number + 1) / len(asked))
    if not any(points.values()):
        raise UserError("Each class needs at least two examples for a curve.")
    return Curves(lines=tuple(_line(*key, each) for key, each in points.items()), draws=draws)


def _line(method: str, place: str, points: list[Point]) -> Line:
    return Line(
        method=method,
        place=place,
        labels=tuple(point.labels for point in points),
        accuracies=tuple(point.accuracies for point in points),
    )
