"""The languages there are, the catalogue of each, and a text looked up in one of them.

English is written in the code and needs no catalogue. `vae_core/locale` holds one .po file for each other language, read when
it is first needed; `make messages` brings these files up to date. No language is ever kept in the process: whoever shows a text
says in which language.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from vae_core.errors import UserError
from vae_core.messages import Message, fill

LANGUAGES = {"en": "English", "zh": "中文"}  # code in the address -> what its speakers call it
SOURCE = "en"
FOLDER = Path(__file__).parents[1] / "locale"
_ACCEPTED = re.compile(r"([A-Za-z]{1,8})(?:-[A-Za-z0-9-]{1,40})?(?:;\s*q=([01](?:\.\d{1,3})?))?", re.ASCII)


def known(tag: str | None) -> str | None:
    """The language of a tag such as "zh-TW" or "zh_CN.UTF-8", whatever its region and script; None for one that is not there."""
    code = re.split(r"[-_.@]", tag or "", maxsplit=1)[0].lower()
    return code if code in LANGUAGES else None


def nearest(tag: str | None) -> str:
    """The language of a tag; English for one that is not there."""
    return known(tag) or SOURCE


def preferred(accepted: str) -> str | None:
    """The first known language of an Accept-Language header (RFC 9110, 12.5.4), such as "fr, zh-TW;q=0.9, en;q=0.8"; None: none."""
    found = [_ACCEPTED.fullmatch(part.strip()) for part in accepted.split(",")[:50]]
    wanted = [(float(one[2] or 1), known(one[1])) for one in found if one]
    return max(
        ((weight, code) for weight, code in wanted if code and weight), key=lambda pair: pair[0], default=(0, None)
    )[1]


@lru_cache
def catalogue(code: str) -> NullTranslations:
    """The texts of a language as gettext's own object; English gives every text back."""
    if code == SOURCE:
        return NullTranslations()
    from babel.messages.mofile import write_mo  # 60 ms: English does without

    compiled = BytesIO()
    write_mo(compiled, entries(code))
    compiled.seek(0)
    return GNUTranslations(compiled)


def entries(code: str) -> Any:
    """The texts of a language as Babel's catalogue, each with the files that it stands in."""
    from babel.messages.pofile import read_po

    with open(FOLDER / f"{code}.po", "rb") as file:
        return read_po(file, locale=code)


def translated(text: object, code: str, suited: Callable[[str], str] = str) -> str:
    """A text in a language: a Message with its own values, the message of a UserError, or a title from a registry.

    What the catalogue does not know stays as it is; a message also where its values, read from a file, do not fit.
    `suited` gives the sentence that takes a sentence's place before it is looked up.
    """
    message = text.message if isinstance(text, UserError) else text
    if not message:
        return ""
    template = message.template if isinstance(message, Message) else str(message)
    found = catalogue(code).gettext(suited(template))
    if not isinstance(message, Message):
        return found
    values = {
        name: translated(value, code, suited) if isinstance(value, Message) else value
        for name, value in message.values.items()
    }
    if found == template and values == message.values:
        return str(message)
    try:
        return fill(found, values)
    except (LookupError, ValueError):
        return str(message)
