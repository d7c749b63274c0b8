"""`evaluate` and `encode`: a checkpoint's figures and codes."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae_core.commands.argument_types import path, whole
from vae_core.commands.output import (
    checkpoint_argument,
    checkpoint_folder,
    data_dir_argument,
    label_argument,
    label_of,
    refuse_data_dir,
    say,
)
from vae_core.errors import UserError

if TYPE_CHECKING:
    from vae_core.checkpoints import Checkpoint
    from vae_core.data import Dataset


def add_evaluate(sub: Any) -> None:
    parser = sub.add_parser("evaluate", help="measure a checkpoint on its test split, in nats per image")
    checkpoint_argument(parser)
    parser.add_argument(
        "--nll-samples",
        type=whole(0, 100_000),
        default=0,
        metavar="K",
        help="also -log p(x), by K importance samples per image",
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="also the slow figures, a line each with its 95%% interval where one can be known, and what is wrong; some minutes "
        "where there are true factors, which gradient boosting learns one by one",
    )
    data_dir_argument(parser)
    parser.set_defaults(run=_evaluate)


def _evaluate(arguments: argparse.Namespace) -> int:
    from vae_core import checkpoints
    from vae_core.data import load
    from vae_core.metrics import evaluate

    checkpoint = checkpoints.load(checkpoint_folder(arguments.checkpoint))
    config = checkpoint.info.run.data
    refuse_data_dir(config.dataset, arguments.data_dir)
    if arguments.nll_samples and not checkpoint.vae.posterior.has_density:
        raise UserError("--nll-samples: a plain autoencoder gives no probability, so it has no nll: leave it out.")
    data = load(config, arguments.data_dir)
    told = _Told("nll") if arguments.nll_samples >= 100 else None
    say(**evaluate(checkpoint.vae, data.test, config.target, nll_samples=arguments.nll_samples, progress=told))
    if arguments.all:
        _say_all(checkpoint, data)
    return 0


def _say_all(checkpoint: "Checkpoint", data: "Dataset") -> None:
    from vae_core.jobs.measurement import report
    from vae_core.metrics.report import FIGURES

    found = report(checkpoint, data, _Told("figures"))
    for line in found.lines:
        about = FIGURES[line.figure]
        kind = {"unit": about.unit, "better": about.better, "source": about.source}
        say(figure=line.figure, value=line.value, low=line.low, high=line.high, **kind)
    for group, reason in found.left_out.items():
        say(group=group, left_out=reason)
    if found.kl:
        say(figure="kl", values=found.kl, margins=found.kl_margins, unit="nats per dimension")
    if found.factors:
        say(figure="factor_map", factors=found.factors.names, values=found.factors.shares, unit="share")
    for finding in found.findings:
        say(finding=finding.name, figure=finding.figure, sentence=finding.sentence, advice=finding.advice)


class _Told:
    """Progress on the error stream, a line for each tenth."""

    def __init__(self, what: str) -> None:
        self.what, self.tenths = what, 0

    def __call__(self, share: float) -> None:
        if int(share * 10) > self.tenths:
            self.tenths = int(share * 10)
            print(f"{self.what}: {self.tenths * 10} %", file=sys.stderr, flush=True)


def add_encode(sub: Any) -> None:
    parser = sub.add_parser("encode", help="print the codes of pictures, or of the whole test split")
    checkpoint_argument(parser)
    parser.add_argument(
        "files",
        type=path,
        nargs="*",
        metavar="FILE",
        help="pictures; none: the test split's codes, as the checkpoint keeps them",
    )
    label_argument(parser)
    parser.set_defaults(run=_encode)


def _encode(arguments: argparse.Namespace) -> int:
    from vae_core.explore.explorer import Explorer
    from vae_core.images import preparation, reading

    model = Explorer.open(checkpoint_folder(arguments.checkpoint))
    label = label_of(model.info.run, arguments.label)
    if arguments.label is not None and not arguments.files:
        raise UserError(
            "--label: the test split's codes are kept with their own labels: leave it out, or name pictures."
        )
    for file in arguments.files:
        prepared, _ = preparation.prepare(reading.read(Path(file)), model.shape, dataset=model.info.run.data.dataset)
        mean, scale = model.encode(prepared[None], label)
        say(file=file, mean=mean[0].tolist(), scale=scale[0].tolist())
    if not arguments.files:
        rows = zip(
            model.latents.labels.tolist(), model.latents.mean.tolist(), model.latents.scale.tolist(), strict=True
        )
        for index, (label, mean, scale) in enumerate(rows):
            say(index=index, label=label, mean=mean, scale=scale)
    return 0
