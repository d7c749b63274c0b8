"""Short versions of all attacks on a real server, and a check that a loss is reported."""

import sys

import pytest

from tests.attack.damaged_models import attack_with_damaged_models
from tests.attack.decompression_bombs import attack_with_bombs
from tests.attack.forged_widget_values import attack_with_forged_values
from tests.attack.kills import attack_with_kills
from tests.attack.outcome import Memory, Outcome
from tests.attack.streamlit_client import Client
from tests.browser.server import start

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="sends Linux signals and reads /proc"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = start(tmp_path_factory.mktemp("attacked"))
    yield server
    server.stop()


def test_damaged_models(server):
    outcome = attack_with_damaged_models(server, 20, seed=1)
    assert not outcome.losses and outcome.counts["answered with a page"] == 20


def test_forged_values(server):
    outcome = attack_with_forged_values(server, 10, seed=2)
    assert not outcome.losses and outcome.counts["sent"] == 10


def test_a_bomb_for_each_page(server):
    outcome = attack_with_bombs(server, ("photo-lossless.webp", "train-float64.npz", "table-columns.csv"))
    assert not outcome.losses and outcome.counts["sent"] == 12
    assert outcome.counts["refused in a sentence"] == 12


def test_kills(tmp_path):
    server = start(tmp_path)
    try:
        outcome, server = attack_with_kills(server, 5, seed=3)
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
