"""Bits-back coding of one segment of pictures on one stack (Townsend et al. 2019, arXiv:1901.04866).

To push a picture x: pop z with q(z|x), push x with p(x|z), push z with p(z). The bits that the pop takes come back in decoding, so the
stack grows by -log2 p(x|z) - log2 p(z) + log2 q(z|x) bits, on average the negative ELBO. To pop it, the same three steps in reverse.

The first pictures, the head, find no bits to take: their z is the mean of q(z|x), rounded, and nothing is popped. In decoding the stack
must be empty after them, which shows that all was decoded as it was encoded. The others come in blocks that grow with the stack, since
the network is much faster on a block than on one picture at a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vae_core.compression.ans_stack import Stack
from vae_core.compression.code_frequencies import REACH, prior, reach
from vae_core.compression.integer_vae import IntegerVae
from vae_core.utils.arrays import Int64, UInt8

COARSEST = 5  # the head's grid may have steps of 2^5 / 32 = 1
AT_ONCE = 2**25  # frequencies of pixels in memory


@dataclass(frozen=True)
class CodedSegment:
    """The bits of a segment, the number of pictures in its head, and the step of their codes, 2^coarseness / 32."""

    data: bytes
    head: int
    coarseness: int


def encode(model: IntegerVae, x: UInt8, cap: int) -> CodedSegment:
    """The bits of pictures x (N, C, H, W), whose values are levels, in blocks of at most `cap`.

    The head is as short as it can be without the stack running empty later, and its step the one that needs fewest bits.
    """
    head = 1
    while True:
        stacks = {coarseness: Stack() for coarseness in range(COARSEST + 1)}
        for coarseness, stack in stacks.items():
            _push_head(model, stack, x[:head], coarseness)
        coarseness = min(stacks, key=lambda one: stacks[one].bits)
        stack = stacks[coarseness]
        if _push_blocks(model, stack, x, head, cap) or head >= len(x):
            return CodedSegment(stack.to_bytes(), min(head, len(x)), coarseness)
        head *= 2


def decode(model: IntegerVae, segment: CodedSegment, count: int, cap: int) -> UInt8:
    """The pictures (count, C, H, W) of a segment; raises ValueError where the bits are not those of so many pictures of this model."""
    stack = Stack(segment.data)
    x = np.empty((count, *model.shape), np.uint8)
    for block in reversed(list(blocks(count, segment.head, cap))):
        grid = _pop_prior(stack, block.stop - block.start, model.latent_dim, 0)
        x[block] = _pop_pixels(model, stack, grid)
        q = model.q(x[block])
        symbols = q.symbols(grid)
        if not ((symbols >= 0) & (symbols <= 2 * REACH)).all():
            raise ValueError("the code of a picture is outside its distribution")
        stack.push(symbols, q.rows)
    grid = _pop_prior(stack, segment.head, model.latent_dim, segment.coarseness)
    x[: segment.head] = _pop_pixels(model, stack, grid)
    if not stack.is_empty:
        raise ValueError("bits are left over after the last picture")
    return x


def blocks(count: int, head: int, cap: int) -> Iterator[slice]:
    """The pictures after the head, in blocks of half as many as come before, at least one and at most `cap`."""
    start = head
    while start < count:
        stop = min(count, start + max(1, min(cap, start // 2)))
        yield slice(start, stop)
        start = stop


def rounded_mean(middle: Int64, coarseness: int) -> Int64:
    """The codes nearest to middles (N, L), in steps of 1/32, on the grid that is 2^coarseness times as coarse."""
    half = (1 << coarseness) >> 1
    return np.clip((middle + half) >> coarseness, -reach(coarseness), reach(coarseness)) << coarseness


def _push_head(model: IntegerVae, stack: Stack, x: UInt8, coarseness: int) -> None:
    grid = rounded_mean(model.q(x).middle, coarseness)
    _push_pixels(model, stack, x, grid)
    _push_prior(stack, grid, coarseness)


def _push_blocks(model: IntegerVae, stack: Stack, x: UInt8, head: int, cap: int) -> bool:
    """Whether the stack had enough bits for the codes of all blocks."""
    for block in blocks(len(x), head, cap):
        q = model.q(x[block])
        grid = q.grid(stack.pop(q.rows, q.middle.size))
        if stack.is_empty:
            return False
        _push_pixels(model, stack, x[block], grid)
        _push_prior(stack, grid, 0)
    return True


def _push_prior(stack: Stack, grid: Int64, coarseness: int) -> None:
    stack.push((grid >> coarseness) + reach(coarseness), prior(coarseness))


def _pop_prior(stack: Stack, count: int, latent_dim: int, coarseness: int) -> Int64:
    symbols = stack.pop(prior(coarseness), count * latent_dim)
    return (symbols.reshape(count, latent_dim) - reach(coarseness)) << coarseness


def _push_pixels(model: IntegerVae, stack: Stack, x: UInt8, grid: Int64) -> None:
    for part in reversed(list(_parts(model, len(x)))):
        stack.push(x[part], model.p(grid[part]))


def _pop_pixels(model: IntegerVae, stack: Stack, grid: Int64) -> UInt8:
    found = [stack.pop(rows, len(rows)) for rows in (model.p(grid[part]) for part in _parts(model, len(grid)))]
    return np.concatenate(found).astype(np.uint8).reshape(len(grid), *model.shape)


def _parts(model: IntegerVae, count: int) -> Iterator[slice]:
    """So many pictures in parts whose frequencies fit into memory."""
    size = max(1, AT_ONCE // (model.pixels * model.levels))
    return (slice(start, min(count, start + size)) for start in range(0, count, size))
