"""The stack of bits of an ANS coder, on integer frequencies that sum to 2^24 (Duda 2013, arXiv:1311.2540).

The coder is that of the library constriction, an optional extra. What it computes is fixed by the frequencies alone: the state is a
natural number below 2^64, a symbol of frequency f that starts at c turns state s into (s div f) 2^24 + (s mod f) + c, and before that
the lower 32 bits go to the list of words where the result would not fit. A test computes the same with Python's integers.
"""

from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UserError
from vae_core.utils.arrays import Int64

PRECISION = 24
TOTAL = 2**PRECISION  # the sum of the frequencies of each distribution
WORD = 4  # bytes

Rows = NDArray[np.float32]


def has_coder() -> bool:
    """Whether the library of the extra `compression` is installed; it is not imported."""
    return find_spec("constriction") is not None


def frequencies(masses: Int64) -> Rows:
    """Frequencies from masses (..., K) of any size below 2^38: in proportion, each at least 1, with the sum 2^24 along the last axis.

    They are returned less 1, as float32, which holds them exactly: the coder adds 1 to each. What rounding leaves over goes to the
    largest.
    """
    symbols = masses.shape[-1]
    shares = masses * (TOTAL - symbols) // masses.sum(-1, keepdims=True)
    rest = TOTAL - symbols - shares.sum(-1, keepdims=True)
    largest = masses.argmax(-1, keepdims=True)
    np.put_along_axis(shares, largest, np.take_along_axis(shares, largest, -1) + rest, -1)
    return shares.astype(np.float32)


class Stack:
    """Symbols are pushed and popped, last in, first out; `rows` (N, K) are the `frequencies` of N symbols, (K,) the same for all.

    Any stack of bits can be popped: what comes out is then distributed as the frequencies say, and pushing it again gives back the
    bits. An empty stack pops the first symbols, which pushing turns back into an empty stack.
    """

    def __init__(self, data: bytes = b"") -> None:
        """An empty stack, or that of `to_bytes`; raises UserError without the extra `compression`, ValueError for no such bytes."""
        if data.endswith(b"\0"):
            raise ValueError("the bits end in a byte of zeros")
        words = np.frombuffer(data + b"\0" * (-len(data) % WORD), "<u4").astype(np.uint32)
        self._coder = _library().stack.AnsCoder(*([words] if len(words) else []))

    def push(self, symbols: NDArray[np.generic], rows: Rows) -> None:
        """Push symbols (N,), the last one first, so that `pop` gives them in order."""
        flat = np.ascontiguousarray(symbols.ravel(), np.int32)
        self._coder.encode_reverse(flat, *self._model(rows))

    def pop(self, rows: Rows, count: int) -> Int64:
        """So many symbols, (N,)."""
        model, *parameters = self._model(rows)
        found = self._coder.decode(model, *(parameters or [count]))
        return np.asarray(found, np.int64)

    @property
    def bits(self) -> int:
        """How many bits are on the stack, up to its first 1."""
        return int(self._coder.num_valid_bits())

    @property
    def is_empty(self) -> bool:
        return bool(self._coder.is_empty())

    def to_bytes(self) -> bytes:
        """The bits in words of 4 bytes, little end first, without the zeros at the end."""
        return np.asarray(self._coder.get_compressed()).astype("<u4").tobytes().rstrip(b"\0")

    def _model(self, rows: Rows) -> tuple[Any, ...]:
        categorical = _library().model.Categorical
        if rows.ndim == 1:
            return (categorical(rows, lazy=True, perfect=False),)
        return categorical(perfect=False), rows


def _library() -> Any:
    if not has_coder():
        raise UserError("Compression needs an extra library: run pip install 'vae-explorer[compression]'.")
    from constriction import stream

    return stream
