"""The ledger's three amounts add up to the bits on the stack."""

import numpy as np
import pytest

from tests.compression.test_version_1 import DIGITS, FOLDER
from vae_core.checkpoints import load
from vae_core.compression.ledger import ledger


def test_the_amounts_add_up_to_the_file():
    found = ledger(load(FOLDER / "mlp"), DIGITS[:40])
    assert found.returned[0] == 0 and (found.returned[1:] > 0).all() and found.uncompressed == 64
    start = found.file - found.net.cumsum()
    assert 0 <= start[0] <= 24 and np.abs(start - start[0]).max() < 2
    assert found.net[1:].mean() == pytest.approx(8 * 1335 / 300, rel=0.2)
