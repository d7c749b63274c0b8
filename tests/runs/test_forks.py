"""A run that goes on from another one's weights: begins where that one is, is a person's own, and names its origin."""

import numpy as np
import pytest
from safetensors.numpy import load_file

from tests.helpers.run_helpers import LONG, RunHome, equal_weights, run_of, until
from tests.runs.test_store import RUN
from vae_core.config import TrainConfig
from vae_core.errors import UserError
from vae_core.runs.forks import START, can_fork, fork
from vae_core.runs.users import User, new_user_id

ONE, OTHER = User(new_user_id()), User(new_user_id())
SHORT = TrainConfig(epochs=100, batch_size=64, lr=3e-3, schedule="constant", warmup_steps=0)


def losses(store, id):
    return [record["val"]["loss"] for record in store.events(id, "epoch")]


def test_a_run_that_is_done_goes_on_where_it_ended(shared_home: RunHome):
    store = shared_home.store
    first = store.create(run_of(SHORT, title="the first"), user=ONE)
    shared_home.wait_for_end(first)
    store.command(blocker := store.create(run_of(LONG)), "pause")
    new = fork(store, first, OTHER)
    row, origin = store.get(new), store.get(first)
    assert (row.owner, row.origin, row.title) == (OTHER.id, first, "the first (fork)")
    assert row.run.replace(title="") == origin.run.replace(title="") and row.data_dir == origin.data_dir
    begins = store.folder(new) / START
    if begins.exists():  # the scheduler may have begun, but a run removes the file only when it is done
        assert equal_weights(load_file(begins), shared_home.weights(first))
    shared_home.wait_for_end(new)
    before, after = losses(store, first), losses(store, new)
    assert abs(after[0] - before[-1]) < abs(before[0] - before[-1]) / 5
    assert not begins.exists() and not equal_weights(shared_home.weights(new), shared_home.weights(first))
    assert shared_home.state(first) == "done"
    again = fork(store, new, ONE)
    assert store.get(again).title == "the first (fork)"
    for id in (again, blocker):
        store.command(id, "stop")
    until(lambda: shared_home.state(again) in ("stopped", "done"))
    shared_home.wait_for_end(blocker, "stopped")


def test_a_run_that_trains_gives_the_weights_of_its_last_save(run_home: RunHome):
    store = run_home.store
    id = store.create(run_of(LONG), user=ONE)
    with pytest.raises(UserError, match="no weights yet"):
        fork(store, id, OTHER)
    run_home.start_scheduler()
    run_home.wait_for_save(id)
    assert can_fork(store.get(id))
    new = fork(store, id, OTHER)
    weights = load_file(store.folder(new) / START)
    assert store.get(new).state == "queued" and all(np.isfinite(one).all() for one in weights.values())
    store.command(id, "stop")
    run_home.wait_for_step(new)
    store.command(new, "stop")
    run_home.wait_for_end(new, "stopped")
    assert run_home.weights(id).keys() == weights.keys()


def test_a_private_run_is_gone_on_from_by_its_owner_alone(store):
    id = store.create(RUN, user=ONE)
    store.set_private(id, True, ONE)
    with pytest.raises(UserError, match="no run"):
        fork(store, id, OTHER)


def test_weights_that_are_damaged_end_the_run_with_a_sentence(run_home: RunHome):
    id = run_home.store.create(run_of(SHORT))
    run_home.store.folder(id).mkdir(parents=True)
    (run_home.store.folder(id) / START).write_bytes(b"nothing")
    run_home.start_scheduler()
    run_home.wait_for_end(id, "failed")
    assert "is damaged, so the run cannot begin" in run_home.store.get(id).message
