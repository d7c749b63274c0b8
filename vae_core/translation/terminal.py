"""The language of a terminal: its own setting (LANGUAGE, LC_ALL, LC_MESSAGES, LANG), as far as its encoding can print it."""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TextIO

from vae_core.messages import Message
from vae_core.translation.catalogues import SOURCE, catalogue, known, translated

# argparse's own words; those that only a mistake of the program can cause are left out.
ARGPARSE = (
    Message("usage: "),
    Message("positional arguments"),
    Message("options"),
    Message("show this help message and exit"),
    Message("show program's version number and exit"),
    Message("%(prog)s: error: %(message)s\n"),
    Message("argument %(argument_name)s: %(message)s"),
    Message("the following arguments are required: %s"),
    Message("unrecognized arguments: %s"),
    Message("invalid choice: %(value)r (choose from %(choices)s)"),
    Message("invalid %(type)s value: %(value)r"),
    Message("expected one argument"),
    Message("expected at least one argument"),
    Message("expected at most one argument"),
    Message("not allowed with argument %s"),
    Message("ignored explicit argument %r"),
    Message("ambiguous option: %(option)s could match %(matches)s"),
    Message("unexpected option string: %s"),
)


def asked_language(environment: Mapping[str, str]) -> str:
    """The language that the environment asks for, in gettext's order; English for C, for POSIX, and for one that is not there."""
    locale = next((found for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (found := environment.get(name))), "")
    if locale.partition(".")[0] in ("C", "POSIX"):
        return SOURCE
    listed = [*environment.get("LANGUAGE", "").split(":"), locale]
    return next((code for one in listed if (code := known(one))), SOURCE)


def language() -> str:
    """The language of this process's terminal; English where its output cannot be written in that language."""
    code = asked_language(os.environ)
    sample = catalogue(code).gettext("usage: ")
    return code if all(can_write(stream, sample) for stream in (sys.stdout, sys.stderr)) else SOURCE


def can_write(stream: TextIO | None, text: str) -> bool:
    """Whether the stream's encoding has all characters of the text; a program without a terminal has no stream."""
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except UnicodeError:
        return False
    return True


def say(text: object) -> str:
    """A text, as `translated` takes it, in the terminal's language; in English where the terminal lacks a character of it."""
    said = translated(text, language())
    return said if can_write(sys.stdout, said) and can_write(sys.stderr, said) else translated(text, SOURCE)


@contextmanager
def argparse_words() -> Iterator[None]:
    """Within the block argparse speaks the terminal's language: it looks its words up in names of its own module."""
    words, before = catalogue(language()), (argparse._, argparse.ngettext)  # type: ignore[attr-defined]
    argparse._, argparse.ngettext = words.gettext, words.ngettext  # type: ignore[attr-defined]
    try:
        yield
    finally:
        argparse._, argparse.ngettext = before  # type: ignore[attr-defined]


def translate(parser: argparse.ArgumentParser) -> None:
    """Put the parser's help texts, and those of its sub-commands, into the terminal's language."""
    code = language()
    parser.description = translated(parser.description, code) if parser.description else None
    for action in _actions(parser):
        action.help = translated(action.help, code) if action.help else action.help
        if isinstance(action, argparse._SubParsersAction):
            for command in {*action.choices.values()}:
                translate(command)


def _actions(parser: argparse.ArgumentParser) -> Iterator[Any]:
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            yield from action._choices_actions
