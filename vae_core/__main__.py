"""The command line: the parser with all sub-commands of `commands`, and the exit status."""

import argparse
import os
import sys
from collections.abc import Sequence

from vae_core.about import COMMAND, VERSION
from vae_core.commands import COMMANDS
from vae_core.errors import UserError


def parser() -> argparse.ArgumentParser:
    """The parser with every sub-command, its arguments and its help."""
    top = argparse.ArgumentParser(prog=COMMAND, description="See what a variational autoencoder has learnt.")
    top.add_argument("--version", action="version", version=f"{COMMAND} {VERSION}")
    sub = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in COMMANDS:
        add(sub)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one sub-command. The exit status is 0 for success, 1 for a failed job, 2 (with a sentence) for wrong arguments."""
    try:
        arguments = parser().parse_args(argv)
        return int(arguments.run(arguments))
    except UserError as error:
        return _refuse(str(error))
    except BrokenPipeError:  # the reader of the output has closed it
        _discard_output()
        return 1
    except OSError as error:
        if error.filename is None:
            _discard_output()
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


def _discard_output() -> None:
    """Discard the remaining output, because Python would print an error when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
