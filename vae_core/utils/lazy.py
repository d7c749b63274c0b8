"""A module that is imported on first use, so that processes which only read settings, such as the scheduler, do not load torch."""

from importlib import import_module
from typing import Any


class Lazy:
    """A placeholder for the module of that name. For type checkers, import the module itself under TYPE_CHECKING."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
