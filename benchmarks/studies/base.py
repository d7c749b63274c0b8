"""What a study is: the recipes that were tried, a training, the figures it came to, and the bar that they are held to.

A recipe is chosen on validation pictures and measured on test pictures: a trial of a candidate never looks at the test split.
"""

import hashlib
import platform
import re
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import torch

from vae_core.data import Dataset, Split
from vae_core.errors import UserError
from vae_core.metrics.confidence_intervals import mean_over_seeds
from vae_core.models.build import build
from vae_core.models.vae import VAE
from vae_core.presets.run_config import RunConfig
from vae_core.training.events import Done, Event, Failed, Saved
from vae_core.training.fit import fit
from vae_core.utils.files import write_atomically

Recipe = dict[str, Any]  # what may be chosen: fields of ModelConfig and TrainConfig, or a study's own
Figures = dict[str, float]
Values = Mapping[str, Sequence[float]]


def machine() -> str:
    """The processor by name, and whether it has Intel's units for matrix products, which change how long a dense layer takes."""
    info = Path("/proc/cpuinfo")
    text = info.read_text() if info.exists() else ""
    named = re.search(r"^model name\s*:\s*(.+)$", text, re.M)
    name = named[1].replace("(R)", "").replace("(TM)", "") if named else platform.machine()
    return f"{name} with AMX" if "amx_tile" in text else name


@dataclass(frozen=True)
class Found:
    """What one seed came to: figures by name on validation and on test pictures, none where they were not measured; the minutes of
    one core that its trainings took, and how long they were in words; the processor's name and torch's version, "" where it was not
    recorded. Where `seeds` is more than 1, the figures and the minutes are means over so many seeds."""

    recipe: Recipe
    val: Figures
    test: Figures
    minutes: float
    trained: str
    machine: str = field(default_factory=machine)
    torch_version: str = field(default_factory=lambda: torch.__version__.partition("+")[0])
    seeds: int = 1

    @property
    def where(self) -> str:
        return f"{self.machine}, torch {self.torch_version}" if self.torch_version else self.machine


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
    """Where a study finds its data and keeps a training that may be interrupted, its seed, and what is asked of it.

    `quick`: scikit-learn's 8x8 digits, or a few sprites, and some seconds: the same code, no figure to quote.
    `trial`: a candidate is only compared with others, on validation pictures alone.
    """

    data_dir: Path
    work: Path
    seed: int = 0
    quick: bool = False
    trial: bool = False

    def train(self, run: RunConfig, data: Dataset, by: Callable[..., Iterator[Event]] = fit) -> Trained:
        """The model of a run, gone on with from where an interrupted measurement left it; raises UserError when it fails.

        `by`: what trains it, in the manner of `fit`.
        """
        folder = self.folder(run)
        spent = folder / "minutes.txt"
        before, began = float(spent.read_text()) if spent.exists() else 0.0, time.process_time()
        vae = build(run.model, run.train.seed)
        for event in by(vae, data, run, folder=folder, resume=True):
            minutes = before + (time.process_time() - began) / 60
            if isinstance(event, Saved):
                write_atomically({spent: str(minutes).encode()})
        if isinstance(event, Failed):
            raise UserError(event.message)
        assert isinstance(event, Done)
        vae.eval()
        return Trained(vae, event, minutes)

    def folder(self, run: RunConfig) -> Path:
        """Where `train` keeps the checkpoint of a run."""
        return self.work / hashlib.sha256(run.model_dump_json().encode()).hexdigest()[:16]

    def scores(self, figures: Callable[[Split], Figures], data: Dataset) -> dict[str, Figures]:
        """Figures of both splits, for Found; of the validation split alone in a trial."""
        return {"val": figures(data.val), "test": {} if self.trial else figures(data.test)}


@dataclass(frozen=True)
class Study:
    """One row of the table: `measure` one seed of a recipe; `judge` the figures of all seeds, lists by name, against `bar`.

    `recipes`: the candidates; the first is what is measured, because the validation split's `figure` of its trial is the `best`.
    `like`: another study, whose choice this one takes over. `reason`: why the bar is missed, printed where it is.
    `trial_seeds`: with how many seeds each candidate is trained, more than one where seeds differ more than candidates do.
    `shortened`: what all candidates have in their trials instead of their own, where the whole training takes an hour or more.
    """

    name: str
    what: str
    unit: str
    bar: str
    paper: str
    recipes: Sequence[Recipe]
    measure: Callable[[Setting, Recipe], Found]
    judge: Callable[[Values], Verdict]
    figure: str
    best: Callable[[Sequence[float]], float] = min
    like: str = ""
    reason: str = ""
    seeds: int = 3
    trial_seeds: int = 1
    shortened: Mapping[str, Any] = field(default_factory=dict)


def at_most(limit: float, figure: str, digits: int = 2) -> Callable[[Values], Verdict]:
    """Judge the mean over seeds of a figure that should be small; the distance is said with so many digits after the point."""

    def judge(values: Values) -> Verdict:
        off = statistics.mean(values[figure]) - limit
        return Verdict(off <= 0, f"{abs(off):.{digits}f} {'below' if off <= 0 else 'above'}")

    return judge


def at_least(limit: float, figure: str) -> Callable[[Values], Verdict]:
    """Judge the mean over seeds of a figure that should be large."""

    def judge(values: Values) -> Verdict:
        off = statistics.mean(values[figure]) - limit
        return Verdict(off >= 0, f"{abs(off):.3f} {'above' if off >= 0 else 'below'}")

    return judge


def above(figure: str, than: str) -> Callable[[Values], Verdict]:
    """Judge whether the mean of one figure lies above another's, of the same models."""

    def judge(values: Values) -> Verdict:
        off = statistics.mean(values[figure]) - statistics.mean(values[than])
        return Verdict(off > 0, f"{abs(off):.3f} {'above' if off > 0 else 'below'}")

    return judge


def higher(figure: str, than: str) -> Callable[[Values], Verdict]:
    """Judge whether one figure lies above another and their 95 % intervals over seeds have no point in common."""

    def judge(values: Values) -> Verdict:
        mine, theirs = mean_over_seeds(values[figure]), mean_over_seeds(values[than])
        between = mine.low - theirs.high
        said = f"intervals {abs(between):.3f} {'apart' if between > 0 else 'into each other'}"
        return Verdict(between > 0, said)

    return judge
