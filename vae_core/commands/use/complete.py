"""`complete`: hidden parts of pictures, or empty cells of a table, filled in by a model."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae_core.commands.argument_types import integer, new_file, path
from vae_core.commands.inputs_and_outputs import seed_argument
from vae_core.commands.shared_arguments import (
    check_label,
    checkpoint_argument,
    checkpoint_folder,
    label_argument,
    print_json,
)
from vae_core.commands.use.writing import write_bytes
from vae_core.errors import UserError
from vae_core.messages import Message

if TYPE_CHECKING:
    from vae_core.checkpoints import Checkpoint
    from vae_core.completion.hidden_parts import Hidden
    from vae_core.utils.arrays import UInt8


def add_complete(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser("complete", help=Message("fill in hidden parts of pictures, or empty cells of a table"))
    checkpoint_argument(parser)
    parser.add_argument(
        "file",
        type=path,
        metavar="IN",
        help=Message(
            "a table with empty cells; an .npz file with the arrays x and mask; or pictures, with --mask or --hide"
        ),
    )
    parser.add_argument(
        "out",
        type=new_file,
        metavar="OUT",
        help=Message("the CSV of the table, the .npy of the pictures, or a .png for one picture, to write"),
    )
    parser.add_argument(
        "--mask",
        type=path,
        metavar="FILE",
        help=Message("a picture or an .npy array of the same size, 0 where pixels are visible"),
    )
    parser.add_argument("--hide", metavar="PART", help=Message("lower-half, right-half or three-quarters"))
    parser.add_argument(
        "--draw", action="store_true", help=Message("write one sample for each picture, not the mean over many")
    )
    parser.add_argument("--steps", type=integer(1, 1000), help=Message("of the optimisation (default: 150)"))
    label_argument(parser)
    seed_argument(parser)
    parser.set_defaults(run=_complete)


def _complete(arguments: argparse.Namespace) -> int:
    from vae_core import checkpoints

    checkpoint = checkpoints.load(checkpoint_folder(arguments.checkpoint))
    label = check_label(checkpoint.info.run, arguments.label)
    (_table if checkpoint.info.columns else _pictures)(arguments, checkpoint, label)
    return 0


def _table(arguments: argparse.Namespace, checkpoint: "Checkpoint", label: int) -> None:
    """The filled CSV, a line for each cell that was filled, and how many empty cells are left in other columns."""
    from vae_core.completion.table_cells import fill_table
    from vae_core.data.tables.reading import read
    from vae_core.export.csv_files import csv_file

    for option in ("mask", "hide", "draw", "steps"):
        if getattr(arguments, option):
            raise UserError(
                "--{option}: it is for pictures, and this model is of a table: leave it out.", option=option
            )
    found = fill_table(checkpoint, read(Path(arguments.file), fewest=1), label, arguments.seed)
    write_bytes(arguments.out, csv_file(found.columns))
    for cell in found.filled:
        print_json(row=cell.row, column=cell.column, value=cell.value)
    print_json(out=arguments.out, filled=len(found.filled), left_empty=found.left)


def _pictures(arguments: argparse.Namespace, checkpoint: "Checkpoint", label: int) -> None:
    """The completed pictures, and a line for each: the hidden pixels and, with --hide, the nats of what was there."""
    import numpy as np

    from vae_core.completion.code_posterior import MANY
    from vae_core.completion.completer import Completer
    from vae_core.compression.picture_files import write_pictures

    completer, steps = Completer(checkpoint), arguments.steps or MANY
    x, hidden = _hidden_pictures(arguments, checkpoint.vae.config.shape)
    found = completer.complete(x, hidden, label, draws=int(arguments.draw), steps=steps, seed=arguments.seed)
    levels = np.rint(255 * (found.draws[0] if arguments.draw else found.mean)).clip(0, 255).astype(np.uint8)
    write_bytes(arguments.out, write_pictures(levels, arguments.out))
    nats = completer.nats(x, hidden, label, steps=steps, seed=arguments.seed) if arguments.hide else None
    for index, mask in enumerate(hidden):
        known = {} if nats is None else {"nats": float(nats[index])}
        print_json(index=index, hidden_pixels=int(mask.sum()), **known)
    print_json(out=arguments.out, pictures=len(x))


def _hidden_pictures(arguments: argparse.Namespace, shape: tuple[int, ...]) -> "tuple[UInt8, Hidden]":
    """The pictures (N, C, H, W) and what is hidden of them, (N, 1, H, W)."""
    from vae_core.completion.hidden_parts import check_masks, hidden_part
    from vae_core.completion.masked_pictures import is_archive, read_mask, read_masked
    from vae_core.compression.picture_files import read_pictures
    from vae_core.utils.files import read_file
    from vae_core.utils.limits import FILE_BYTES

    ways = [is_archive(arguments.file), arguments.mask is not None, arguments.hide is not None]
    if sum(ways) != 1:
        raise UserError("What is hidden is said in one way: give an .npz file with x and mask, or --mask, or --hide.")
    data, name = read_file(Path(arguments.file), FILE_BYTES), Path(arguments.file).name
    if is_archive(arguments.file):
        return read_masked(data, name, shape)
    x = read_pictures(data, name, shape)
    if arguments.hide is not None:
        return x, check_masks(hidden_part(arguments.hide, *shape[1:]), len(x), *shape[1:])
    mask = Path(arguments.mask)
    return x, read_mask(read_file(mask, FILE_BYTES), mask.name, len(x), shape)
