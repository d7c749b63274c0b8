"""The command line: each function of `commands` that adds a sub-command is called with the parser."""

import argparse
import sys
from collections.abc import Sequence

from vae_core.commands import COMMANDS
from vae_core.errors import UserError


def parser() -> argparse.ArgumentParser:
    """Every sub-command, its arguments and its help."""
    top = argparse.ArgumentParser(prog="latent-explorer", description="See what a variational autoencoder has learnt.")
    sub = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in COMMANDS:
        add(sub)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one sub-command: 0 when it went well, 1 when its job failed, 2 and a sentence for wrong arguments."""
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except UserError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
