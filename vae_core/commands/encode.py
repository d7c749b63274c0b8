"""`encode`: the codes of pictures, of the rows of tables, or of a checkpoint's test split."""

import argparse
from typing import Any

from vae_core.commands.argument_types import path
from vae_core.commands.inputs_and_outputs import read_inputs
from vae_core.commands.shared_arguments import (
    check_label,
    checkpoint_argument,
    checkpoint_folder,
    label_argument,
    print_json,
)
from vae_core.errors import UserError
from vae_core.messages import Message


def add_encode(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser("encode", help=Message("print the codes of pictures or rows, or of the whole test split"))
    checkpoint_argument(parser)
    parser.add_argument(
        "files",
        type=path,
        nargs="*",
        metavar="FILE",
        help=Message(
            "pictures, or tables with the model's columns; without any, the codes of the test split that the checkpoint holds"
        ),
    )
    label_argument(parser)
    parser.set_defaults(run=_encode)


def _encode(arguments: argparse.Namespace) -> int:
    from vae_core.explore.explorer import Explorer

    model = Explorer.open(checkpoint_folder(arguments.checkpoint))
    label = check_label(model.info.run, arguments.label)
    if arguments.label is not None and not arguments.files:
        raise UserError(
            "--label: the codes of the test split have their own labels: leave it out, or give pictures to encode."
        )
    many = model.info.columns or model.info.vocabulary is not None  # a file of rows or of lines
    for file in arguments.files:
        means, scales = model.encode(read_inputs(model, file), label)
        for row, (mean, scale) in enumerate(zip(means.tolist(), scales.tolist(), strict=True)):
            print_json(file=file, **({"row": row} if many else {}), mean=mean, scale=scale)
    if not arguments.files:
        columns = model.latents.labels.tolist(), model.latents.mean.tolist(), model.latents.scale.tolist()
        for index, (label, mean, scale) in enumerate(zip(*columns, strict=True)):
            print_json(index=index, label=label, mean=mean, scale=scale)
    return 0
