"""The parts of the engine for a cluster that need no cluster: its setting, the token, the handshake, and data sets on their way."""

import json
import os
import stat
import sys
from importlib.util import find_spec

import numpy as np
import pytest
import torch

from tests.helpers.run_helpers import run_of
from vae_core.config import DataConfig, TrainConfig
from vae_core.data import DATASETS, load
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.models.build import build
from vae_core.runs import Store
from vae_core.scheduling.cluster import connection, setting
from vae_core.scheduling.cluster.setting import ClusterState, NodeState
from vae_core.scheduling.lease import Lease, LeaseLost, claim, claim_for, requests_by_token
from vae_core.training.fit import fit

pytestmark = pytest.mark.skipif(find_spec("ray") is None, reason="Ray, the extra cluster, is not installed")


def test_a_home_keeps_its_cluster_until_another_choice(tmp_path):
    assert setting.chosen(tmp_path) == "" and setting.state(tmp_path) is None
    setting.choose(tmp_path, "head.example:6379")
    assert setting.chosen(tmp_path) == "head.example:6379" and not setting.state(tmp_path).connected
    nodes = (NodeState("a", 4, 1, Message("")), NodeState("b", 2, 0, Message("Not used, since {why}.", why="x")))
    setting.write_state(tmp_path, ClusterState(True, Message(""), nodes))
    assert setting.state(tmp_path) == ClusterState(True, Message(""), nodes)
    assert setting.state(tmp_path).nodes[1].refused.template == "Not used, since {why}."
    setting.choose(tmp_path, "")
    assert setting.state(tmp_path) is None
    setting.choose(tmp_path, "")  # nothing to remove


@pytest.mark.parametrize(
    "address", ["host", "host:0", "host:65536", "host:x", "a b:1", "ray://host:1", "host:1:2", "-" * 300]
)
def test_what_is_no_address_is_refused_and_changes_nothing(tmp_path, address):
    with pytest.raises(UserError, match="is not the address of a cluster"):
        setting.choose(tmp_path, address)
    assert setting.chosen(tmp_path) == ""


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        '{"at": "x"}',
        '{"at": 1e300, "connected": 1, "why": 3, "nodes": [1]}',
        '{"at": NaN}',
        "null" * 10**6,
    ],
)
def test_a_damaged_state_counts_as_no_connection(tmp_path, content):
    setting.choose(tmp_path, "head:1")
    (tmp_path / setting.STATE).write_text(content)
    assert not setting.state(tmp_path).connected


def test_an_old_state_counts_as_no_connection(tmp_path):
    setting.choose(tmp_path, "head:1")
    setting.write_state(tmp_path, ClusterState(True, Message("")))
    path = tmp_path / setting.STATE
    found = json.loads(path.read_text())
    path.write_text(json.dumps(found | {"at": found["at"] - setting.FRESH - 1}))
    assert not setting.state(tmp_path).connected


@pytest.mark.skipif(os.name != "posix", reason="needs permissions of files")
def test_the_token_must_be_there_and_readable_by_its_owner_alone(tmp_path, monkeypatch):
    token = tmp_path / "token"
    monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", str(token))
    with pytest.raises(UserError, match="There is no token"):
        connection.environment("192.168.1.2")
    token.write_text("secret")
    token.chmod(0o640)
    with pytest.raises(UserError, match="Others can read"):
        connection.environment("192.168.1.2")
    token.chmod(0o600)
    found = connection.environment("192.168.1.2")
    assert found["RAY_AUTH_MODE"] == "token" and found["RAY_health_check_period_ms"] == "1000"


def test_the_head_makes_a_token_once_for_its_owner_alone(tmp_path, monkeypatch):
    from vae_core.commands.queue.cluster import _keep_token

    token = tmp_path / "folder" / "token"
    monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", str(token))
    _keep_token()
    first = token.read_text()
    _keep_token()
    assert token.read_text() == first and len(first) == 64
    assert os.name != "posix" or stat.S_IMODE(token.stat().st_mode) == 0o600


def test_a_run_is_claimed_for_a_node_by_its_settings_and_given_back(tmp_path):
    store = Store(tmp_path)
    cpu, gpu = (store.create(run_of(TrainConfig(device=device))) for device in ("cpu", "cuda"))
    id, token = claim_for(store, "node", lambda config: '"cuda"' in config)
    assert id == gpu and store.get(gpu).node == "node"
    assert requests_by_token(store)[token].state == "running"
    lease = Lease(store, id, token)
    lease.heartbeat()
    lease.give_back(Message("too often"))
    row = store.get(gpu)
    assert (row.state, row.restarts, row.place) == ("queued", 1, 1)
    with pytest.raises(LeaseLost):
        lease.give_back(None)
    for restarts in (1, 2, 3):
        id, token = claim_for(store, "node", lambda config: '"cuda"' in config)
        lease = Lease(store, id, token)
        lease.give_back(None)  # not the node's fault
        assert store.get(gpu).restarts == restarts
        id, token = claim_for(store, "node", lambda config: '"cuda"' in config)
        Lease(store, id, token).give_back(Message("too often"))
    assert (store.get(gpu).state, store.get(gpu).message) == ("lost", "too often")
    assert claim(store)[0] == cpu and store.get(cpu).node == ""


def test_a_pause_is_kept_where_the_node_is_gone(tmp_path):
    store = Store(tmp_path)
    id = store.create(run_of(TrainConfig()))
    lease = Lease(store, *claim_for(store, "node", lambda config: True))
    store.command(id, "pause")
    lease.give_back(Message("too often"))
    assert store.get(id).state == "paused"


def test_versions_that_differ_are_named():
    from vae_core.scheduling.cluster.versions import Versions, difference

    here = Versions("1.0", "2.13.0", "3.11.7", "2.60.0")
    assert difference(here, here) is None
    said = difference(Versions("1.0", "2.12.0", "3.11.7", "2.52.0"), here)
    assert "torch 2.12.0 there and 2.13.0 here" in said and "Ray 2.52.0 there" in said and "Python" not in said


@pytest.mark.parametrize("name", ["digits", "points", "sentences"])
def test_a_data_set_arrives_as_it_was_and_training_writes_to_none_of_it(name):
    from vae_core.scheduling.cluster.data_transfer import packed, unpacked

    data = load(DataConfig(dataset=name))
    sent = packed(data)
    before = {key: array.copy() for key, array in sent.arrays.items()}
    for array in sent.arrays.values():
        array.flags.writeable = False
    found = unpacked(sent)
    for part in ("train", "val", "test"):
        assert torch.equal(getattr(found, part).x, getattr(data, part).x)
        assert torch.equal(getattr(found, part).labels, getattr(data, part).labels)
    assert (found.classes, found.notes, found.vocabulary) == (data.classes, data.notes, data.vocabulary)
    run = run_of(TrainConfig(epochs=1, batch_size=64)) if name == "digits" else small_run(name, data)
    list(fit(build(run.model), found, run))
    assert all(np.array_equal(array, before[key]) for key, array in sent.arrays.items())


def small_run(name, data):
    from vae_core.presets.build_run import build_run

    preset = "rnn-vae" if name == "sentences" else "vae"
    settings = {"epochs": None, "seconds": 1.0, **data.layout_settings}
    return build_run(preset, DataConfig(dataset=name), data.shape, len(data.classes), **settings)


def test_a_file_that_would_leave_the_folder_is_refused():
    from vae_core.scheduling.cluster.remote_run import _plain

    assert _plain("weights.safetensors") == "weights.safetensors"
    for name in ("../weights", "/etc/passwd", "a/b", ".hidden", ""):
        with pytest.raises(UserError, match="unusable name"):
            _plain(name)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_private_folders_of_killed_actors_are_removed(tmp_path, monkeypatch):
    from vae_core.scheduling.cluster import trainer_actor

    monkeypatch.setattr(trainer_actor.tempfile, "gettempdir", lambda: str(tmp_path))
    names = {pid: tmp_path / f"{trainer_actor.PREFIX}{pid}-x" for pid in (os.getpid(), 2**22 + 1)}
    for folder in names.values():
        folder.mkdir()
    trainer_actor._remove_left_behind()
    assert names[os.getpid()].exists() and not names[2**22 + 1].exists()


def test_named_data_are_read_by_a_node_that_has_them_and_a_persons_own_are_sent(tmp_path, monkeypatch):
    from vae_core.scheduling.cluster.data_transfer import lies_here

    monkeypatch.setenv("LATENT_DATA", str(tmp_path))
    named = run_of(TrainConfig())
    assert lies_here(named)
    for entry in DATASETS.values():
        if entry.needs_download or entry.own:
            assert not lies_here(named.replace(data={"dataset": entry.name})), entry.name
