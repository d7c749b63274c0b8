"""Shared parts of the commands that read pictures or rows and write PNG or CSV files, such as `interpolate`."""

import argparse
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from vae_core.commands.argument_types import integer, new_file
from vae_core.commands.shared_arguments import check_label, checkpoint_folder, label_argument, print_json
from vae_core.config import LARGEST_SEED
from vae_core.errors import UserError, reason
from vae_core.messages import Message
from vae_core.translation.terminal import say

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from vae_core.explore.explorer import Explorer

SCALE = 4  # side of a model's pixel in the file, in pixels
POINT_PIXELS = 64 * 64  # of the picture of a point
LARGEST = 2**30  # bytes of the whole picture


def output_arguments(parser: argparse.ArgumentParser) -> None:
    """--out and --label."""
    parser.add_argument(
        "--out",
        type=new_file,
        required=True,
        metavar="FILE",
        help=Message(
            "the PNG to write, a CSV of a table's rows, a text file of sentences, or a .smi or .sdf file of molecules"
        ),
    )
    label_argument(parser)


def seed_argument(parser: argparse.ArgumentParser) -> None:
    """--seed."""
    parser.add_argument("--seed", type=integer(0, LARGEST_SEED), default=0, help=Message("default: 0"))


def open_model(arguments: argparse.Namespace) -> tuple["Explorer", int]:
    """The model, and the label that conditions it."""
    from vae_core.explore.explorer import Explorer

    model = Explorer.open(checkpoint_folder(arguments.checkpoint))
    return model, check_label(model.info.run, arguments.label)


def check_size(model: "Explorer", count: int) -> None:
    """Raise UserError where a picture of `count` outputs would be too large."""
    if model.info.columns or model.info.vocabulary is not None:
        return
    pixels = math.prod(model.shape) if len(model.shape) > 1 else POINT_PIXELS
    if count * pixels * SCALE**2 > LARGEST:
        raise UserError(
            "The picture would be too large: give at most {largest:,}.", largest=LARGEST // (pixels * SCALE**2)
        )


def read_inputs(model: "Explorer", file: str) -> "NDArray[np.generic]":
    """A picture file as an input of the model, (1, C, H, W), the rows of a table, (N, D), or the sentences of a text file or
    the molecules of a .smi file, (N, T).

    Of a picture of more than 8 bits, a line of output says how its levels are read; what may be wrong with a photograph, such as
    that no ink is found, goes to the error output, so that each line of output stays the code of a picture.
    """
    from vae_core.data.own.pictures.one_picture import read_picture
    from vae_core.data.tables import columns
    from vae_core.data.tables import reading as tables
    from vae_core.data.text.lines import read_lines
    from vae_core.data.text.molecule_files import read_smiles
    from vae_core.images import preparation
    from vae_core.molecules.notation import typed

    if model.info.columns:
        return columns.encode(model.info.columns, tables.cells(tables.read(Path(file), fewest=1)))
    if model.info.vocabulary is not None:
        words = model.info.vocabulary
        texts = (
            [typed(one, words.notation) for one in read_smiles(Path(file), 1)[1]]
            if words.notation
            else read_lines(Path(file))
        )
        return words.ids(texts, model.shape[0])
    picture, said = read_picture(Path(file))
    if said:
        print_json(file=file, note=said)
    prepared = preparation.prepare(picture, model.shape, dataset=model.info.run.data.dataset)
    if prepared.problem is not None:
        print(f"{file}: {say(prepared.problem)}".encode(errors="backslashreplace").decode(), file=sys.stderr)
    return prepared.x[None]


def read_code(model: "Explorer", name: str, label: int) -> "NDArray[np.float32]":
    """The code (L,) of a test image by its number, or of a picture, or of the first row of a table, by its file."""
    if not name.isdecimal():
        return model.encode(read_inputs(model, name)[:1], label)[0][0]
    if len(name) > 18 or int(name) >= len(model.latents.mean):
        raise UserError(
            "There is no test image or row {name}: the last one is {count}.",
            name=name,
            count=len(model.latents.mean) - 1,
        )
    return model.latents.mean[int(name)]


def write(out: str, model: "Explorer", x: "NDArray[np.float32]", columns: int | None = None) -> None:
    """Write outputs x (N, *shape) of the model: a picture with so many columns, by default in one row, the rows of a table, lines, or
    molecules.

    Raises UserError where the file cannot be written.
    """
    from vae_core.export.csv_files import rows_as_csv
    from vae_core.images import writing
    from vae_core.molecules import files
    from vae_core.utils.files import write_atomically

    if model.info.columns:
        content = rows_as_csv(model.info.columns, x)
    elif model.info.vocabulary is not None and model.info.vocabulary.notation:
        smiles = model.info.vocabulary.smiles(x)
        content = files.sdf(smiles) if Path(out).suffix.lower() == ".sdf" else files.smi(smiles)
    elif model.info.vocabulary is not None:
        content = "".join(f"{text}\n" for text in model.info.vocabulary.sentences(x)).encode()
    else:
        content = writing.png(writing.upscale(writing.sheet(writing.pictures(x), columns or len(x)), SCALE))
    try:
        write_atomically({Path(out): content})
    except OSError as error:
        raise UserError("Cannot write {out}: {strerror}.", out=out, strerror=reason(error)) from None
