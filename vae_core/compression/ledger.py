"""The bits of each picture of a file: what x takes, what z takes, what q(z|x) gives back, and how long the file then is."""

from dataclasses import dataclass

import numpy as np

from vae_core.checkpoints import Checkpoint
from vae_core.compression.ans_stack import TOTAL, Rows, Stack
from vae_core.compression.bits_back import encode, rounded_mean
from vae_core.compression.code_frequencies import prior, reach
from vae_core.compression.exact_functions import Float64
from vae_core.compression.integer_vae import IntegerVae, check, levels_in, measure
from vae_core.compression.levels import levels_of
from vae_core.utils.arrays import Int64, UInt8


@dataclass(frozen=True)
class Ledger:
    """For each of N pictures, one after the other in one file, in bits, each (N,).

    `x`: -log2 p(x|z); `z`: -log2 p(z); `returned`: -log2 q(z|x), 0 for the first, whose z is the rounded mean; `file`: the stack after
    it, which is up to 24 bits longer than the sum, since a stack starts with a number of that size. `uncompressed` are the bits of one
    picture's levels as they are.
    """

    x: Float64
    z: Float64
    returned: Float64
    file: Int64
    uncompressed: int

    @property
    def net(self) -> Float64:
        """By how much the file grows: x + z - returned."""
        return self.x + self.z - self.returned


def ledger(checkpoint: Checkpoint, pictures: UInt8) -> Ledger:
    """The Ledger of pictures (N, C, H, W), coded one at a time; raises UserError as `codec.compress` does."""
    vae = checkpoint.vae.eval()
    check(vae.config)
    x, _ = levels_of(pictures, vae.config.shape, levels_in(vae))
    model = IntegerVae(vae, measure(vae, x))
    first = encode(model, x[:1], 1).coarseness
    stack, lines = Stack(), []
    for number in range(len(x)):
        lines.append(_push(model, stack, x[number : number + 1], None if number else first))
    bits = np.array(lines)
    each = model.pixels * (model.levels - 1).bit_length()
    return Ledger(bits[:, 0], bits[:, 1], bits[:, 2], bits[:, 3].astype(np.int64), each)


def _push(model: IntegerVae, stack: Stack, x: UInt8, head: int | None) -> tuple[float, float, float, int]:
    """Push one picture (1, C, H, W): the bits of x, of z, those returned, and those on the stack; `head`: coarseness of the first."""
    q = model.q(x)
    coarseness, returned = head or 0, 0.0
    if head is None:
        symbols = stack.pop(q.rows, q.middle.size)
        grid, returned = q.grid(symbols), bits_of(q.rows, symbols)
    else:
        grid = rounded_mean(q.middle, coarseness)
    rows = model.p(grid)
    stack.push(x, rows)
    codes = ((grid >> coarseness) + reach(coarseness)).ravel()
    stack.push(codes, prior(coarseness))
    levels = x.ravel().astype(np.int64)
    return bits_of(rows, levels), bits_of(np.tile(prior(coarseness), (len(codes), 1)), codes), returned, stack.bits


def bits_of(rows: Rows, symbols: Int64) -> float:
    """-log2 of the probabilities of symbols (N,), added up."""
    return float(-np.log2((rows[np.arange(len(symbols)), symbols] + 1.0) / TOTAL).sum())
