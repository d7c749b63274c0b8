"""`limits`: the limits on what one person, and all together, may use, and a file that sets them."""

import argparse
from pathlib import Path
from typing import Any

from vae_core.commands.argument_types import new_file
from vae_core.commands.shared_arguments import home_argument, print_json
from vae_core.messages import Message
from vae_core.translation.terminal import say


def add_limits(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser("limits", help=Message("print the limits on what people may use, or write them as a file"))
    parser.add_argument(
        "--out", type=new_file, metavar="FILE", help=Message("write a limits.toml with all limits and comments")
    )
    home_argument(parser)
    parser.set_defaults(run=_limits)


def _limits(arguments: argparse.Namespace) -> int:
    from vae_core.people.limits import FILE, SECTIONS, Limits, as_file, read
    from vae_core.utils.files import write_atomically
    from vae_core.utils.paths import home

    path = home(arguments.home) / FILE
    limits = read(path) if path.exists() else Limits()
    if arguments.out is not None:
        write_atomically({Path(arguments.out): f"{as_file(limits)}\n".encode()})
    for section in SECTIONS:
        values = getattr(limits, section)
        for name, field in type(values).model_fields.items():
            about = say(field.description)
            print_json(section=section, limit=name, value=getattr(values, name), default=field.default, about=about)
    return 0
