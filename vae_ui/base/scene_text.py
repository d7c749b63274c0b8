"""How each part of a scene is written in an address, and read again; every reader raises ValueError for what it cannot read.

Numbers are rounded: codes of up to FEW numbers, and single numbers, to 4 significant digits, and to 0 below 1e-9; longer codes are
float16 (a relative error of 2**-11 at most, and 6e-8 near 0) in base64url, or float32 where a number is too large for that.
"""

import base64
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

import numpy as np

Code = tuple[float, ...]
FEW = 4  # numbers of a code that are written out
LONGEST = 4096  # numbers of a code
LETTERS = 24_000  # of one value in an address: a code of LONGEST numbers in float32 has 21,846
MOST_MODELS = 4
MOST_TITLES, LONGEST_TITLE = 20, 40  # names that a person gives to classes, and their letters
NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,12})?(e[+-]?\d{1,2})?", re.ASCII)
WHOLE = re.compile(r"\d{1,9}", re.ASCII)
LESSON = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
WORD = re.compile(r"[a-z_0-9-]{1,40}", re.ASCII)


def number(value: float) -> str:
    """4 significant digits; 0 for what is nearer to 0 than 1e-9."""
    return f"{value if abs(value) >= 1e-9 else 0.0:.4g}".replace("e-0", "e-").replace("e+0", "e")


def read_number(text: str) -> float:
    """A finite number; raises ValueError."""
    if not NUMBER.fullmatch(text):
        raise ValueError(text)
    return float(text)


def code(values: Code) -> str:
    """A code: its numbers, or base64url of them as float16 after an h, as float32 after an f."""
    if len(values) <= FEW:
        return ",".join(map(number, values))
    with np.errstate(over="ignore"):
        half = np.asarray(values, "<f2")
    kind, array = ("h", half) if np.isfinite(half).all() else ("f", np.asarray(values, "<f4"))
    return kind + base64.urlsafe_b64encode(array.tobytes()).decode().rstrip("=")


def read_code(text: str) -> Code:
    """What `code` wrote; raises ValueError."""
    if text[:1] not in ("h", "f"):
        values = tuple(read_number(part) for part in text.split(",")[: FEW + 1])
        if len(values) > FEW:
            raise ValueError("a long code is written in base64url.")
        return values
    if not re.fullmatch(r"[\w-]+", text, re.ASCII):
        raise ValueError(text)
    octets = base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))
    array = np.frombuffer(octets, "<f2" if text[0] == "h" else "<f4").astype(np.float64)
    if not FEW < len(array) <= LONGEST or not np.isfinite(array).all():
        raise ValueError("not a code")
    return tuple(map(float, array))


def whole(value: int) -> str:
    return str(value)


def read_whole(text: str) -> int:
    """A number of at most nine digits; raises ValueError."""
    if not WHOLE.fullmatch(text):
        raise ValueError(text)
    return int(text)


def end(value: int | Code) -> str:
    """A test image's number after an i, or a code."""
    return f"i{value}" if isinstance(value, int) else code(value)


def read_end(text: str) -> int | Code:
    return read_whole(text[1:]) if text.startswith("i") else read_code(text)


def pair(value: tuple[int, int]) -> str:
    return ",".join(map(str, value))


def read_pair(text: str) -> tuple[int, int]:
    """Two different dimensions, counted from 1 as on the page; raises ValueError."""
    first, second = (read_whole(part) for part in text.split(","))
    return first, second


def wholes(value: tuple[int, ...]) -> str:
    return "-".join(map(str, value))


def read_wholes(text: str) -> tuple[int, ...]:
    """Different numbers in rising order, such as 0-2-3; raises ValueError."""
    return tuple(sorted({read_whole(part) for part in text[:1000].split("-")}))


def listed(value: tuple[int, ...]) -> str:
    return "-".join(map(str, value))


def read_listed(text: str) -> tuple[int, ...]:
    """Different numbers in the order given, such as 7-0-3; raises ValueError."""
    return tuple(dict.fromkeys(read_whole(part) for part in text.split("-")))


def read_row(text: str) -> tuple[int, ...]:
    """Numbers in the order given, of which some may be the same, such as 2-0-2; raises ValueError."""
    return tuple(read_whole(part) for part in text[:1000].split("-"))


def named(value: tuple[tuple[int, int], ...]) -> str:
    return "-".join(f"{index}.{label}" for index, label in value)


def read_named(text: str) -> tuple[tuple[int, int], ...]:
    """Examples with the number of their name, such as 7.0-12.1; raises ValueError."""
    pairs = (part.split(".") for part in text.split("-"))
    return tuple({read_whole(index): read_whole(label) for index, label in pairs}.items())


def read_titles(text: str) -> tuple[str, ...]:
    """Up to MOST_TITLES names that a person gave; raises ValueError."""
    found = tuple(dict.fromkeys(unquote(part) for part in text.split(",")))
    readable = all(0 < len(one) <= LONGEST_TITLE and one.isprintable() and one == one.strip() for one in found)
    if not readable or len(found) > MOST_TITLES:
        raise ValueError(text)
    return found


def lesson(value: tuple[str, int]) -> str:
    """A lesson and its step, such as 01-two-numbers.3."""
    return f"{value[0]}.{value[1]}"


def read_lesson(text: str) -> tuple[str, int]:
    """The name of a lesson, which is only ever looked up among those that there are, and a step; raises ValueError."""
    name, _, step = text.partition(".")
    if not LESSON.fullmatch(name):
        raise ValueError(text)
    return name, read_whole(step)


def flag(value: bool) -> str:
    return str(int(value))


def read_flag(text: str) -> bool:
    """1 or 0; raises ValueError."""
    return bool(("0", "1").index(text))


def names(value: tuple[str, ...]) -> str:
    return ",".join(quote(name, safe="") for name in value)


def read_names(text: str) -> tuple[str, ...]:
    """One to four names; raises ValueError."""
    found = tuple(dict.fromkeys(unquote(part) for part in text.split(",")))
    if not all(found) or len(found) > MOST_MODELS:
        raise ValueError(text)
    return found


def read_words(text: str) -> tuple[str, ...]:
    """Some short names of small letters; raises ValueError."""
    return tuple(dict.fromkeys(read_word(part) for part in text[:400].split(",")))


def word(value: str) -> str:
    return value


def read_word(text: str) -> str:
    """A short name of small letters; raises ValueError."""
    if not WORD.fullmatch(text):
        raise ValueError(text)
    return text


def read_base64(text: str) -> str:
    """A short text in base64url; raises ValueError."""
    if not re.fullmatch(r"[\w-]{1,1000}", text, re.ASCII):
        raise ValueError(text)
    return text


def read_name(text: str) -> str:
    """The name of a model, which is only ever looked up among those that there are; raises ValueError."""
    if not 0 < len(text) <= 200:
        raise ValueError(text)
    return text


Form = tuple[Callable[[Any], str], Callable[[str], Any]]
WHOLES: Form = (whole, read_whole)
NUMBERS: Form = (number, read_number)
CODES: Form = (code, read_code)
WORDS: Form = (word, read_word)
FORMS: dict[str, Form] = {
    "model": (word, read_name), "seed": WHOLES, "lesson": (lesson, read_lesson), "present": (flag, read_flag),
    "image": WHOLES, "z": CODES, "label": WHOLES, "draws": WHOLES, "view": WORDS,
    "pair": (pair, read_pair), "figures": (names, read_words), "prop": WHOLES, "start": WORDS, **dict.fromkeys("abcd", (end, read_end)),
    "path": WORDS, "way": NUMBERS, "own": CODES, "sampler": WORDS, "temperature": NUMBERS,
    "models": (names, read_names), "preset": WORDS, "run": WORDS, "time": NUMBERS,
    "data": WORDS, "variant": WORDS, "noise": NUMBERS, "held_out": NUMBERS, "drawing": (word, read_base64),
    "mended": (names, read_names), "normal": (wholes, read_wholes), "mistake": WORDS, "trained": (flag, read_flag),
    "experiment": WORDS, "revealed": (listed, read_listed), "named": (named, read_named), "called": (names, read_titles),
    "edit": WORDS, "group_a": CODES, "group_b": CODES, "strength": NUMBERS,
    "given": WORDS, "said": (listed, read_row), "section": WORDS, "corruption": WORDS, "severity": NUMBERS,
}  # fmt: skip
