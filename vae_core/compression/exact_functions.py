"""exp and the logistic function as tables that are the same on every computer.

The exponential of a computer's mathematics library may differ in its last bit from that of another computer, and between two sets of
instructions of one processor. The tables are computed in decimal arithmetic, which Python defines digit by digit.
"""

from decimal import Context, Decimal
from functools import cache

import numpy as np
from numpy.typing import NDArray

from vae_core.utils.arrays import Int64

Float64 = NDArray[np.float64]

STEPS = 1024  # of the tables' argument, to 1
FURTHEST = 17  # e^-17 < 2^-24, so that a frequency beyond is 0
DIGITS = Context(prec=40)


@cache
def exponentials() -> tuple[Decimal, ...]:
    """e^(-i / STEPS) for i from 0 to FURTHEST * STEPS."""
    factor = DIGITS.exp(DIGITS.divide(Decimal(-1), Decimal(STEPS)))
    found = [Decimal(1)]
    for _ in range(FURTHEST * STEPS):
        found.append(DIGITS.multiply(found[-1], factor))
    return tuple(found)


@cache
def exponential_masses(total: int) -> Int64:
    """round(total e^(-i / STEPS)) for the same i, (FURTHEST * STEPS + 1,)."""
    scale = Decimal(total)
    return np.array([int(DIGITS.multiply(one, scale).to_integral_value()) for one in exponentials()])


@cache
def logistics() -> Float64:
    """1 / (1 + e^(-i / STEPS)) for the same i, each the float64 that is nearest to the exact value."""
    return np.array([float(DIGITS.divide(Decimal(1), DIGITS.add(Decimal(1), one))) for one in exponentials()])


def logistic(index: Int64) -> Float64:
    """The logistic function of index / STEPS, for indices of any size and sign."""
    positive = logistics()[np.minimum(np.abs(index), FURTHEST * STEPS)]
    return np.where(index < 0, 1 - positive, positive)


def integer_exp(numerator: int, denominator: int, scale: int) -> int:
    """round(scale e^(numerator / denominator))."""
    value = DIGITS.exp(DIGITS.divide(Decimal(numerator), Decimal(denominator)))
    return int(DIGITS.multiply(value, Decimal(scale)).to_integral_value())
