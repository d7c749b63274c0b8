"""`interpolate`: the decoded path between two codes, as a PNG file, or as a CSV file of rows."""

import argparse
from typing import TYPE_CHECKING, Any

from vae_core.commands.argument_types import integer, path
from vae_core.commands.inputs_and_outputs import check_size, open_model, output_arguments, read_inputs, write
from vae_core.commands.shared_arguments import checkpoint_argument, print_json
from vae_core.errors import UserError
from vae_core.messages import Message

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from vae_core.explore.explorer import Explorer


def add_interpolate(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser("interpolate", help=Message("write the decoded path between the codes of two pictures"))
    checkpoint_argument(parser)
    parser.add_argument(
        "a", type=path, metavar="A", help=Message("a picture or a table, or the number of a test image or row")
    )
    parser.add_argument(
        "b", type=path, metavar="B", help=Message("a picture or a table, or the number of a test image or row")
    )
    parser.add_argument("--steps", type=integer(2, 1000), default=11, help=Message("default: 11"))
    parser.add_argument("--path", choices=("linear", "spherical"), default="linear", help=Message("default: linear"))
    output_arguments(parser)
    parser.set_defaults(run=_interpolate)


def _interpolate(arguments: argparse.Namespace) -> int:
    from vae_core.explore.interpolation import interpolate

    model, label = open_model(arguments)
    check_size(model, arguments.steps)
    a, b = (_code(model, name, label) for name in (arguments.a, arguments.b))
    codes = interpolate(a, b, arguments.steps, arguments.path)
    write(arguments.out, model, model.decode(codes, label))
    print_json(out=arguments.out, a=a.tolist(), b=b.tolist(), path=arguments.path)
    return 0


def _code(model: "Explorer", name: str, label: int) -> "NDArray[np.float32]":
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
