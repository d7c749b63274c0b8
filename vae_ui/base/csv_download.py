"""A button that saves numbers of a page as CSV, beside the button that saves them as a picture."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vae_core.export.csv_files import Table, csv_file
from vae_ui.base import pictures


def csv_button(table: Callable[[], Table], file: str, key: str, label: str = "CSV") -> None:
    """A button for the file `file`.csv; the table is made when it is pressed, without a rerun of the page."""
    pictures.download(label, lambda: csv_file(table()), f"{file}.csv", key)


def codes(z: NDArray[np.float32]) -> Table:
    """The numbers of codes z (N, L), a column for each number."""
    return {f"z{i + 1}": z[:, i] for i in range(z.shape[1])}
