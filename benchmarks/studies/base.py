"""What a study is: a training, the figures it came to, and the bar that they are held to."""

import hashlib
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from vae_core.config import RunConfig
from vae_core.datasets import Dataset
from vae_core.errors import UserError
from vae_core.events import Done, Failed, Saved
from vae_core.files import write_whole
from vae_core.metrics.estimates import of_seeds
from vae_core.training import fit
from vae_core.vae import VAE, build

Values = Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Found:
    """What one seed came to: figures by name, the minutes of one core that its trainings took, and how long they were in words."""

    figures: dict[str, float]
    minutes: float
    trained: str


@dataclass(frozen=True)
class Verdict:
    """Whether the bar is reached, and the distance to it in words."""

    reached: bool
    distance: str


class Trained(NamedTuple):
    """A model, how its training ended, and the processor's minutes that it took, which other work beside it does not lengthen."""

    vae: VAE
    done: Done
    minutes: float


@dataclass(frozen=True)
class Setting:
    """Where a study finds its data and keeps a training that may be interrupted, its seed, and whether it is only tried out.

    `quick`: scikit-learn's 8x8 digits, or a few sprites, and some seconds: the same code, no figure to quote.
    """

    data_dir: Path
    work: Path
    seed: int = 0
    quick: bool = False

    def train(self, run: RunConfig, data: Dataset) -> Trained:
        """The model of a run, gone on with from where an interrupted measurement left it; raises UserError when it fails."""
        folder = self.work / hashlib.sha256(run.model_dump_json().encode()).hexdigest()[:16]
        spent = folder / "minutes.txt"
        before, began = float(spent.read_text()) if spent.exists() else 0.0, time.process_time()
        vae = build(run.model, run.train.seed)
        for event in fit(vae, data, run, folder=folder, resume=True):
            minutes = before + (time.process_time() - began) / 60
            if isinstance(event, Saved):
                write_whole({spent: str(minutes).encode()})
        if isinstance(event, Failed):
            raise UserError(event.message)
        assert isinstance(event, Done)
        vae.eval()
        return Trained(vae, event, minutes)


@dataclass(frozen=True)
class Study:
    """One row of the table: `measure` one seed; `judge` the figures of all seeds, lists by name, against `bar`.

    `reason`: why the bar is missed, printed where it is.
    """

    name: str
    what: str
    unit: str
    bar: str
    paper: str
    measure: Callable[[Setting], Found]
    judge: Callable[[Values], Verdict]
    reason: str = ""
    seeds: int = 3


def at_most(limit: float, figure: str) -> Callable[[Values], Verdict]:
    """Judge the mean over seeds of a figure that should be small."""

    def judge(values: Values) -> Verdict:
        off = statistics.mean(values[figure]) - limit
        return Verdict(off <= 0, f"{abs(off):.2f} {'below' if off <= 0 else 'above'}")

    return judge


def at_least(limit: float, figure: str) -> Callable[[Values], Verdict]:
    """Judge the mean over seeds of a figure that should be large."""

    def judge(values: Values) -> Verdict:
        off = statistics.mean(values[figure]) - limit
        return Verdict(off >= 0, f"{abs(off):.3f} {'above' if off >= 0 else 'below'}")

    return judge


def higher(figure: str, than: str) -> Callable[[Values], Verdict]:
    """Judge whether one figure lies above another and their 95 % intervals over seeds have no point in common."""

    def judge(values: Values) -> Verdict:
        mine, theirs = of_seeds(values[figure]), of_seeds(values[than])
        between = mine.low - theirs.high
        said = f"intervals {abs(between):.3f} {'apart' if between > 0 else 'into each other'}"
        return Verdict(between > 0, said)

    return judge
