"""`interpolate`: the decoded path between two codes, as a PNG file, or as a CSV file of rows."""

import argparse
from typing import Any

from vae_core.commands.argument_types import integer, path
from vae_core.commands.inputs_and_outputs import check_size, open_model, output_arguments, read_code, write
from vae_core.commands.shared_arguments import checkpoint_argument, print_json
from vae_core.messages import Message


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
    a, b = (read_code(model, name, label) for name in (arguments.a, arguments.b))
    codes = interpolate(a, b, arguments.steps, arguments.path)
    write(arguments.out, model, model.decode(codes, label))
    print_json(out=arguments.out, a=a.tolist(), b=b.tolist(), path=arguments.path)
    return 0
