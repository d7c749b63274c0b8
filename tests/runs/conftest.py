"""Stores, and homes with real schedulers; all processes end with the test."""

import pytest

from tests.helpers.run_helpers import EXACT, House, run_of
from vae_core.runs import Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A home whose scheduler is warm; a test leaves nothing queued or running in it."""
    made = House(tmp_path_factory.mktemp("shared"))
    made.scheduler()
    yield made
    made.close()


@pytest.fixture(scope="module")
def whole(shared):
    """The weights of EXACT, trained in one go."""
    id = shared.store.create(run_of(EXACT))
    shared.ended(id)
    return shared.weights(id)
