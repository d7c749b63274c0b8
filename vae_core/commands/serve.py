"""`serve`: the web app."""

import argparse
import os
from typing import Any

from vae_core.commands.argument_types import host, integer, path
from vae_core.commands.shared_arguments import data_dir_argument, home_argument
from vae_core.messages import Message


def add_serve(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser("serve", help=Message("start the web app"))
    parser.add_argument(
        "--host",
        type=host,
        default="127.0.0.1",
        help=Message("0.0.0.0 opens the app to the network (default: 127.0.0.1)"),
    )
    parser.add_argument("--port", type=integer(1, 65535), default=8501, help=Message("default: 8501"))
    parser.add_argument(
        "--hosts",
        default=os.environ.get("HOSTS", ""),
        metavar="NAMES",
        help=Message("other host names of this server, separated by commas, as behind a proxy (default: $HOSTS)"),
    )
    parser.add_argument(
        "--pictures",
        action="append",
        default=[],
        type=path,
        metavar="PATH",
        help=Message(
            "a folder or file of pictures that visitors may train on, of any size; may be given several times"
        ),
    )
    home_argument(parser)
    data_dir_argument(parser)
    parser.set_defaults(run=_serve)


def _serve(arguments: argparse.Namespace) -> int:
    from vae_core.web.serve import serve

    return serve(
        arguments.host, arguments.port, arguments.home, arguments.data_dir, arguments.hosts, arguments.pictures
    )
