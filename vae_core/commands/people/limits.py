"""`limits`: the file with the limits on what one person, and all together, may use."""

import argparse
from typing import Any

from vae_core.commands.shared_arguments import home_argument
from vae_core.messages import Message


def add_limits(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser("limits", help=Message("print the limits of people as a limits.toml, with comments"))
    home_argument(parser)
    parser.set_defaults(run=_limits)


def _limits(arguments: argparse.Namespace) -> int:
    from vae_core.people.limits import FILE, Limits, as_file, read
    from vae_core.utils.paths import home

    path = home(arguments.home) / FILE
    print(as_file(read(path) if path.exists() else Limits()))
    return 0
