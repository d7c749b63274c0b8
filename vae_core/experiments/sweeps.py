"""Sweeps: one model trained for several values of some settings, with several seeds each, and what the figures are for each value.

The trainings are ordinary runs of the queue. They are found by their settings, so that a sweep that is started again trains what is
missing only. A sweep itself is a small file in the home folder.
"""

import hashlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from pydantic import Field, model_validator

from vae_core.axes.idle_settings import acts
from vae_core.errors import UserError
from vae_core.experiments.runs_of_arms import BUSY, find_run
from vae_core.frozen import Frozen
from vae_core.messages import Message
from vae_core.metrics.confidence_intervals import Estimate, mean_of
from vae_core.objectives import with_dial_value
from vae_core.presets.run_config import RunConfig
from vae_core.runs import RunRow
from vae_core.utils.files import read_file, write_atomically

LARGEST, KEPT, FILE_BYTES = 200, 100, 2**18  # trainings of a sweep, sweeps that are kept, and bytes of the file of one
FIXED = ("seed", "classes", "first", "seconds")  # numbers that do not vary: of the data, or not of the model's kind
# Figures of the test images that a sweep shows, as they stand in a checkpoint.
SHOWN = ("elbo", "distortion", "rate", "active_units", "mse")


class Sweep(Frozen):
    """Trainings of `base` with every combination of the `varied` settings' values, each with the seeds 0 to `seeds` - 1.

    A setting is a field of the objective, the model or the training; "beta" also makes an ELBO a beta-VAE. Raises UserError, as every
    configuration does, for a setting that there is not and for values that cannot work together.
    """

    base: RunConfig
    varied: dict[str, tuple[Any, ...]]
    seeds: int = Field(
        3, ge=1, le=50, title="Seeds", description="Trainings of each combination, which differ by chance alone."
    )

    @model_validator(mode="after")
    def _has_values(self) -> Self:
        for name, values in self.varied.items():
            if name in ("seed", "title"):
                raise ValueError(Message("{name} cannot vary: the seeds are counted by themselves.", name=name))
            if not values or len({repr(value) for value in values}) < len(values):
                raise ValueError(Message("{name}: give at least one value, and each one once.", name=name))
        if not self.varied:
            raise ValueError(Message("Give at least one setting with its values, such as beta=0.5,1,4."))
        if self.count > LARGEST:
            raise ValueError(
                Message(
                    "These are {count} trainings, and a sweep has at most {most}: leave out some values or seeds.",
                    count=self.count,
                    most=LARGEST,
                )
            )
        for point in self.points():
            self.run(point, 0)
        return self

    @property
    def count(self) -> int:
        """How many trainings there are."""
        return int(np.prod([len(values) for values in self.varied.values()])) * self.seeds

    @property
    def id(self) -> str:
        """The name of its file: the same for the same trainings."""
        known = self.model_copy(update={"base": _without_title(self.base)}).model_dump_json()
        return hashlib.sha256(known.encode()).hexdigest()[:16]

    def points(self) -> Iterator[dict[str, Any]]:
        """Every combination of the values, by the setting's name; the last setting changes fastest."""
        for values in itertools.product(*self.varied.values()):
            yield dict(zip(self.varied, values, strict=True))

    def run(self, point: Mapping[str, Any], seed: int) -> RunConfig:
        """The settings of one training."""
        run = self.base
        for name, value in point.items():
            run = changed(run, name, value)
        said = ", ".join(f"{name} {_short(value)}" for name, value in point.items())
        return run.replace(title=f"{said}, seed {seed}, {self.base.title}"[:80], train=_replaced(run.train, seed=seed))

    def runs(self) -> Iterator[RunConfig]:
        """The settings of all trainings."""
        for point in self.points():
            for seed in range(self.seeds):
                yield self.run(point, seed)


def changed(run: RunConfig, name: str, value: Any) -> RunConfig:
    """The run with one setting changed; raises UserError for a setting that it has not, or a value that does not suit."""
    for part in ("objective", "model", "train"):
        if name in type(getattr(run, part)).model_fields and name != "name":
            return run.replace(**{part: _replaced(getattr(run, part), **{name: value})})
    if name == "beta" and run.objective.dial is not None:
        return run.replace(objective=with_dial_value(run.objective, value).model_dump())
    known = sorted({*run.settings} - {"name", "seed"})
    raise UserError("'{name}' is not a setting of this model; settings are {known}.", name=name, known=", ".join(known))


def sweepable(run: RunConfig) -> dict[str, Message]:
    """The numbers of this run that may vary, with their titles: its dial and the size of its code first."""
    dial = run.objective.dial
    known = {} if dial is None else {dial: Message("Beta")}
    for part in (run.objective, run.model, run.train):
        for name, field in type(part).model_fields.items():
            if field.title and _is_number(field.annotation) and name not in FIXED and acts(name, run.settings):
                known[name] = Message(field.title)
    first = [name for name in (dial, "latent_dim") if name in known]
    return {name: known[name] for name in (*first, *(name for name in known if name not in first))}


@dataclass(frozen=True)
class Point:
    """One combination of a sweep: its settings, and the run of each seed, None for one that was never started."""

    settings: dict[str, Any]
    rows: tuple[RunRow | None, ...]

    @property
    def done(self) -> list[RunRow]:
        """The runs that have ended with figures."""
        return [row for row in self.rows if row is not None and row.state == "done" and figures_of(row)]

    def figure(self, name: str) -> Estimate | None:
        """The mean of a figure over the seeds that are done, with Student's interval, which a single seed has not; None without any."""
        found = [value for row in self.done if isinstance(value := figures_of(row).get(name), int | float)]
        return mean_of(np.array(found, np.float64)) if found else None


def figures_of(row: RunRow) -> dict[str, float | None]:
    """The figures of the test images that a run has ended with."""
    found: dict[str, float | None] = (row.latest.get("done") or {}).get("figures") or {}
    return found


def results(sweep: Sweep, rows: Sequence[RunRow]) -> list[Point]:
    """The points of the sweep with their runs, found among `rows`: all runs that may have its settings, newest first."""
    same: dict[str, list[RunRow]] = {}
    for row in rows:
        same.setdefault(_key(row.run), []).append(row)
    found = []
    for point in sweep.points():
        runs = (sweep.run(point, seed) for seed in range(sweep.seeds))
        found.append(Point(point, tuple(find_run(run, same.get(_key(run), [])) for run in runs)))
    return found


def missing(sweep: Sweep, rows: Sequence[RunRow]) -> list[RunConfig]:
    """The trainings that are neither done nor waiting nor under way."""
    found = (row for point in results(sweep, rows) for row in point.rows)
    return [
        run
        for run, row in zip(sweep.runs(), found, strict=True)
        if row is None or row.state not in ("done", "paused", *BUSY)
    ]


def keep(sweep: Sweep, home: Path) -> None:
    """Keep the sweep in the home folder, and the newest KEPT of all."""
    write_atomically({_folder(home) / f"{sweep.id}.json": sweep.model_dump_json().encode()})
    for path in _files(home)[KEPT:]:
        path.unlink(missing_ok=True)


def kept(home: Path) -> list[Sweep]:
    """The sweeps of the home folder, newest first; what cannot be read is left out."""
    found = []
    for path in _files(home):
        try:
            found.append(Sweep.parse(read_file(path, FILE_BYTES)))
        except (OSError, UserError):
            continue
    return found


def _folder(home: Path) -> Path:
    return home / "sweeps"


def _files(home: Path) -> list[Path]:
    """The files of sweeps, newest first; one that disappears meanwhile is left out."""
    dated = []
    for path in _folder(home).glob("*.json"):
        try:
            dated.append((path.stat().st_mtime_ns, path))
        except OSError:
            continue
    return [path for _, path in sorted(dated, reverse=True)]


def _replaced(part: Frozen, **changes: Any) -> dict[str, Any]:
    return part.replace(**changes).model_dump()


def _is_number(annotation: Any) -> bool:
    return annotation in (int, float) or annotation in (int | None, float | None)


def _without_title(run: RunConfig) -> RunConfig:
    return run.model_copy(update={"title": ""})


def _key(run: RunConfig) -> str:
    return _without_title(run).model_dump_json()


def _short(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "-".join(map(_short, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
