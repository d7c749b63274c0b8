"""`datasets`: the list of data sets, and the download of one; `presets`: the list of models by the names of their papers."""

import argparse
from typing import Any

from vae_core.commands.shared_arguments import data_dir_argument, print_json
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.translation.terminal import say


def add_datasets(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser("datasets", help=Message("list the data sets, or download one"))
    parser.add_argument("--download", metavar="NAME", help=Message("download this data set into the data folder"))
    parser.add_argument("--variant", default="", help=Message("which of the sets of medmnist (default: the first)"))
    data_dir_argument(parser)
    parser.set_defaults(run=_datasets)


def _datasets(arguments: argparse.Namespace) -> int:
    from vae_core.data import DATASETS, download
    from vae_core.utils.paths import data_dir

    folder = data_dir(arguments.data_dir)
    if arguments.download is None and arguments.variant:
        raise UserError("--variant: say which data set to download with --download, or leave it out.")
    if arguments.download is None:
        for name, family in DATASETS.items():
            print_json(
                name=name,
                title=say(family.title),
                available=family.available(folder),
                licence=say(family.licence),
                variants=family.variants,
            )
        return 0
    if arguments.download not in DATASETS or not DATASETS[arguments.download].needs_download:
        offered = ", ".join(name for name, family in DATASETS.items() if family.needs_download)
        raise UserError(
            "--download {download}: no data set of that name can be downloaded: choose {offered}.",
            download=arguments.download,
            offered=offered,
        )
    variants = DATASETS[arguments.download].variants
    if arguments.variant and arguments.variant not in variants:
        raise UserError(
            "--variant {variant}: {dataset} has no such part{known}.",
            variant=arguments.variant,
            dataset=arguments.download,
            known=Message(": choose one of {variants}", variants=", ".join(variants)) if variants else "",
        )
    try:
        for step in download(arguments.download, folder, variant=arguments.variant):
            print_json(file=step.file, done=step.done_bytes, total=step.total_bytes)
    except UserError as error:
        print_json(event="failed", message=error.message)
        return 1
    print_json(event="done", folder=str(folder))
    return 0


def add_presets(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser("presets", help=Message("list the models by their papers' names"))
    parser.set_defaults(run=_presets)


def _presets(arguments: argparse.Namespace) -> int:
    from vae_core.presets.papers import PRESETS

    for name, preset in PRESETS.items():
        print_json(name=name, title=say(preset.title), paper=preset.paper, summary=say(preset.summary))
    return 0
