"""The app with one more language, made for tests: accented English, 40 % longer: `python -m tests.browser.pseudo_language serve`.

Its catalogue is made of the texts of the sources when the program starts, and is never part of the app.
"""

import re
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog

from tools import messages
from vae_core.__main__ import main
from vae_core.translation import catalogues

CODE = "qps"
LONGER = 1.4
VOWELS = dict(zip("aeiouAEIOU", "áéíóúÁÉÍÓÚ", strict=True))
KEPT = re.compile(
    r"(\{[^}]*\}|\$[^$]*\$|`[^`]*`|%(?:\([a-z_]+\))?[a-z%]|:\w+\[|:[\w/]+:|<[^>]*>|&\w+;|\]\([^)]*\)|\\\w+|https?:\S+)"
)


def longer(text: str) -> str:
    """The text with accents and LONGER; placeholders, formulas, code and marks are kept."""
    parts = KEPT.split(text)
    words = "".join(parts[::2])
    vowels, owed = sum(letter in VOWELS for letter in words), round(len(words) * (LONGER - 1))
    for place in range(0, len(parts), 2):
        said = ""
        for letter in parts[place]:
            more = -(-owed // vowels) if letter in VOWELS else 0
            said += VOWELS.get(letter, letter) * (1 + more)
            owed, vowels = owed - more, vowels - (letter in VOWELS)
        parts[place] = said
    return "".join(parts)


def catalogue(template: Catalog) -> Catalog:
    """The catalogue of the made-up language for all texts of the template."""
    made = Catalog(locale="en", charset="utf-8")
    for message in template:
        if isinstance(message.id, tuple):
            made.add(message.id, tuple(map(longer, message.id)), message.locations)
        elif message.id:
            made.add(message.id, longer(message.id), message.locations)
    return made


def offer(folder: Path) -> None:
    """Let this process know the language; the .po files are then in `folder`."""
    for path in catalogues.FOLDER.glob("*.po"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / f"{CODE}.po").write_bytes(messages.written(catalogue(messages.template())))
    catalogues.FOLDER, catalogues.LANGUAGES[CODE] = folder, "Lóóngéér"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        offer(Path(made))
        sys.exit(main())
