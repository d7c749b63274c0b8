"""Arithmetic with codes: mean codes of groups of images, their differences as directions, and A - B + C.

In a latent space where an attribute is a direction, the difference of two mean codes changes it (Larsen et al. 2016,
arXiv:1512.09300, sec. 4.2); A - B + C is the analogy of Mikolov et al. 2013 (arXiv:1310.4546).
"""

import numpy as np

from vae_core.errors import UserError
from vae_core.explore.nearest_codes import Codes
from vae_core.utils.arrays import Int64


def mean_code(codes: Codes, indices: Int64) -> Codes:
    """The mean (L,) of the codes (N, L) at `indices`; raises UserError where there are none."""
    if not len(indices):
        raise UserError("A group without images has no mean code: choose another one.")
    return np.asarray(codes[indices].mean(0, dtype=np.float64), np.float32)


def analogy(a: Codes, b: Codes, c: Codes) -> Codes:
    """A - B + C (L,): what tells A from B, added to C."""
    return np.asarray(a - b + c, np.float32)


def along(z: Codes, direction: Codes, amounts: Codes) -> Codes:
    """z + t * direction for each t of `amounts` (T,), (T, L)."""
    return np.asarray(z + np.multiply.outer(amounts, direction), np.float32)
