"""One look at the runs for all who watch them: what changes a page's mark, what does not, and what each person sees."""

import pytest

from tests.runs.test_store import RUN, claimed_run, set_columns
from vae_core.runs import Store
from vae_core.runs.many.overview import LISTED, look
from vae_core.runs.names import Names
from vae_core.runs.users import ADMIN, User, new_user_id
from vae_core.scheduling.lease import Lease

ONE, OTHER, NOBODY = User(new_user_id()), User(new_user_id()), User()
STEP = {"kind": "step", "step": 1, "epoch": 0, "seconds": 0.1, "samples_per_second": 9.0}


def marks(store: Store) -> dict[User, str]:
    now = look(store)
    return {user: now.mark(user) for user in (ONE, OTHER, NOBODY, ADMIN)}


def owned_and_claimed(store: Store) -> tuple[str, Lease]:
    """A run of ONE that is claimed by this process."""
    id, lease = claimed_run(store)
    set_columns(store, id, owner=ONE.id)
    return id, lease


CHANGES = {
    "another run": lambda store, ids: store.create(RUN, user=OTHER),
    "another state": lambda store, ids: store.command(ids[1], "pause", ONE),
    "deleted": lambda store, ids: store.delete(ids[1], ONE),
    "hidden": lambda store, ids: store.set_private(ids[1], True, ONE),
    "another name": lambda store, ids: Names(store.home).rename(ONE.id, "Emmy", ONE),
    "another place in the queue": lambda store, ids: set_columns(store, ids[1], restarts=1),
    "a title": lambda store, ids: set_columns(store, ids[1], title="another"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_the_list_shows_changes_the_mark_of_all_who_see_it(store, change):
    ids = [store.create(RUN, user=ONE) for _ in range(2)]
    before = marks(store)
    assert marks(store) == before
    CHANGES[change](store, ids)
    assert all(mark != before[user] for user, mark in marks(store).items())


def test_progress_and_heartbeats_change_no_mark_and_the_share_follows(store):
    id, lease = owned_and_claimed(store)
    before, watched = marks(store), look(store, [id]).watched[id]
    lease.heartbeat()
    assert look(store, [id]).watched[id] == watched
    lease.write([STEP], {"step": STEP}, 0.456)
    now = look(store, [id])
    assert marks(store) == before and now.watched[id] != watched
    assert now.shares(OTHER) == {id: "46%"} and [row.id for row in now.in_progress(OTHER)] == [id]


def test_a_private_run_is_neither_seen_nor_noticed_by_others(store):
    hidden, lease = owned_and_claimed(store)
    shown = store.create(RUN, user=ONE)
    store.set_private(hidden, True, ONE)
    before = marks(store)
    lease.write([STEP], {"step": STEP}, 0.5)
    store.command(hidden, "stop", ONE)
    after = marks(store)
    assert {user for user in after if after[user] != before[user]} == {ONE, ADMIN}
    now = look(store, [shown, hidden])
    for user, sees in ((ONE, True), (ADMIN, True), (OTHER, False), (NOBODY, False)):
        assert now.sees(user, hidden) == sees and now.sees(user, shown)
        assert [row.id for row in now.in_progress(user)] == [shown, *([hidden] if sees else [])]
        assert now.shares(user) == {}  # it is being stopped
    assert now.circle(OTHER) == now.circle(NOBODY) != now.circle(ONE) != now.circle(ADMIN)


def test_one_looks_more_often_while_a_first_step_is_awaited(store):
    _, lease = owned_and_claimed(store)
    assert look(store).pace < 1
    lease.write([STEP], {"step": STEP}, 0.1)
    assert look(store).pace == 1


def test_of_old_runs_those_that_wait_are_listed(store):
    old, waiting = store.create(RUN, state="paused"), store.create(RUN)
    for _ in range(LISTED):
        store.create(RUN, state="paused")
    ids = [line.id for line in look(store).lines]
    assert len(ids) == LISTED + 1 and waiting in ids and old not in ids
    assert look(store, [old, "20250101-000000-dead"]).watched.keys() == {old}
