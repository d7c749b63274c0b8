"""`train`: one training in this process, with a line of output per epoch."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae_core.commands.argument_types import folder, integer, short
from vae_core.commands.own_data import data_arguments, data_config
from vae_core.commands.shared_arguments import data_dir_argument, device_argument, print_json
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.translation.terminal import say

if TYPE_CHECKING:
    from vae_core.training.events import Event

OPTIONS = {
    "latent_dim": int,
    "epochs": int,
    "seconds": float,
    "batch_size": int,
    "lr": float,
    "beta": float,
    "seed": int,
}


def add_train(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser("train", help=Message("train a model and write a checkpoint"))
    parser.add_argument("--dataset", default="digits", help=Message("see `datasets` (default: digits)"))
    data_arguments(parser)
    parser.add_argument("--preset", default="vae", help=Message("see `presets` (default: vae)"))
    for name, kind in OPTIONS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, default=argparse.SUPPRESS)
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help=Message("any other setting, its value as JSON"),
    )
    parser.add_argument("--out", type=folder, required=True, metavar="DIR", help=Message("folder for the checkpoint"))
    parser.add_argument("--resume", action="store_true", help=Message("continue from the last save in DIR"))
    parser.add_argument(
        "--threads",
        type=integer(1, 1024),
        default=1,
        help=Message("maximum number; fewer are used where that is faster (default: 1)"),
    )
    device_argument(parser)
    data_dir_argument(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    """Train; of several processes that torchrun started, the first one alone says what is wrong with the arguments."""
    try:
        return _train(arguments)
    except UserError:
        if os.environ.get("RANK", "0") == "0":
            raise
        return 2


def _train(arguments: argparse.Namespace) -> int:
    import torch

    from vae_core.axes.idle_settings import refuse_idle
    from vae_core.data import load
    from vae_core.data.own.pictures.json_report import of_dataset
    from vae_core.devices.choice import chosen
    from vae_core.devices.processes import joined, started
    from vae_core.models.build import build
    from vae_core.presets.build_run import build_run
    from vae_core.training.data_checks import check_fit, check_processes
    from vae_core.training.fit import fit
    from vae_core.training.saved_state import STATE
    from vae_core.utils.memory import keep_freed_memory

    torch.set_num_threads(arguments.threads)
    keep_freed_memory()
    if arguments.resume and not (Path(arguments.out) / STATE).is_file():
        raise UserError(
            "--resume: there is no saved training in {out}: leave --resume out, or give another folder.",
            out=arguments.out,
        )
    settings = settings_of(arguments)
    config = data_config(arguments)
    data = load(config, arguments.data_dir)
    if config.path and os.environ.get("RANK", "0") == "0":
        print_json(event="data", **of_dataset(data))
    run = build_run(arguments.preset, config, data.shape, len(data.classes), **{**data.layout_settings, **settings})
    refuse_idle(run.settings, settings)
    # before the processes are connected: one that ends while another is still connecting would hide what is refused
    check_processes(run, started())
    check_fit(run, data)
    vae = build(run.model, run.train.seed)
    with joined(chosen(run.train.device)) as processes:
        events = fit(vae, data, run, folder=Path(arguments.out), resume=arguments.resume, processes=processes)
        for event in events:
            if processes.is_first:
                _print(event)
            elif event.kind == "failed":
                print(f"{processes.rank}: {say(event.record()['message'])}", file=sys.stderr, flush=True)
    return 1 if event.kind == "failed" else 0


def _print(event: "Event") -> None:
    from vae_core.devices.choice import note_on

    record = event.record()
    if event.kind == "started" and (note := note_on(record["devices"])):
        print_json(event="resumed", note=note)
    if event.kind == "epoch":
        val = {name: record["val"][name] for name in ("elbo", "distortion", "rate")}
        print_json(epoch=record["epoch"], train_loss=record["train"]["loss"], **val, seconds=record["seconds"])
    elif event.kind in ("done", "failed"):
        print_json(
            event=event.kind,
            **{("checkpoint" if name == "path" else name): value for name, value in record.items()},
        )


def settings_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """The settings by name; raises UserError where one is given twice."""
    settings = {name: getattr(arguments, name) for name in (*OPTIONS, "device") if hasattr(arguments, name)}
    for text in arguments.set:
        name, value = _setting(text)
        if name in settings:
            raise UserError("{short} is given twice: leave one out.", short=short(name))
        settings[name] = value
    if "seconds" in settings:
        settings.setdefault("epochs", None)
    return settings


def _setting(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UserError("--set {short}: write FIELD=VALUE, for example --set hidden=[256,128].", short=short(text))
    try:
        return name, json.loads(value)
    except (ValueError, RecursionError):
        return name, value
