"""A module that is imported when it is first used: who only lists settings, as the scheduler does, need not load torch."""

from importlib import import_module
from typing import Any


class Lazy:
    """Stands for the module of that name; where types are checked the module itself is imported instead."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
