"""Fixtures: stores, and homes with real schedulers; all processes end with the test."""

import pytest

from tests.helpers.run_helpers import EXACT, RunHome, run_of
from vae_core.runs import Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


@pytest.fixture
def run_home(tmp_path):
    made = RunHome(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory):
    """A home whose scheduler has started; each test leaves no run in it that waits or trains."""
    made = RunHome(tmp_path_factory.mktemp("shared"))
    made.start_scheduler()
    yield made
    made.close()


@pytest.fixture(scope="module")
def uninterrupted_weights(shared_home):
    """The weights after EXACT without an interruption."""
    id = shared_home.store.create(run_of(EXACT))
    shared_home.wait_for_end(id)
    return shared_home.weights(id)
