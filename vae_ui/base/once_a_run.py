"""What a page asks for many times in one run is made once: a class of browsers waits for the same processor."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from vae_core.web.streamlit_internals import run_memory

P = ParamSpec("P")
T = TypeVar("T")


def once_a_run(make: Callable[P, T]) -> Callable[P, T]:
    """`make`, whose results are remembered until the present run of the page, or of a part of it, is over; errors are not.

    Within a run the page shows one state of the world: what changes meanwhile, such as a file, is seen by the next run. Outside of a
    script each call makes its result anew.
    """

    @wraps(make)
    def remembered(*given: P.args, **named: P.kwargs) -> T:
        memory, key = run_memory(), (make, given, tuple(named.items()))
        if memory is None:
            return make(*given, **named)
        if key not in memory:
            memory[key] = make(*given, **named)
        found: T = memory[key]
        return found

    return remembered
