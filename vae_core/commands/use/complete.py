"""`complete`: hidden parts of pictures or empty cells of a table filled in by a model, or noise taken away."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae_core.commands.argument_types import integer, new_file, number, path
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
    from vae_core.completion.completer import Images
    from vae_core.completion.given_pictures import GivenPictures
    from vae_core.completion.hidden_parts import Hidden


def add_complete(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser(
        "complete", help=Message("fill in hidden parts of pictures or empty cells of a table, or take noise away")
    )
    checkpoint_argument(parser)
    parser.add_argument(
        "file",
        type=path,
        metavar="IN",
        help=Message(
            "a table with empty cells; an .npz file with the arrays x and mask; or a picture, an .npy array or a folder of pictures, "
            "with --mask, --hide or --noise"
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
        help=Message(
            "a picture or an .npy array of the same size, 0 where pixels are visible; for a folder of pictures also a folder of masks "
            "with the same names"
        ),
    )
    parser.add_argument("--hide", metavar="PART", help=Message("lower-half, right-half or three-quarters"))
    parser.add_argument(
        "--noise", metavar="KIND", help=Message("the noise that the pictures have: salt, gaussian or blur")
    )
    parser.add_argument(
        "--strength",
        type=number(0, 1),
        help=Message(
            "of the noise: the share of black and white pixels, the standard deviation, or the width of the blur by 5 pixels"
        ),
    )
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
    (_table if checkpoint.info.columns else _noisy if arguments.noise else _pictures)(arguments, checkpoint, label)
    return 0


def _table(arguments: argparse.Namespace, checkpoint: "Checkpoint", label: int) -> None:
    """The filled CSV, a line for each cell that was filled, and how many empty cells are left in other columns."""
    from vae_core.completion.table_cells import fill_table
    from vae_core.data.tables.reading import read
    from vae_core.export.csv_files import csv_file

    for option in ("mask", "hide", "noise", "strength", "draw", "steps"):
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
    from vae_core.completion.code_posterior import MANY
    from vae_core.completion.completer import Completer

    completer, steps = Completer(checkpoint), arguments.steps or MANY
    given, hidden = _hidden_pictures(arguments, checkpoint.vae.config.shape)
    x = given.x
    found = completer.complete(x, hidden, label, draws=int(arguments.draw), steps=steps, seed=arguments.seed)
    _write(found.draws[0] if arguments.draw else found.mean, arguments.out)
    nats = completer.nats(x, hidden, label, steps=steps, seed=arguments.seed) if arguments.hide else None
    for index, mask in enumerate(hidden):
        known = {} if nats is None else {"nats": float(nats[index])}
        print_json(index=index, **_name(given, index), hidden_pixels=int(mask.sum()), **known)
    print_json(out=arguments.out, pictures=len(x))


def _noisy(arguments: argparse.Namespace, checkpoint: "Checkpoint", label: int) -> None:
    """The pictures without their noise, and a line for each: the root mean square of what was taken away, in full pixels."""
    from vae_core.completion.code_posterior import MANY, unsuited
    from vae_core.completion.denoising import restore
    from vae_core.completion.given_pictures import given_pictures

    if arguments.mask or arguments.hide or arguments.draw or arguments.strength is None:
        raise UserError("--noise: give the --strength of the noise with it, and neither --mask nor --hide nor --draw.")
    if (why := unsuited(checkpoint.vae.config)) is not None:
        raise UserError(why)
    given = given_pictures(Path(arguments.file), checkpoint.vae.config.shape)
    steps, seed = arguments.steps or MANY, arguments.seed
    found = restore(checkpoint.vae, given.x, arguments.noise, arguments.strength, label, steps=steps, seed=seed)
    _write(found, arguments.out)
    for index, (before, after) in enumerate(zip(given.x / 255, found, strict=True)):
        print_json(index=index, **_name(given, index), taken_away=float(((before - after) ** 2).mean() ** 0.5))
    print_json(out=arguments.out, pictures=len(found))


def _hidden_pictures(arguments: argparse.Namespace, shape: tuple[int, ...]) -> "tuple[GivenPictures, Hidden]":
    """The pictures and what is hidden of them, (N, 1, H, W)."""
    from vae_core.completion.given_pictures import GivenPictures, given_masks, given_pictures
    from vae_core.completion.hidden_parts import check_masks, hidden_part
    from vae_core.completion.masked_pictures import is_archive, read_masked
    from vae_core.utils.files import read_file
    from vae_core.utils.limits import FILE_BYTES

    if arguments.strength is not None:
        raise UserError("--strength: it is the strength of the noise, so give --noise with it.")
    file = Path(arguments.file)
    if sum([is_archive(file.name), arguments.mask is not None, arguments.hide is not None]) != 1:
        raise UserError(
            "What is hidden is said in one way: give an .npz file with x and mask, or --mask, or --hide; for noise --noise."
        )
    if is_archive(file.name):
        x, hidden = read_masked(read_file(file, FILE_BYTES), file.name, shape)
        return GivenPictures(x), hidden
    given = given_pictures(file, shape)
    if arguments.hide is not None:
        return given, check_masks(hidden_part(arguments.hide, *shape[1:]), len(given.x), *shape[1:])
    return given, given_masks(Path(arguments.mask), given, shape)


def _name(given: "GivenPictures", index: int) -> dict[str, str]:
    """Of a folder, the file of a picture."""
    return {"file": given.names[index]} if given.names else {}


def _write(pictures: "Images", out: str) -> None:
    """Pictures (N, C, H, W) in [0, 1] as grey levels."""
    import numpy as np

    from vae_core.compression.picture_files import write_pictures

    levels = np.rint(255 * pictures).clip(0, 255).astype(np.uint8)
    write_bytes(out, write_pictures(levels, out))
