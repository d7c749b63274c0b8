"""A module that is imported on first use, so that processes which only read settings, such as the scheduler, do not load torch."""

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Lazy:
    """A placeholder for the module of that name. For type checkers, import the module itself under TYPE_CHECKING."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)


if TYPE_CHECKING:
    import torch as torch
else:
    torch = Lazy("torch")  # for modules that the first page of a server imports, see tests/test_architecture.py


def without_gradient(function: Callable[P, R]) -> Callable[P, R]:
    """The function in torch's inference mode, as `torch.inference_mode()` makes it; torch is imported at its first call."""

    @wraps(function)
    def called(*given: P.args, **named: P.kwargs) -> R:
        with torch.inference_mode():
            return function(*given, **named)

    return called
