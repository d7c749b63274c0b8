"""`evaluate`: the figures of a checkpoint on its test split."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from vae_core.commands.argument_types import integer
from vae_core.commands.shared_arguments import (
    check_data_dir,
    checkpoint_argument,
    checkpoint_folder,
    data_dir_argument,
    device_argument,
    print_json,
)
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.translation.terminal import say

if TYPE_CHECKING:
    import torch

    from vae_core.checkpoints import Checkpoint
    from vae_core.checkpoints.checks import Figures
    from vae_core.metrics.encoded_split import Encoded
    from vae_core.metrics.report import Subject


def add_evaluate(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser("evaluate", help=Message("measure a checkpoint on its test split, in nats per image"))
    checkpoint_argument(parser)
    parser.add_argument(
        "--nll-samples",
        type=integer(0, 100_000),
        default=0,
        metavar="K",
        help=Message("also estimate -log p(x) with K importance samples per image"),
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help=Message(
            "also the slow figures, each on a line with its 95%% interval where one is known, and a diagnosis; takes some "
            "minutes where the data have true factors, because gradient boosting learns to predict each of them"
        ),
    )
    device_argument(parser)
    data_dir_argument(parser)
    parser.set_defaults(run=_evaluate)


def _evaluate(arguments: argparse.Namespace) -> int:
    from vae_core import checkpoints
    from vae_core.data import load
    from vae_core.devices.choice import chosen
    from vae_core.jobs.measurement import subject_of

    device = chosen(getattr(arguments, "device", "auto"))
    checkpoint = checkpoints.load(checkpoint_folder(arguments.checkpoint))
    config = checkpoint.info.run.data
    check_data_dir(config.dataset, arguments.data_dir)
    if arguments.nll_samples and not checkpoint.vae.posterior.has_density:
        raise UserError("--nll-samples: a plain autoencoder has no likelihood p(x), so it has no nll: leave it out.")
    data = load(config, arguments.data_dir)
    progress = _Progress("nll") if arguments.nll_samples >= 100 else None
    subject = subject_of(checkpoint, data)
    print_json(**_figures(subject.encoded, device, arguments.nll_samples, progress))
    if arguments.all:
        _print_report(checkpoint, subject)
    return 0


def _figures(encoded: "Encoded", device: "torch.device", samples: int, progress: "_Progress | None") -> "Figures":
    """The figures, computed on that device; the other ones of --all come from codes and need none."""
    from vae_core.devices.choice import failure_on
    from vae_core.metrics.elbo_nll_bits_per_dim import figures_of

    encoded.vae.to(device)
    try:
        return figures_of(encoded, nll_samples=samples, progress=progress)
    except (RuntimeError, TypeError) as error:
        if (why := failure_on(device, error, 1)) is None:
            raise
        raise UserError(why) from None
    finally:
        encoded.vae.cpu()


def _print_report(checkpoint: "Checkpoint", subject: "Subject") -> None:
    from vae_core.jobs.measurement import measure_checkpoint
    from vae_core.metrics.figures import FIGURES, INTERVALS

    report = measure_checkpoint(checkpoint, subject, _Progress("figures"))
    for line in report.lines:
        about = FIGURES[line.figure]
        kind = {"unit": say(about.unit), "better": about.better, "source": about.source}
        kind["interval"] = INTERVALS[about.interval]
        print_json(figure=line.figure, value=line.value, low=line.low, high=line.high, **kind)
    for group, reason in report.left_out.items():
        print_json(group=group, left_out=reason)
    if report.kl:
        print_json(figure="kl", values=report.kl, margins=report.kl_margins, unit="nats per dimension")
    if report.factors:
        print_json(figure="factor_map", factors=report.factors.names, values=report.factors.shares, unit="share")
    for finding in report.findings:
        print_json(finding=finding.name, figure=finding.figure, sentence=finding.sentence, advice=finding.advice)


class _Progress:
    """Prints a line to the error stream for each tenth that is done."""

    def __init__(self, name: str) -> None:
        self.name, self.tenths = name, 0

    def __call__(self, share: float) -> None:
        if int(share * 10) > self.tenths:
            self.tenths = int(share * 10)
            print(f"{self.name}: {self.tenths * 10} %", file=sys.stderr, flush=True)
