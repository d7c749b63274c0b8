"""`anomalies`: how strange pictures, rows of tables or the test split are to a model."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from vae_core.commands.argument_types import integer, path
from vae_core.commands.inputs_and_outputs import read_inputs
from vae_core.commands.shared_arguments import (
    check_data_dir,
    checkpoint_argument,
    checkpoint_folder,
    data_dir_argument,
    print_json,
)
from vae_core.errors import UserError
from vae_core.messages import Message

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from vae_core.anomalies.scores import Detector
    from vae_core.checkpoints import Checkpoint
    from vae_core.data import Dataset
    from vae_core.explore.explorer import Explorer

    Rows = NDArray[np.generic]


def add_anomalies(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser("anomalies", help=Message("print how strange pictures or rows are to a model"))
    checkpoint_argument(parser)
    parser.add_argument(
        "files",
        type=path,
        nargs="*",
        metavar="DATA",
        help=Message("pictures, or tables with the model's columns; without any, the test split of the model's data"),
    )
    parser.add_argument("--score", default="", help=Message("by which to judge (default: rank_mean)"))
    parser.add_argument(
        "--false-alarms",
        type=integer(0, 99),
        default=5,
        metavar="PERCENT",
        help=Message("share of normal validation examples above the threshold, in percent (default: 5)"),
    )
    parser.add_argument(
        "--peers", action="store_true", help=Message("also scikit-learn's detectors on the same splits, best first")
    )
    data_dir_argument(parser)
    parser.set_defaults(run=_anomalies)


def _anomalies(arguments: argparse.Namespace) -> int:
    from vae_core import checkpoints
    from vae_core.anomalies.scores import Detector, chosen
    from vae_core.data import load
    from vae_core.explore.explorer import Explorer
    from vae_core.jobs.measurement import subject_of

    checkpoint = checkpoints.load(checkpoint_folder(arguments.checkpoint))
    run = checkpoint.info.run
    check_data_dir(run.data.dataset, arguments.data_dir)
    name = chosen(arguments.score, run.model)
    if arguments.files and arguments.peers:
        raise UserError("--peers: they are compared on the test split: leave the files out.")
    data = load(run.data, arguments.data_dir)
    subject_of(checkpoint, data)
    detector, model = Detector(checkpoint.vae, data, run.data.target), Explorer(checkpoint)
    threshold = detector.threshold(name, arguments.false_alarms / 100)
    for where, rows in _inputs(model, data, arguments.files):
        _print(model, detector, rows, where, name, threshold)
    print_json(score=name, threshold=threshold, false_alarms=arguments.false_alarms / 100)
    if arguments.peers:
        _print_comparison(checkpoint, arguments.data_dir)
    return 0


def _inputs(model: "Explorer", data: "Dataset", files: list[str]) -> "Iterator[tuple[dict[str, Any], Rows]]":
    """What the examples of each file, or of the test split, are called, and the examples (N, *shape)."""
    for file in files:
        yield {"file": file}, read_inputs(model, file)
    if not files:
        yield {}, data.test.x.numpy()


def _print(
    model: "Explorer", detector: "Detector", rows: "Rows", where: dict[str, Any], name: str, threshold: float
) -> None:
    """A line for each example, the costliest columns of a row among it."""
    import torch

    from vae_core.anomalies.costliest_columns import costliest
    from vae_core.data import Split

    scores = detector(Split(torch.from_numpy(rows), torch.zeros(len(rows)).long()))
    for index, row in enumerate(rows):
        costs = {cost.column: cost.nats for cost in costliest(model, row)}
        print_json(
            **where,
            index=index,
            strange=bool(scores[name][index] > threshold),
            scores={each: float(values[index]) for each, values in scores.items()},
            **({"costs": costs} if costs else {}),
        )


def _print_comparison(checkpoint: "Checkpoint", data_dir: str | None) -> None:
    from vae_core.anomalies.comparison import compare, verdict

    found = compare(checkpoint.info.run, checkpoint.vae, data_dir=data_dir)
    for line in found.lines:
        print_json(detector=line.detector, ours=line.ours, auroc=line.auroc, average_precision=line.precisions[0])
    print_json(verdict=verdict(found))
