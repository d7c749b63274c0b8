"""What the text of a card may be: at most 60 words, with {values} that exist, and neither links nor pictures."""

import re

from vae_core.errors import UserError
from vae_core.lessons.conditions import check_quantity

MOST_WORDS, MOST_CHARACTERS, MOST_IN_A_SENTENCE = 60, 120, 25
NAMED = re.compile(r"\{([^{}]*)\}")
HAN = re.compile(r"[\u3400-\u9fff]")
FORBIDDEN = re.compile(r"!\[|\]\(|<[a-zA-Z/!]|https?:|:[a-z_]+[\[:]|`")


def check_text(text: str) -> None:
    """Raise UserError where a card's text is missing, too long, names an unknown value, or holds a link, a picture or HTML."""
    if not text:
        raise UserError("This step has no text: write it below an empty line.")
    if found := FORBIDDEN.search(text):
        raise UserError("'{part}' is not allowed in a text: no links, pictures, HTML or code.", part=found[0])
    for name in NAMED.findall(text):
        check_quantity(name)
    han, words = len(HAN.findall(text)), words_of(text)
    if han > MOST_CHARACTERS:
        raise UserError("This text has {count} characters; a card has at most {most}.", count=han, most=MOST_CHARACTERS)
    if not han and words > MOST_WORDS:
        raise UserError("This text has {count} words; a card has at most {most}.", count=words, most=MOST_WORDS)


def words_of(text: str) -> int:
    """How many words a text has; a {value} counts as one."""
    return len(re.findall(r"[^\W_]+(?:['’.,-][^\W_]+)*", NAMED.sub("1", text)))


def sentences(text: str) -> list[str]:
    """The sentences of an English text."""
    return [one for one in re.split(r"(?<=[.!?:;])\**\s+", NAMED.sub("1", text)) if one.strip()]
