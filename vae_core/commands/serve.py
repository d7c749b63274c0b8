"""`serve`: the web app."""

import argparse
import os
from typing import Any

from vae_core.commands.argument_types import host, integer, path
from vae_core.commands.shared_arguments import data_dir_argument, home_argument
from vae_core.messages import Message
from vae_core.room.access import WISHES


def add_serve(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser("serve", help=Message("start the web app"))
    parser.add_argument(
        "--host",
        type=host,
        default="127.0.0.1",
        help=Message("0.0.0.0 opens the app to the network (default: 127.0.0.1)"),
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--port", type=integer(1, 65535), default=8501, help=Message("default: 8501"))
    where.add_argument(
        "--socket", type=path, metavar="FILE", help=Message("a Unix socket to listen on instead of a port")
    )
    _public_arguments(parser)
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
    parser.add_argument(
        "--cluster",
        default="",
        metavar="HOST:PORT",
        help=Message("train on the nodes of this Ray cluster (default: on this computer)"),
    )
    home_argument(parser)
    data_dir_argument(parser)
    parser.set_defaults(run=_serve)


def _public_arguments(parser: argparse.ArgumentParser) -> None:
    """How the app is reached from elsewhere; vae_core.web.serve.Public says more."""
    add = parser.add_argument
    add(
        "--room",
        choices=WISHES,
        default="auto",
        help=Message(
            "on a network: the code of the last hours (auto), a new code, or none: anybody may enter (default: auto)"
        ),
    )
    add(
        "--hosts",
        default=os.environ.get("HOSTS", ""),
        metavar="NAMES",
        help=Message("the names of the public origin behind a proxy, separated by commas (default: $HOSTS)"),
    )
    add(
        "--proxy",
        default="",
        metavar="ADDRESSES",
        help=Message(
            "addresses of proxies whose X-Forwarded headers are believed, separated by commas (default: none)"
        ),
    )
    add(
        "--base-path",
        default="",
        metavar="PATH",
        help=Message("the path below which a proxy offers the app, as in /vae"),
    )
    add("--cert", type=path, metavar="FILE", help=Message("the certificate's file, for https"))
    add("--key", type=path, metavar="FILE", help=Message("the file of the certificate's private key"))
    add(
        "--personal",
        action="store_true",
        help=Message(
            "whoever reaches the socket has logged in elsewhere and is the server's owner, as in a JupyterHub"
        ),
    )


def _serve(arguments: argparse.Namespace) -> int:
    from vae_core.web.serve import Public, serve

    public = Public(
        arguments.hosts,
        arguments.room,
        arguments.base_path,
        arguments.proxy,
        str(arguments.cert or ""),
        str(arguments.key or ""),
        str(arguments.socket or ""),
        arguments.personal,
    )
    return serve(
        arguments.host,
        arguments.port,
        arguments.home,
        arguments.data_dir,
        public,
        arguments.pictures,
        arguments.cluster,
    )
