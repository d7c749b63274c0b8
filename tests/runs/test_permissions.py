"""Whose a run is: strangers look on, each person has so many, and what was deleted can be brought back for a day."""

import sqlite3
import time

import pytest

from tests.helpers.run_helpers import LONG, House, run_of, until
from tests.runs.test_store import RUN, holding, put
from vae_core.errors import UserError
from vae_core.runs import Store, deletion, uploads
from vae_core.runs.database import VERSION
from vae_core.runs.permissions import A_PERSON, ALL
from vae_core.runs.persons import MACHINE, Person, new_id
from vae_core.scheduling.lease import LeaseLost, claim

ONE, OTHER, NOBODY = Person(new_id()), Person(new_id()), Person()
ACTS = {
    "pause": lambda store, id, who: store.command(id, "pause", who),
    "resume": lambda store, id, who: store.command(id, "resume", who),
    "stop": lambda store, id, who: store.command(id, "stop", who),
    "knobs": lambda store, id, who: store.set_controls(id, lr=1e-3, person=who),
    "delete": lambda store, id, who: store.delete(id, who),
    "undelete": lambda store, id, who: store.undelete(id, who),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("owner", [ONE, MACHINE])
def test_strangers_change_nothing(store, act, owner):
    id = store.create(RUN, person=owner)
    if act == "resume":
        store.command(id, "pause")
    if act == "undelete":
        store.delete(id)
    before = store.runs(), store.deleted(MACHINE)
    for stranger in (OTHER, NOBODY):
        with pytest.raises(UserError, match="another person's|the server's machine"):
            ACTS[act](store, id, stranger)
    assert (store.runs(), store.deleted(MACHINE)) == before
    ACTS[act](store, id, owner)


@pytest.mark.parametrize("act", ACTS)
def test_the_machine_may_do_all(store, act):
    id = store.create(RUN, person=ONE)
    if act == "resume":
        store.command(id, "pause")
    if act == "undelete":
        store.delete(id)
    ACTS[act](store, id, Person(OTHER.id, machine=True))


def test_runs_of_before_belong_to_the_machine(tmp_path):
    """A file of version 1 is read, and nobody but the machine changes what is in it."""
    store = Store(tmp_path)
    id = store.create(RUN)
    with sqlite3.connect(store.path) as db:
        for column in ("owner", "was", "deleted"):
            db.execute(f"ALTER TABLE runs DROP COLUMN {column}")
        db.execute("PRAGMA user_version = 1")
    db.close()
    again = Store(tmp_path)
    with sqlite3.connect(store.path) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == VERSION
    db.close()
    with pytest.raises(UserError, match="server's machine"):
        again.delete(id, ONE)
    again.delete(id)
    assert again.runs() == []


def test_a_person_queues_so_many_and_resumes_no_more(store):
    ids = [store.create(RUN, person=ONE) for _ in range(A_PERSON)]
    with pytest.raises(UserError, match=f"{A_PERSON} of your runs"):
        store.create(RUN, person=ONE)
    store.command(ids[0], "pause", ONE)
    store.create(RUN, person=ONE)
    with pytest.raises(UserError, match="of your runs"):
        store.command(ids[0], "resume", ONE)
    store.delete(ids[1], ONE)
    store.command(ids[0], "resume", ONE)
    with pytest.raises(UserError, match="of your runs"):
        store.undelete(ids[1], ONE)
    store.create(RUN, person=OTHER)
    store.create(RUN)


def test_new_cookies_do_not_help_beyond_what_is_for_all(store):
    for _ in range(ALL):
        store.create(RUN, person=Person(new_id()))
    with pytest.raises(UserError, match=f"{ALL} runs wait or train here"):
        store.create(RUN, person=Person(new_id()))
    store.create(RUN)  # whoever sits at the machine
    assert len(store.runs()) == ALL + 1


def test_a_browser_without_a_cookie_starts_nothing(store):
    with pytest.raises(UserError, match="keeps no cookies"):
        store.create(RUN, person=NOBODY)


@pytest.mark.parametrize("state", ["queued", "paused", "stopped", "done", "failed", "lost"])
def test_a_deletion_can_be_undone_as_if_nothing_had_been(store, state):
    id = store.create(RUN, person=ONE)
    put(store, id, state=state)
    store.folder(id).mkdir(parents=True)
    (store.folder(id) / "weights").write_bytes(b"x")
    before = store.get(id)
    store.delete(id, ONE)
    assert store.runs() == [] and claim(store) is None and not store.folder(id).exists()
    assert [row.id for row in store.deleted(ONE)] == [id] and store.deleted(OTHER) == []
    for call in (lambda: store.get(id), lambda: store.command(id, "stop", ONE), lambda: store.delete(id, ONE)):
        with pytest.raises(UserError):
            call()
    store.undelete(id, ONE)
    assert store.get(id) == before and (store.folder(id) / "weights").read_bytes() == b"x"
    with pytest.raises(UserError, match="not deleted"):
        store.undelete(id, ONE)


def test_a_silent_worker_of_a_deleted_run_writes_no_more(store):
    id, lease = holding(store)
    put(store, id, heartbeat=time.time() - 60)
    store.delete(id)
    with pytest.raises(LeaseLost):
        lease.beat()
    store.undelete(id)
    with pytest.raises(LeaseLost):
        lease.write([], {}, 1.0)
    assert store.get(id).state == "lost"


def test_after_a_day_it_is_gone_for_good_and_its_pictures_with_it(store):
    files = [uploads.keep(store.home, ONE, ".zip", content) for content in (b"shared", b"its own", b"of nobody")]
    shared, alone, unused = files
    ids = [store.create(with_pictures(path), person=ONE) for path in (shared, shared, alone)]
    for id in ids:
        (store.home / "runs" / id).mkdir(parents=True)
    for id in (ids[0], ids[2]):
        store.delete(id, ONE)
    put(store, ids[0], deleted=time.time() - deletion.DAY + 60)
    store.reap()  # as the scheduler does each second
    assert len(store.deleted(ONE)) == 2
    for id in (ids[0], ids[2]):
        put(store, id, deleted=time.time() - deletion.DAY - 1)
    store.reap()
    assert [row.id for row in store.runs()] == [ids[1]] and store.deleted(ONE) == []
    assert not list((store.home / "deleted").iterdir()) and (store.home / "runs" / ids[1]).exists()
    assert shared.exists() and not alone.exists() and unused.exists()
    with pytest.raises(UserError, match="gone for good"):
        store.undelete(ids[0], ONE)


def with_pictures(path):
    return RUN.replace(data={"dataset": "pictures", "path": str(path)})


def test_a_deleted_run_frees_the_queue_for_the_next(house: House):
    """The real scheduler passes over what is deleted, and takes it up again once it is brought back."""
    first, second = (house.store.create(run_of(LONG), person=ONE) for _ in range(2))
    house.store.delete(first, ONE)
    house.scheduler()
    house.began(second)
    house.store.undelete(first, ONE)
    assert house.state(first) == "queued"
    house.store.command(second, "stop", ONE)
    house.began(first)
    house.store.command(first, "stop", ONE)
    until(lambda: house.state(first) == "stopped", 60)
