"""Names of people: the one that the app gives, a colour and an animal, and the check of one that a person chooses."""

import hashlib
import re
import unicodedata
from collections.abc import Collection
from functools import cache, lru_cache

from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.translation.catalogues import LANGUAGES, SOURCE, translated

LONGEST = 40  # characters of a name
COLOURS = (
    Message("Teal"),
    Message("Amber"),
    Message("Coral"),
    Message("Olive"),
    Message("Indigo"),
    Message("Crimson"),
    Message("Silver"),
    Message("Golden"),
    Message("Violet"),
    Message("Emerald"),
    Message("Scarlet"),
    Message("Turquoise"),
    Message("Ivory"),
    Message("Copper"),
    Message("Lilac"),
    Message("Navy"),
    Message("Azure"),
    Message("Bronze"),
    Message("Jade"),
    Message("Ruby"),
    Message("Peach"),
    Message("Mint"),
    Message("Lavender"),
    Message("Cobalt"),
)
ANIMALS = (
    Message("Otter"),
    Message("Fox"),
    Message("Badger"),
    Message("Heron"),
    Message("Lynx"),
    Message("Hare"),
    Message("Falcon"),
    Message("Dolphin"),
    Message("Panda"),
    Message("Koala"),
    Message("Beaver"),
    Message("Hedgehog"),
    Message("Squirrel"),
    Message("Owl"),
    Message("Robin"),
    Message("Swan"),
    Message("Crane"),
    Message("Raven"),
    Message("Penguin"),
    Message("Seal"),
    Message("Walrus"),
    Message("Whale"),
    Message("Tortoise"),
    Message("Gecko"),
    Message("Newt"),
    Message("Salmon"),
    Message("Trout"),
    Message("Octopus"),
    Message("Starfish"),
    Message("Crab"),
    Message("Bee"),
    Message("Moth"),
    Message("Beetle"),
    Message("Cricket"),
    Message("Firefly"),
    Message("Deer"),
    Message("Moose"),
    Message("Bison"),
    Message("Camel"),
    Message("Llama"),
    Message("Zebra"),
    Message("Giraffe"),
    Message("Leopard"),
    Message("Tiger"),
    Message("Wombat"),
    Message("Kangaroo"),
    Message("Sloth"),
    Message("Meerkat"),
    Message("Lemur"),
)
PAIRS = len(COLOURS) * len(ANIMALS)
STEP = (
    5 * len(ANIMALS) + 6
)  # from a pair that is taken to the next one: another colour and animal; no common factor with PAIRS
UNPRINTED = (
    "Cc",
    "Cf",
    "Cs",
    "Co",
    "Cn",
    "Zl",
    "Zp",
)  # control, bidirectional and other formatting, unassigned, line breaks
UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def given_name(number: int) -> Message:
    """The name of that number, from 0: a colour and an animal, and from PAIRS on a count too."""
    round, pair = divmod(number, PAIRS)
    colour, animal = COLOURS[pair // len(ANIMALS)], ANIMALS[pair % len(ANIMALS)]
    if round == 0:
        return Message("{colour} {animal}", colour=colour, animal=animal)
    return Message("{colour} {animal} {count}", colour=colour, animal=animal, count=round + 1)


def free_number(id: str, taken: Collection[str]) -> int:
    """The number of the first name for this id whose `key` is not taken; the same id and the same taken keys give the same one."""
    start = int.from_bytes(hashlib.sha256(id.encode()).digest()[:4], "big") % PAIRS
    tries = 0
    while _given_key(number := tries // PAIRS * PAIRS + (start + STEP * (tries % PAIRS)) % PAIRS) in taken:
        tries += 1
    return number


@lru_cache(maxsize=8 * PAIRS)  # a newcomer to more than PAIRS people passes all names of the first round
def _given_key(number: int) -> str:
    return key(given_name(number))


def key(name: str) -> str:
    """What two names have in common that count as equal: NFKC, no difference of upper and lower case, single spaces.

    A name that the app gives has one key in all languages.
    """
    plain = " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", str(name)).casefold()).split())
    return _translations().get(plain, plain)


def keys_like(text: str) -> set[str]:
    """The keys of the given names that have this text in them in a language other than English."""
    part = key(text)
    return {english for name, english in _translations().items() if part in name}


def checked(text: str) -> str:
    """The name that a person typed, in normal form (NFC) with single spaces.

    Raises UserError where it is empty or longer than LONGEST characters, or has a character that cannot be seen.
    """
    spaced = "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in text[:1000])
    name = " ".join(part for part in unicodedata.normalize("NFC", spaced).split(" ") if part)
    if any(unicodedata.category(letter) in UNPRINTED for letter in name) or UNSEEN.search(name):
        raise UserError("A name consists of characters that can be seen, with spaces between words.")
    if not any(unicodedata.category(letter)[0] in "LN" for letter in name):
        raise UserError("A name needs a letter or a digit.")
    if len(name) > LONGEST or len(unicodedata.normalize("NFKC", name)) > LONGEST:
        raise UserError("A name has at most {longest} characters.", longest=LONGEST)
    return name


@cache
def _translations() -> dict[str, str]:
    """The key in English of each given name, by what it is in another language."""
    found = {}
    for number in range(PAIRS):
        name = given_name(number)
        for language in LANGUAGES:
            if language != SOURCE:
                words = unicodedata.normalize("NFKC", translated(name, language)).casefold()
                found[" ".join(words.split())] = name.casefold()
    return found
