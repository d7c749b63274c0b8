"""Shared parts of `reconstruct`, `generate` and `interpolate`: their arguments, reading pictures, and writing PNG files."""

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING

from vae_core.commands.argument_types import integer, new_file
from vae_core.commands.shared_arguments import check_label, checkpoint_folder, label_argument, print_json
from vae_core.config import LARGEST_SEED
from vae_core.errors import UserError
from vae_core.utils.arrays import UInt8

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from vae_core.explore.explorer import Explorer

SCALE = 4  # side of a model's pixel in the file, in pixels
POINT_PIXELS = 64 * 64  # of the picture of a point
LARGEST = 2**30  # bytes of the whole picture


def output_arguments(parser: argparse.ArgumentParser) -> None:
    """--out and --label."""
    parser.add_argument("--out", type=new_file, required=True, metavar="PNG", help="the file to write")
    label_argument(parser)


def seed_argument(parser: argparse.ArgumentParser) -> None:
    """--seed."""
    parser.add_argument("--seed", type=integer(0, LARGEST_SEED), default=0, help="default: 0")


def open_model(arguments: argparse.Namespace) -> tuple["Explorer", int]:
    """The model, and the label that conditions it."""
    from vae_core.explore.explorer import Explorer

    model = Explorer.open(checkpoint_folder(arguments.checkpoint))
    return model, check_label(model.info.run, arguments.label)


def check_size(model: "Explorer", count: int) -> None:
    """Raise UserError where a picture of `count` outputs would be too large."""
    pixels = math.prod(model.shape) if len(model.shape) > 1 else POINT_PIXELS
    if count * pixels * SCALE**2 > LARGEST:
        raise UserError(
            "The picture would be too large: give at most {largest:,}.", largest=LARGEST // (pixels * SCALE**2)
        )


def read_picture(model: "Explorer", file: str) -> "UInt8":
    """A picture file as an input of the model, (C, H, W); of more than 8 bits, a line of output says how its levels are read."""
    from vae_core.data.own.pictures.one_picture import read_picture as read
    from vae_core.images import preparation

    picture, said = read(Path(file))
    if said:
        print_json(file=file, note=said)
    return preparation.prepare(picture, model.shape, dataset=model.info.run.data.dataset)[0]


def write_png(out: str, x: "NDArray[np.float32]", columns: int | None = None) -> None:
    """Write outputs x (N, *shape) as one picture with so many columns, by default in one row; UserError where that fails."""
    from vae_core.images import writing
    from vae_core.utils.files import write_atomically

    sheet = writing.sheet(writing.pictures(x), columns or len(x))
    try:
        write_atomically({Path(out): writing.png(writing.upscale(sheet, SCALE))})
    except OSError as error:
        raise UserError("Cannot write {out}: {strerror}.", out=out, strerror=error.strerror) from None
