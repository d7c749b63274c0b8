"""Fingerprints of structures (Morgan, radius 2, 2,048 bits: Rogers and Hahn 2010), and how alike two structures are by them."""

from collections.abc import Sequence

import numpy as np

from vae_core.molecules.structures import Numbers, Structure

RADIUS, BITS = 2, 2048


def similarity(first: Structure, second: Structure) -> float:
    """The Tanimoto similarity of two structures: shared bits as a share of the bits of either, 1 for equal fingerprints."""
    return float(similarities([first, second])[0, 1])


def similarities(found: Sequence[Structure]) -> Numbers:
    """The Tanimoto similarity of every pair of structures, (N, N); of two without a bit 1."""
    bits = _bits(found)
    shared = bits @ bits.T
    counts = bits.sum(1)
    either = counts[:, None] + counts[None, :] - shared
    return np.where(either > 0, shared / np.maximum(either, 1), 1.0)


def _bits(found: Sequence[Structure]) -> Numbers:
    """The fingerprints, (N, BITS) of 0 and 1."""
    from rdkit.Chem import rdFingerprintGenerator

    generator = rdFingerprintGenerator.GetMorganGenerator(radius=RADIUS, fpSize=BITS)
    return np.stack([generator.GetFingerprintAsNumPy(one) for one in found]).astype(np.float64)
