"""What each column of a table is: a number, a category, or something that a model cannot use and that is named.

A column is looked at whole: it is a number where every value is one. Nothing is guessed from its name except that it is an id.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from vae_core.data.tables.columns import LONGEST_VALUE, MOST_DECIMALS
from vae_core.data.tables.decimal_marks import Mark, decimals, mark_of, plain
from vae_core.errors import UserError
from vae_core.messages import Message

if TYPE_CHECKING:
    import pandas

Kind = Literal["number", "category", "constant", "empty", "date", "id", "text"]
MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "?", "-"})  # in small letters
MOST_VALUES = 50  # of a category
MOST_LABELS = 20  # whole numbers of a column that may be a label

LEFT_OUT: dict[Kind, Message] = {
    "constant": Message("'{name}' is left out: it is always the same."),
    "empty": Message("'{name}' is left out: it has no value in any row."),
    "date": Message("'{name}' is left out: it holds dates or times, which the model does not use."),
    "id": Message("'{name}' is left out: it only numbers or names the rows (an id)."),
    "text": Message("'{name}' is left out: it is free text, or a category of more than {most} values."),
}

_DAY = r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})|\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2,4})"
_TIME = r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?(Z| ?[+-]\d{2}:?\d{2})?"
_DATE = re.compile(rf"{_DAY}([T ]{_TIME})?|{_TIME}", re.ASCII)
_ID = re.compile(r"(?:^|[^a-z])(id|uuid|guid)(?:$|[^a-z])|^(index|idx|key|nr|no|row|rownames|#|unnamed: \d+)$")


@dataclass(frozen=True)
class Recognised:
    """A column after it was looked at: `numbers` (N,) with NaN for missing values, or `texts` (N,) with None for them.

    `decimals`: digits after the decimal point of a number, as in the data. `has_comma`: its decimal mark is a comma.
    """

    name: str
    kind: Kind
    numbers: NDArray[np.float64] | None = None
    texts: NDArray[np.object_] | None = None
    decimals: int = 0
    has_comma: bool = False

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Which values are missing, (N,)."""
        if self.numbers is not None:
            return np.isnan(self.numbers)
        return np.array([text is None for text in self.texts], bool) if self.texts is not None else np.zeros(0, bool)

    @property
    def why_left_out(self) -> Message | None:
        """Why a model cannot use the column, in one sentence; None where it can."""
        if self.kind not in LEFT_OUT:
            return None
        return Message(LEFT_OUT[self.kind], name=self.name, most=MOST_VALUES)

    @property
    def can_be_label(self) -> bool:
        """Whether the column's values can be classes: a category, or a few whole numbers."""
        if self.kind == "category":
            return True
        known = self.numbers[~self.missing] if self.kind == "number" and self.numbers is not None else np.zeros(0)
        return bool(len(known)) and bool((known % 1 == 0).all()) and len(np.unique(known)) <= MOST_LABELS

    def values(self) -> list[str | None]:
        """The values as the names of categories or classes, None where they are missing."""
        if self.texts is not None:
            return list(self.texts)
        assert self.numbers is not None
        return [None if value != value else f"{value:.{self.decimals}f}" for value in self.numbers]


def recognise(name: str, series: "pandas.Series", suspected: Mark = ".") -> Recognised:
    """What the column is; texts that are numbers either way, such as "1,234", are read with the `suspected` decimal mark.

    Raises UserError for a number that is infinite.
    """
    import pandas
    from pandas.api import types

    if types.is_datetime64_any_dtype(series.dtype) or types.is_timedelta64_dtype(series.dtype):
        return Recognised(name, "date")
    if types.is_integer_dtype(series.dtype) or types.is_float_dtype(series.dtype):
        numbers = series.to_numpy(np.float64, na_value=np.nan)
        return _numbers(name, numbers, _shortest(np.unique(numbers[np.isfinite(numbers)])))
    different: dict[str, int] = {}  # each is looked at once, however often and however long it is
    places = np.array([different.setdefault(str(value), len(different)) for value in series.astype(object)], int)
    values = np.array([*map(_text, different)], object)
    texts, known = values[places], {text for text in values if text is not None}
    named = isinstance(series.dtype, pandas.CategoricalDtype)  # numbers are names there
    mark = mark_of(known, suspected) if known and not named else None
    if mark is None:
        return Recognised(name, _kind_of_texts(name, texts, known), texts=texts)
    read = [None if text is None else plain(text, mark) for text in values]
    numbers = np.array([np.nan if text is None else float(text) for text in read])[places]
    found = _numbers(name, numbers, [text for text in read if text is not None])
    return Recognised(**{**vars(found), "has_comma": any("," in text for text in known) and mark == ","})


def values_of(kind: Recognised) -> tuple[str, ...]:
    """The values of a category in order: numbers by size, other texts by the alphabet."""
    known = {value for value in kind.values() if value is not None}
    sizes = {value: float(size) for value in known if (size := plain(value, ".")) is not None}
    return tuple(sorted(known, key=lambda value: (sizes[value], value) if len(sizes) == len(known) else (0.0, value)))


def _text(value: str) -> str | None:
    """A cell without spaces around it, None where it is missing; "None", "<NA>" and "NaT" are how Python writes that."""
    text = value.strip()
    return None if text in ("None", "<NA>", "NaT") or text.lower() in MISSING else text


def _numbers(name: str, numbers: NDArray[np.float64], written: Iterable[str]) -> Recognised:
    if np.isinf(numbers).any():
        raise UserError(
            "The column '{name}' is infinite in row {row} (counted from 0): give that cell a number, or leave it empty.",
            name=name,
            row=int(np.isinf(numbers).argmax()),
        )
    digits = min(MOST_DECIMALS, max(map(decimals, written), default=0))
    kind = _kind_of_numbers(name, numbers)
    if kind != "category":
        return Recognised(name, kind, numbers=numbers, decimals=digits)
    return Recognised(name, kind, texts=np.array([None if v != v else f"{v:.{digits}f}" for v in numbers], object))


def _kind_of_numbers(name: str, numbers: NDArray[np.float64]) -> Kind:
    known = numbers[~np.isnan(numbers)]
    distinct = np.unique(known)
    if len(distinct) < 2:
        return "constant" if len(distinct) else "empty"
    if set(distinct) == {0.0, 1.0}:
        return "category"  # no and yes
    if (distinct % 1 == 0).all() and len(known) == len(numbers):
        counts_rows = numbers[0] in (0, 1) and bool((numbers == numbers[0] + np.arange(len(numbers))).all())
        many = len(distinct) > MOST_VALUES or len(distinct) == len(numbers)
        if counts_rows or (many and _ID.search(name.lower())):
            return "id"
    return "number"


def _kind_of_texts(name: str, texts: NDArray[np.object_], known: set[str]) -> Kind:
    count = sum(text is not None for text in texts)
    if len(known) < 2:
        return "constant" if known else "empty"
    if all(map(_DATE.fullmatch, known)):
        return "date"
    few = len(known) <= min(MOST_VALUES, max(2, count // 2))
    if few and max(map(len, known)) <= LONGEST_VALUE:
        return "category"
    return "id" if len(known) == count and _ID.search(name.lower()) else "text"


def _shortest(numbers: NDArray[np.float64]) -> list[str]:
    """Numbers in their shortest form that reads back as the same number, at most a thousand of them."""
    some = numbers[np.linspace(0, len(numbers) - 1, min(1000, len(numbers))).astype(int)]
    return [np.format_float_positional(value, trim="-") for value in some]
