"""The included models that lessons use, each opened once."""

from functools import cache

import pytest

from vae_core import checkpoints
from vae_core.explore.explorer import Explorer


@pytest.fixture(scope="session")
def mnist() -> Explorer:
    return Explorer.open(checkpoints.bundled() / "mnist-vae-2d")


@pytest.fixture(scope="session")
def digits() -> Explorer:
    return Explorer.open(checkpoints.bundled() / "digits-vae-2d")


@pytest.fixture(scope="session")
def opened():
    """A function that opens an included model by its name."""
    return cache(lambda name: Explorer.open(checkpoints.bundled() / name))
