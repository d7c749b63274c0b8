"""The command line: each function of `commands` that adds a sub-command is called with the parser."""

import argparse
import os
import sys
from collections.abc import Sequence

from vae_core.about import COMMAND, VERSION
from vae_core.commands import COMMANDS
from vae_core.errors import UserError


def parser() -> argparse.ArgumentParser:
    """Every sub-command, its arguments and its help."""
    top = argparse.ArgumentParser(prog=COMMAND, description="See what a variational autoencoder has learnt.")
    top.add_argument("--version", action="version", version=f"{COMMAND} {VERSION}")
    sub = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in COMMANDS:
        add(sub)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one sub-command: 0 when it went well, 1 when its job failed, 2 and a sentence for wrong arguments."""
    try:
        arguments = parser().parse_args(argv)
        return int(arguments.run(arguments))
    except UserError as error:
        return _refuse(str(error))
    except BrokenPipeError:  # whoever read the lines has read enough
        _write_no_more()
        return 1
    except OSError as error:
        if error.filename is None:
            _write_no_more()
        return _refuse(f"{error.filename or 'The output'} cannot be used: {error.strerror or error}.")
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "can't allocate memory" not in str(error):
            raise
        return _refuse("The computer's memory is full: choose smaller layers, a smaller batch or fewer samples.")
    except KeyboardInterrupt:
        return 130


def _refuse(sentence: str) -> int:
    print(sentence.encode(errors="backslashreplace").decode(), file=sys.stderr)
    return 2


def _write_no_more() -> None:
    """Send what is still to be written nowhere: Python would complain of it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
