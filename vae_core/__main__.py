"""The command line: the parser with all sub-commands of `commands`, and the exit status."""

import argparse
import os
import sys
from collections.abc import Sequence

from vae_core.about import COMMAND, VERSION
from vae_core.commands import COMMANDS
from vae_core.errors import UserError, reason
from vae_core.messages import Message
from vae_core.translation.terminal import argparse_words, say, translate


def parser() -> argparse.ArgumentParser:
    """The parser with every sub-command, its arguments and its help."""
    top = argparse.ArgumentParser(prog=COMMAND, description=Message("See what a variational autoencoder has learnt."))
    top.add_argument("--version", action="version", version=f"{COMMAND} {VERSION}")
    sub = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in COMMANDS:
        add(sub)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one sub-command. The exit status is 0 for success, 1 for a failed job, 2 (with a sentence) for wrong arguments."""
    try:
        with argparse_words():
            top = parser()
            translate(top)
            arguments = top.parse_args(argv)
        return int(arguments.run(arguments))
    except UserError as error:
        return _refuse(error.message)
    except BrokenPipeError:  # the reader of the output has closed it
        _discard_output()
        return 1
    except OSError as error:
        if error.filename is None:
            _discard_output()
        name = error.filename or Message("The output")
        return _refuse(Message("{name} cannot be used: {strerror}.", name=name, strerror=reason(error)))
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "can't allocate memory" not in str(error):
            raise
        return _refuse(
            Message("The computer's memory is full: choose smaller layers, a smaller batch or fewer samples.")
        )
    except KeyboardInterrupt:
        return 130


def _refuse(sentence: Message) -> int:
    print(say(sentence).encode(errors="backslashreplace").decode(), file=sys.stderr)
    return 2


def _discard_output() -> None:
    """Discard the remaining output, because Python would print an error when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
