"""`slim`: a model made smaller, with the bits of each layer, and what it costs in nats and saves in bytes."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae_core.commands.argument_types import folder, number
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
    from vae_core.slim.slimming import Slimmed


def add_slim(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser("slim", help=Message("make a model smaller, and measure what that costs"))
    checkpoint_argument(parser)
    parser.add_argument(
        "--bits",
        type=int,
        choices=(8, 16, 32),
        default=8,
        help=Message("of a weight; with 8, a layer that would lose too much has 16 (default: 8)"),
    )
    parser.add_argument(
        "--prune",
        type=number(0, 0.95),
        default=0.0,
        metavar="SHARE",
        help=Message(
            "share of each layer's weights that is set to zero; a layer with less than a hundredth of them stays whole"
        ),
    )
    parser.add_argument(
        "--units",
        type=number(0, 0.95),
        default=0.0,
        metavar="SHARE",
        help=Message("share of each dense layer's hidden units that is removed"),
    )
    parser.add_argument(
        "--finetune",
        type=number(0, 3600),
        default=0.0,
        metavar="SECONDS",
        help=Message("train further for so long, with pruned weights held at zero; a pruned model needs it"),
    )
    parser.add_argument("--out", type=folder, metavar="DIR", help=Message("folder for the smaller model's checkpoint"))
    data_dir_argument(parser)
    parser.set_defaults(run=_slim)


def _slim(arguments: argparse.Namespace) -> int:
    import torch

    from vae_core import checkpoints
    from vae_core.data import load
    from vae_core.slim.slimming import Slimmed, SlimSettings, save, slim

    folder = checkpoint_folder(arguments.checkpoint)
    if arguments.out and Path(arguments.out).resolve() == folder.resolve():
        raise UserError("--out: this is the folder of the model itself: give another one.")
    checkpoint, config = checkpoints.load(folder), checkpoints.info(folder).run.data
    check_data_dir(config.dataset, arguments.data_dir)
    settings = SlimSettings(
        bits=arguments.bits, prune=arguments.prune, units=arguments.units, seconds=arguments.finetune
    )
    data = load(config, arguments.data_dir)
    torch.set_num_threads(1)
    for event in slim(checkpoint, data, settings):
        if isinstance(event, Slimmed):
            _print(event)
            if arguments.out:
                save(Path(arguments.out), event, checkpoint, data)
                print_json(event="done", checkpoint=arguments.out)
        elif event.kind == "epoch":
            record = event.record()
            val = {name: record["val"][name] for name in ("elbo", "distortion", "rate")}
            print_json(epoch=record["epoch"], train_loss=record["train"]["loss"], **val, seconds=record["seconds"])
    return 0


def _print(slimmed: "Slimmed") -> None:
    """A line for each layer, and one with the figures of the test split before and after, in nats per image."""
    state = slimmed.vae.state_dict()
    for name, rounding in slimmed.roundings.items():
        zeros = round((state[name] == 0).float().mean().item(), 4)
        print_json(weight=name, shape=list(state[name].shape), bits=rounding.bits, zeros=zeros)
    has_rate = slimmed.vae.posterior.has_density
    name, sign = ("elbo", -1) if has_rate else ("distortion", 1)
    figures = {f"{name}_before": sign * slimmed.loss_before, name: sign * slimmed.loss, "cost": slimmed.cost}
    print_json(**figures, bytes_before=slimmed.bytes_before, bytes=slimmed.bytes)
