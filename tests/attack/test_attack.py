"""Short versions of all attacks on a real server, and a check that a loss is reported."""

import sys

import pytest

from tests.attack.base import Memory, Outcome
from tests.attack.bombs import bombard
from tests.attack.client import Client
from tests.attack.forged import forge
from tests.attack.kills import kill
from tests.attack.mutated import mutate
from tests.browser.server import start

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sends Linux signals and reads /proc")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = start(tmp_path_factory.mktemp("attacked"))
    yield server
    server.stop()


def test_damaged_models(server):
    outcome = mutate(server, 20, seed=1)
    assert not outcome.losses and outcome.counts["answered with a page"] == 20


def test_forged_values(server):
    outcome = forge(server, 10, seed=2)
    assert not outcome.losses and outcome.counts["sent"] == 10


def test_a_bomb_for_each_page(server):
    outcome = bombard(server, ("photo-lossless.webp", "train-float64.npz"))
    assert not outcome.losses and outcome.counts["sent"] == 8
    assert outcome.counts["refused in a sentence"] == 8


@pytest.mark.slow
def test_kills(tmp_path):
    server = start(tmp_path)
    try:
        outcome, server = kill(server, 5, seed=3)
    finally:
        server.stop()
    assert not outcome.losses and outcome.counts["killed"] == 5


def test_a_loss_is_reported(server):
    outcome = Outcome("x")
    outcome.check(False, "gone")
    assert outcome.losses == ["gone"] and "LOST: gone" in str(outcome)
    with Memory(server.process.pid) as memory, Client(server) as client:
        assert client.show("decode").widgets
    assert 0 < memory.before <= memory.peak
