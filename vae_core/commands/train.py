"""`train`: one training in this process, a line per epoch."""

import argparse
import json
from pathlib import Path
from typing import Any

from vae_core.commands.say import data_dir_argument, say
from vae_core.errors import UserError

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
    parser = sub.add_parser("train", help="train a model and write a checkpoint")
    parser.add_argument("--dataset", default="digits", help="see `datasets` (default: digits)")
    parser.add_argument("--variant", default="", help="which points: moons, rings, pinwheel, spiral, mixture, gaussian")
    parser.add_argument(
        "--pictures", default="", metavar="PATH", help="a folder, a zip or an .npz, with --dataset pictures"
    )
    parser.add_argument("--target", default="grey", choices=("grey", "static", "dynamic"), help="default: grey")
    parser.add_argument("--preset", default="vae", help="see `presets` (default: vae)")
    for name, kind in OPTIONS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, default=argparse.SUPPRESS)
    parser.add_argument(
        "--set", action="append", default=[], metavar="FIELD=VALUE", help="any other setting, its value as JSON"
    )
    parser.add_argument("--out", required=True, metavar="DIR", help="folder for the checkpoint")
    parser.add_argument("--resume", action="store_true", help="go on from the last save in DIR")
    parser.add_argument(
        "--threads", type=int, default=1, help="at most so many, fewer where that is faster (default: 1)"
    )
    data_dir_argument(parser)
    parser.set_defaults(run=_train)


def _train(arguments: argparse.Namespace) -> int:
    import torch

    from vae_core.config import DataConfig
    from vae_core.datasets import load
    from vae_core.memory import keep_memory
    from vae_core.misfit import check_fit
    from vae_core.presets import preset
    from vae_core.training import fit
    from vae_core.vae import build

    torch.set_num_threads(max(1, arguments.threads))
    keep_memory()
    settings = {name: getattr(arguments, name) for name in OPTIONS if hasattr(arguments, name)}
    if "seconds" in settings:
        settings.setdefault("epochs", None)
    settings |= dict(_setting(text) for text in arguments.set)
    config = DataConfig(
        dataset=arguments.dataset, variant=arguments.variant, path=arguments.pictures, target=arguments.target
    )
    data = load(config, arguments.data_dir)
    run = preset(arguments.preset, config, data.shape, len(data.classes), **settings)
    check_fit(run, data)
    vae = build(run.model, run.train.seed)
    for event in fit(vae, data, run, folder=Path(arguments.out), resume=arguments.resume):
        if event.kind == "epoch":
            record = event.record()
            val = {name: record["val"][name] for name in ("elbo", "distortion", "rate")}
            say(epoch=record["epoch"], train_loss=record["train"]["loss"], **val, seconds=record["seconds"])
        elif event.kind in ("done", "failed"):
            record = event.record()
            say(
                event=event.kind,
                **{("checkpoint" if name == "path" else name): value for name, value in record.items()},
            )
    return 1 if event.kind == "failed" else 0


def _setting(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UserError(f"--set {text}: write FIELD=VALUE, for example --set hidden=[256,128].")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
