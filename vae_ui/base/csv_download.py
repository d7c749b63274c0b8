"""A button that saves numbers of a page as CSV, beside the button that saves them as a picture."""

from collections.abc import Callable

from vae_core.export.csv_files import Table, csv_file
from vae_ui.base import pictures


def csv_button(table: Callable[[], Table], file: str, key: str) -> None:
    """A button "CSV" for the file `file`.csv; the table is made when it is pressed, without a rerun of the page."""
    pictures.download("CSV", lambda: csv_file(table()), f"{file}.csv", key)
