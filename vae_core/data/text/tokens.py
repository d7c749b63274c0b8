"""The tokens of a text, words and punctuation marks or characters, and the way back to a text as it is usually written."""

import re
import unicodedata
from collections.abc import Sequence

from vae_core.axes.token_ids import MARKS

CLOSING = frozenset(".,;:!?%)]}…»”’。，、；：！？）】》」』")  # no space stands before them
OPENING = frozenset("([{«“‘¿¡$€£#@（【《「『")  # no space stands after them
_MARKS = "|".join(map(re.escape, filter(None, MARKS)))  # how the end and an unknown word are written
_TAG = re.compile(r"<[^<>\s]{1,30}>")  # such a mark too, or one of the text's own, such as <unk> or </b>
_APART = re.compile(f"([—…]|{_TAG.pattern})")
_CHARACTER = re.compile(f"{_MARKS}|.", re.DOTALL)
# Scripts that do not separate words by spaces: Thai, Lao, Burmese, Khmer, Chinese and Japanese.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u312f\u31f0-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
MOSTLY = 0.3  # share of such characters from which a text counts as not spaced
LOOKED_AT = 1000  # lines that decide whether a text is spaced


def tokens(text: str, spaced: bool) -> list[str]:
    """The words of a text, its marks in angle brackets and the punctuation marks, each by itself; or its characters."""
    if not spaced:
        return _CHARACTER.findall(text)
    found: list[str] = []
    for part in _APART.sub(r" \1 ", text).split():
        found += [part] if _TAG.fullmatch(part) else _without_marks(part)
    return found


def gaps(words: Sequence[str], spaced: bool) -> list[str]:
    """What stands before each token in a written text: a space or nothing. The written text has the same tokens again."""
    return [
        " " if spaced and place and word not in CLOSING and words[place - 1] not in OPENING else ""
        for place, word in enumerate(words)
    ]


def written(words: Sequence[str], spaced: bool) -> str:
    """The text of these tokens."""
    return "".join(gap + word for gap, word in zip(gaps(words, spaced), words, strict=True))


def unspaced_script(lines: Sequence[str]) -> bool:
    """Whether most of a text is in a script that does not separate words by spaces."""
    text = "".join(_some(lines))
    return len(_UNSPACED.findall(text)) > MOSTLY * max(1, len(text) - text.count(" "))


def single_words(lines: Sequence[str]) -> bool:
    """Whether most lines are a single word, such as a name."""
    some = _some(lines)
    return 2 * sum(" " not in line for line in some) > len(some)


def _some(lines: Sequence[str]) -> Sequence[str]:
    return lines[:: max(1, len(lines) // LOOKED_AT)]


def _without_marks(part: str) -> list[str]:
    start, end = 0, len(part)
    while start < end and _is_mark(part[start]):
        start += 1
    while end > start and _is_mark(part[end - 1]):
        end -= 1
    return [*part[:start], *([part[start:end]] if start < end else []), *part[end:]]


def _is_mark(character: str) -> bool:
    """Whether a character is punctuation or a symbol in Unicode."""
    return unicodedata.category(character)[0] in "PS"
