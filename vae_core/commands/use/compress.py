"""`compress` and `decompress`: pictures to a .vae file without loss, and back."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae_core.commands.argument_types import new_file, path
from vae_core.commands.shared_arguments import (
    check_data_dir,
    checkpoint_argument,
    checkpoint_folder,
    data_dir_argument,
    print_json,
)
from vae_core.commands.use.writing import write_bytes
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.translation.terminal import say

if TYPE_CHECKING:
    from vae_core.utils.arrays import UInt8


def add_compress(sub: Any) -> None:
    """Add the sub-command `compress`."""
    parser = sub.add_parser("compress", help=Message("compress pictures to a .vae file without loss"))
    checkpoint_argument(parser)
    parser.add_argument(
        "file",
        type=path,
        metavar="IN",
        help=Message(
            "an .npy array of pictures, one picture of the model's size, or a data set's name, for its test images"
        ),
    )
    parser.add_argument("out", type=new_file, metavar="OUT", help=Message("the .vae file to write"))
    parser.add_argument(
        "--black-and-white",
        action="store_true",
        help=Message("first make grey levels above 127 white and all others black, for a model of two levels"),
    )
    data_dir_argument(parser)
    parser.set_defaults(run=_compress)


def add_decompress(sub: Any) -> None:
    """Add the sub-command `decompress`."""
    parser = sub.add_parser("decompress", help=Message("read the pictures of a .vae file"))
    checkpoint_argument(parser)
    parser.add_argument("file", type=path, metavar="IN", help=Message("the .vae file"))
    parser.add_argument(
        "out", type=new_file, metavar="OUT", help=Message("the .npy file to write, or a .png for one picture")
    )
    parser.set_defaults(run=_decompress)


def _compress(arguments: argparse.Namespace) -> int:
    from vae_core import checkpoints
    from vae_core.compression.codec import compress
    from vae_core.compression.levels import black_and_white

    checkpoint = checkpoints.load(checkpoint_folder(arguments.checkpoint))
    pictures = _pictures(arguments, checkpoint.vae.config.shape)
    if arguments.black_and_white:
        pictures = black_and_white(pictures)
    content = compress(checkpoint, pictures)
    write_bytes(arguments.out, content)
    bits = 8 * len(content) / pictures.size
    weights = (checkpoint.info.folder / checkpoints.WEIGHTS).stat().st_size
    print_json(out=arguments.out, pictures=len(pictures), bytes=len(content), bits_per_dim=bits, model_bytes=weights)
    return 0


def _decompress(arguments: argparse.Namespace) -> int:
    from vae_core import checkpoints
    from vae_core.compression.codec import decompress
    from vae_core.compression.picture_files import write_pictures
    from vae_core.utils.files import read_file
    from vae_core.utils.limits import KEPT_BYTES

    checkpoint = checkpoints.load(checkpoint_folder(arguments.checkpoint))
    found = decompress(checkpoint, read_file(Path(arguments.file), KEPT_BYTES))
    write_bytes(arguments.out, write_pictures(found.pictures, arguments.out))
    for sentence in found.damage:
        print(say(sentence.message), file=sys.stderr)
    print_json(out=arguments.out, pictures=len(found.pictures), lost=found.count - len(found.pictures))
    return 1 if found.damage else 0


def _pictures(arguments: argparse.Namespace, shape: tuple[int, ...]) -> "UInt8":
    """The pictures of IN: those of a file, or the test images of a data set."""
    from vae_core.compression.picture_files import read_pictures
    from vae_core.config import DataConfig
    from vae_core.data import DATASETS, load
    from vae_core.utils.files import read_file
    from vae_core.utils.limits import FILE_BYTES

    file = Path(arguments.file).expanduser()
    if arguments.file in DATASETS and not file.exists():
        check_data_dir(arguments.file, arguments.data_dir)
        return load(DataConfig(dataset=arguments.file), arguments.data_dir).test.x.numpy()
    if arguments.data_dir is not None:
        raise UserError("--data-dir: it is for data sets, and {file} is a file: leave it out.", file=arguments.file)
    return read_pictures(read_file(file, FILE_BYTES), file.name, shape)
