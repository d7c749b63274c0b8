"""Runs on a real cluster of two nodes: as on this computer, and after the death of a node, of the bridge and of the head."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest

import vae_core
from tests.helpers.ray_cluster import descendants
from tests.helpers.run_helpers import EXACT, LONG, equal_weights, run_of, until
from vae_core.about import VERSION
from vae_core.scheduling.cluster import setting
from vae_core.utils.locks import FileLock


@pytest.fixture(scope="module", autouse=True)
def second(cluster):
    cluster.join("second")


def records(home, id):
    """How often each step and epoch is recorded."""
    counted = [(event["kind"], event["step"]) for event in home.store.events(id) if event["kind"] in ("step", "epoch")]
    return {one: counted.count(one) for one in counted}


def holder(home):
    return FileLock(home.store.home / setting.LOCK).holder()


@pytest.mark.slow
def test_runs_on_nodes_look_the_same_and_end_with_the_same_weights(cluster_home, uninterrupted_weights):
    cluster_home.wait_for_nodes("first", "second")
    ids = [cluster_home.store.create(run_of(EXACT)) for _ in range(3)]
    for id in ids:
        cluster_home.wait_for_end(id)
    assert {cluster_home.store.get(id).node for id in ids} == {"first", "second"}
    for id in ids:
        assert equal_weights(cluster_home.weights(id), uninterrupted_weights)
        steps = cluster_home.store.series(id).steps["step"]
        assert np.all(np.diff(steps) > 0) and cluster_home.store.series(id).epochs["step"][-1] == 3000
        assert (cluster_home.store.folder(id) / "latents.npz").exists()
        assert not (cluster_home.store.folder(id) / "state.safetensors").exists()
        assert len(cluster_home.store.snapshots(id)) >= 2
        assert cluster_home.store.snapshot(id, 0)["codes"].shape[1] == 2


@pytest.mark.slow
def test_words_reach_the_node(cluster_home, uninterrupted_weights):
    cluster_home.wait_for_nodes("first", "second")
    id = cluster_home.store.create(run_of(LONG))
    cluster_home.wait_for_step(id)
    cluster_home.store.set_controls(id, lr=3e-4)
    until(lambda: cluster_home.store.get(id).latest["step"]["lr"] == 3e-4)
    cluster_home.store.command(id, "stop")
    cluster_home.wait_for_end(id, "stopped")
    exact = cluster_home.store.create(run_of(EXACT))
    cluster_home.wait_for_step(exact, 300)
    cluster_home.store.command(exact, "pause")
    until(lambda: cluster_home.state(exact) == "paused")
    cluster_home.store.command(exact, "resume")
    cluster_home.wait_for_end(exact)
    assert equal_weights(cluster_home.weights(exact), uninterrupted_weights)


def test_a_run_goes_on_elsewhere_when_its_node_is_killed(cluster, cluster_home, uninterrupted_weights):
    cluster_home.wait_for_nodes("first", "second")
    ids = [cluster_home.store.create(run_of(EXACT)) for _ in range(2)]
    for id in ids:
        cluster_home.wait_for_save(id)
    killed = next(id for id in ids if cluster_home.store.get(id).node == "second")
    cluster.kill("second")
    for id in ids:
        cluster_home.wait_for_end(id)
        assert equal_weights(cluster_home.weights(id), uninterrupted_weights)
        assert set(records(cluster_home, id).values()) == {1}
    row = cluster_home.store.get(killed)
    assert row.node == "first" and row.restarts == 1
    cluster.join("second")
    cluster_home.wait_for_nodes("first", "second")


@pytest.mark.slow
def test_a_run_goes_on_when_the_bridge_is_killed(cluster_home, uninterrupted_weights):
    cluster_home.wait_for_nodes("first", "second")
    id = cluster_home.store.create(run_of(EXACT))
    cluster_home.wait_for_save(id)
    bridge = holder(cluster_home)
    os.kill(bridge, signal.SIGKILL)
    cluster_home.wait_for_end(id)
    assert equal_weights(cluster_home.weights(id), uninterrupted_weights)
    assert set(records(cluster_home, id).values()) == {1}
    until(lambda: (now := holder(cluster_home)) is not None and now != bridge)
    cluster_home.wait_for_nodes("first", "second")


@pytest.mark.slow
def test_a_run_that_ends_frees_its_place(cluster_home):
    cluster_home.wait_for_nodes("first", "second")
    ids = [cluster_home.store.create(run_of(LONG)) for _ in range(2)]
    for id in ids:
        cluster_home.wait_for_step(id)
    until(lambda: sum(node.training for node in cluster_home.cluster().nodes) == 2)
    for id in ids:
        cluster_home.store.command(id, "stop")
        cluster_home.wait_for_end(id, "stopped")
    until(lambda: sum(node.training for node in cluster_home.cluster().nodes) == 0)


@pytest.mark.slow
def test_a_node_of_another_version_is_refused_in_a_sentence(cluster, cluster_home, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(Path(vae_core.__file__).parent, other / "vae_core", ignore=shutil.ignore_patterns("__pycache__"))
    about = other / "vae_core" / "about.py"
    about.write_text(about.read_text(encoding="utf-8").replace(f'"{VERSION}"', '"0.0.1"'), encoding="utf-8")
    cluster.join("old", cwd=other)
    until(lambda: any(node.name == "old" and node.refused for node in cluster_home.cluster().nodes))
    refused = next(node.refused for node in cluster_home.cluster().nodes if node.name == "old")
    assert "Latent Explorer 0.0.1 there" in refused and f"{VERSION} here" in refused
    ids = [cluster_home.store.create(run_of(EXACT)) for _ in range(3)]
    for id in ids:
        cluster_home.wait_for_end(id)
    assert "old" not in {cluster_home.store.get(id).node for id in ids}
    cluster.kill("old")


@pytest.mark.skipif(shutil.which("ss") is None, reason="needs the program ss")
def test_all_processes_of_the_cluster_listen_on_the_loopback_interface_only(cluster):
    pids = {pid for node in cluster.nodes.values() for pid in (node.pid, *descendants(node.pid))}
    lines = subprocess.run(["ss", "-H", "-ltnp"], capture_output=True, text=True, check=True).stdout.splitlines()
    own = [line.split()[3] for line in lines if any(f"pid={pid}," in line for pid in pids)]
    assert len(own) >= 4
    assert all(address.startswith(("127.0.0.1:", "[::ffff:127.0.0.1]:")) for address in own), own


@pytest.mark.slow
def test_runs_go_on_here_when_the_head_is_gone(cluster, cluster_home, uninterrupted_weights):
    cluster_home.wait_for_nodes("first", "second")
    exact, long = (cluster_home.store.create(run_of(train)) for train in (EXACT, LONG))
    for id in (exact, long):
        cluster_home.wait_for_save(id)
    assert {cluster_home.store.get(id).node for id in (exact, long)} == {"first", "second"}
    at = cluster_home.step(long)
    cluster.kill("first")
    until(lambda: not cluster_home.store.get(long).node and cluster_home.step(long) > at)
    cluster_home.store.command(long, "stop")
    cluster_home.wait_for_end(long, "stopped")
    cluster_home.wait_for_end(exact)
    row = cluster_home.store.get(exact)
    assert row.node in ("", "second")  # on a node that is left, it may end before the death of the head is noticed
    assert row.restarts == cluster_home.store.get(long).restarts == 0
    assert equal_weights(cluster_home.weights(exact), uninterrupted_weights)
    for id in (exact, long):
        assert set(records(cluster_home, id).values()) == {1}
    until(lambda: cluster.address in cluster_home.cluster().why)
    assert not cluster_home.cluster().connected
