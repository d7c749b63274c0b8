"""TableLayout: where the numbers, the categories and the missing values of a table's columns stand in a row of D numbers."""

from dataclasses import dataclass
from itertools import accumulate, pairwise

from vae_core.config import ModelConfig


@dataclass(frozen=True)
class TableLayout:
    """A row: the columns one after the other, each as wide as `widths` says, then a number for each of the columns `missing`.

    A column of width 1 is a number; a wider one is a category, with a 1 at its value and 0 elsewhere. Where a value is missing, its
    column is 0 throughout and the number of that column behind the columns is 1, else 0.
    """

    widths: tuple[int, ...]
    missing: tuple[int, ...] = ()

    @classmethod
    def of(cls, model: ModelConfig) -> "TableLayout":
        """The layout of the rows that a model takes."""
        return cls(model.columns, model.missing)

    @property
    def size(self) -> int:
        """D, how many numbers a row has."""
        return sum(self.widths) + len(self.missing)

    @property
    def parts(self) -> list[slice]:
        """The places of each column."""
        return [slice(start, end) for start, end in pairwise(accumulate(self.widths, initial=0))]

    @property
    def numbers(self) -> list[int]:
        """Which columns are numbers."""
        return [column for column, width in enumerate(self.widths) if width == 1]

    @property
    def categories(self) -> list[int]:
        """Which columns are categories."""
        return [column for column, width in enumerate(self.widths) if width > 1]

    @property
    def flags(self) -> slice:
        """The places of the numbers that say which values are missing, in the order of `missing`."""
        return slice(sum(self.widths), self.size)
