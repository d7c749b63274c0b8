"""The coder computes what its docstring says, checked with Python's integers, so that a file does not depend on a library's version."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae_core.compression import ans_stack
from vae_core.compression.ans_stack import TOTAL, Stack, frequencies
from vae_core.errors import UserError


class IntegerStack:
    """ANS with a state below 2^64, words of 32 bits and frequencies that sum to 2^24, in whole numbers of any size."""

    def __init__(self):
        self.state, self.words = 0, []

    def push(self, symbol, row):
        start, frequency = sum(row[:symbol]), row[symbol]
        if self.state >> 40 >= frequency:
            self.words.append(self.state % 2**32)
            self.state >>= 32
        self.state = (self.state // frequency) * TOTAL + self.state % frequency + start

    def to_bytes(self):
        state = self.state.to_bytes(8, "little")
        return (b"".join(word.to_bytes(4, "little") for word in self.words) + state).rstrip(b"\0")


def random_rows(count, symbols, seed=0):
    rng = np.random.default_rng(seed)
    return frequencies((rng.dirichlet(np.full(symbols, 0.1), count) * 2**30).astype(np.int64))


@pytest.mark.parametrize("symbols", [2, 256, 257])
def test_the_bytes_are_those_of_whole_numbers(symbols):
    rows = random_rows(600, symbols)
    pushed = np.random.default_rng(1).integers(0, symbols, 600)
    stack, wanted = Stack(), IntegerStack()
    stack.push(pushed, rows)
    for symbol, row in zip(pushed[::-1].tolist(), rows[::-1], strict=True):
        wanted.push(symbol, (row.astype(np.int64) + 1).tolist())
    assert stack.to_bytes() == wanted.to_bytes()
    again = Stack(stack.to_bytes())
    assert again.pop(rows, 600).tolist() == pushed.tolist() and again.is_empty


def test_one_row_for_all_symbols_is_the_same_as_a_row_for_each():
    (row,) = random_rows(1, 700)
    pushed = np.arange(50)
    one, each = Stack(), Stack()
    one.push(pushed, row)
    each.push(pushed, np.tile(row, (50, 1)))
    assert one.to_bytes() == each.to_bytes() and one.pop(row, 50).tolist() == pushed.tolist()


@given(st.binary(max_size=60), st.integers(0, 1000))
def test_what_is_popped_from_any_bits_gives_them_back(data, seed):
    data = data.rstrip(b"\0")
    stack, rows = Stack(data), random_rows(40, 9, seed)
    stack.push(stack.pop(rows, 40), rows)
    assert stack.to_bytes() == data


@given(st.lists(st.integers(0, 2**38 - 1), min_size=2, max_size=300).filter(any))
def test_frequencies_are_whole_at_least_1_and_have_the_sum(masses):
    rows = frequencies(np.array(masses))
    assert rows.min() >= 0 and (rows.astype(np.int64) + 1).sum() == TOTAL
    share, largest = np.array(masses) / sum(masses), int(np.argmax(masses))
    off = np.abs((rows + 1) / TOTAL - share)
    off[largest] = 0
    assert off.max() <= (len(masses) + 1) / TOTAL


def test_bytes_that_no_stack_gives_are_refused():
    with pytest.raises(ValueError, match="zeros"):
        Stack(b"\1\0")


def test_without_the_library_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setattr(ans_stack, "find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"pip install 'vae-explorer\[compression\]'"):
        Stack()
