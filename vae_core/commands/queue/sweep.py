"""`sweep`: a model trained for several values of its settings and several seeds, in the queue of the app; a table with intervals."""

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae_core.commands.argument_types import integer, short
from vae_core.commands.own_data import data_arguments, data_config
from vae_core.commands.shared_arguments import data_dir_argument, device_argument, home_argument, print_json
from vae_core.commands.train import OPTIONS, settings_of
from vae_core.errors import UserError
from vae_core.messages import Message

if TYPE_CHECKING:
    from vae_core.experiments.sweeps import Sweep
    from vae_core.runs import RunRow, Store

POLL = 0.3  # seconds between two looks at the queue


def add_sweep(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser("sweep", help=Message("train a model for several values of its settings, and compare them"))
    parser.add_argument("preset", metavar="PRESET", help=Message("see `presets`"))
    parser.add_argument("dataset", metavar="DATA", help=Message("see `datasets`"))
    parser.add_argument(
        "--vary",
        action="append",
        required=True,
        metavar="FIELD=VALUES",
        help=Message(
            "a setting and its values with commas between, such as beta=0.5,1,4; several times for every combination"
        ),
    )
    parser.add_argument(
        "--seeds",
        type=integer(1, 50),
        default=3,
        help=Message("trainings of each combination, which the intervals need (default: 3)"),
    )
    data_arguments(parser)
    for name, kind in OPTIONS.items():
        if name != "seed":
            parser.add_argument(f"--{name.replace('_', '-')}", type=kind, default=argparse.SUPPRESS)
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help=Message("any other setting, its value as JSON"),
    )
    device_argument(parser)
    home_argument(parser)
    data_dir_argument(parser)
    parser.set_defaults(run=_sweep)


def _sweep(arguments: argparse.Namespace) -> int:
    from vae_core.experiments.sweeps import keep, missing, results
    from vae_core.runs import Store
    from vae_core.runs.many.listing import like_any
    from vae_core.scheduling.start_scheduler import ensure_scheduler

    sweep, store = _of(arguments), Store(arguments.home)
    for run in missing(sweep, like_any(store, sweep.runs())):
        store.create(run, data_dir=arguments.data_dir)
    keep(sweep, store.home)
    ensure_scheduler(store.home)
    _wait(sweep, store)
    points = results(sweep, like_any(store, sweep.runs()))
    for point in points:
        print_json(**point.settings, seeds=len(point.done), **_figures(point))
    return 0 if all(len(point.done) == sweep.seeds for point in points) else 1


def _of(arguments: argparse.Namespace) -> "Sweep":
    """What is asked for; raises UserError before anything is trained."""
    from vae_core.axes.idle_settings import refuse_idle
    from vae_core.data import load
    from vae_core.experiments.sweeps import Sweep
    from vae_core.presets.build_run import build_run
    from vae_core.training.data_checks import check_fit

    varied = dict(map(_varied, arguments.vary))
    if len(varied) < len(arguments.vary):
        raise UserError("--vary: a setting is given twice: put all its values into one.")
    config = data_config(arguments)
    if config.path:  # the process that trains has another working folder
        config = config.replace(path=str(Path(config.path).expanduser().absolute()))
    data, settings = load(config, arguments.data_dir), settings_of(arguments)
    base = build_run(arguments.preset, config, data.shape, len(data.classes), **{**data.layout_settings, **settings})
    refuse_idle(base.settings, settings)
    sweep = Sweep(base=base, varied=varied, seeds=arguments.seeds)
    for run in sweep.runs():
        refuse_idle(run.settings, varied.keys() & run.settings.keys())
    check_fit(base, data)
    return sweep


def _varied(text: str) -> tuple[str, tuple[Any, ...]]:
    name, equals, values = text.partition("=")
    if not equals or not values:
        raise UserError("--vary {short}: write FIELD=VALUES, for example --vary beta=0.5,1,4.", short=short(text))
    try:
        return name.replace("-", "_"), tuple(json.loads(f"[{values}]"))
    except (ValueError, RecursionError):
        return name.replace("-", "_"), tuple(values.split(","))


def _wait(sweep: "Sweep", store: "Store") -> None:
    """Print each training once it has ended, until all have; those that a person pauses meanwhile are not waited for."""
    from vae_core.experiments.runs_of_arms import BUSY
    from vae_core.experiments.sweeps import figures_of, results
    from vae_core.runs.many.listing import like_any
    from vae_core.scheduling.start_scheduler import ensure_scheduler

    said: set[str] = set()
    while True:
        rows = [row for point in results(sweep, like_any(store, sweep.runs())) for row in point.rows if row is not None]
        for row in rows:
            if row.state not in BUSY and row.id not in said:
                said.add(row.id)
                print_json(run=row.id, title=row.title, state=row.state, **_ended(row, figures_of(row)))
        if not any(row.state in BUSY for row in rows):
            return
        ensure_scheduler(store.home)
        time.sleep(POLL)


def _ended(row: "RunRow", figures: dict[str, float | None]) -> dict[str, Any]:
    return {"elbo": figures.get("elbo"), "distortion": figures["distortion"]} if figures else {"message": row.message}


def _figures(point: Any) -> dict[str, Any]:
    """Each figure with the ends of its 95 % interval over the seeds; null where there is none."""
    from vae_core.experiments.sweeps import SHOWN

    found = {name: point.figure(name) for name in SHOWN}
    return {name: estimate.record() for name, estimate in found.items() if estimate is not None}
