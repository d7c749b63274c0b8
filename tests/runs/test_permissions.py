"""Permissions and quotas: other users may only look, each user has a quota of runs, and a deletion can be undone for a day."""

import sqlite3
import time

import pytest

from tests.helpers.run_helpers import LONG, RunHome, run_of, until
from tests.runs.test_store import RUN, claimed_run, set_columns
from vae_core.errors import UserError
from vae_core.people.limits import Limits
from vae_core.runs import Store, deletion
from vae_core.runs.database import ADDED_COLUMNS, VERSION
from vae_core.runs.many.listing import page
from vae_core.runs.uploaded_archives import keep_archive
from vae_core.runs.users import ADMIN, User, new_user_id
from vae_core.scheduling.lease import LeaseLost, claim

RUNS_PER_USER, RUNS_IN_ALL = Limits().person.runs, Limits().everyone.runs
ONE, OTHER, NOBODY = User(new_user_id()), User(new_user_id()), User()
ACTS = {
    "pause": lambda store, id, who: store.command(id, "pause", who),
    "resume": lambda store, id, who: store.command(id, "resume", who),
    "stop": lambda store, id, who: store.command(id, "stop", who),
    "step": lambda store, id, who: store.command(id, "step", who),
    "epoch": lambda store, id, who: store.command(id, "epoch", who),
    "live controls": lambda store, id, who: store.set_controls(id, lr=1e-3, user=who),
    "delete": lambda store, id, who: store.delete(id, who),
    "undelete": lambda store, id, who: store.undelete(id, who),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("owner", [ONE, ADMIN])
def test_other_users_change_nothing(store, act, owner):
    id = store.create(RUN, user=owner)
    if act in ("resume", "step", "epoch"):
        store.command(id, "pause")
    if act == "undelete":
        store.delete(id)
    before = store.runs(), store.deleted(ADMIN)
    for stranger in (OTHER, NOBODY):
        with pytest.raises(UserError, match="another person|the teacher"):
            ACTS[act](store, id, stranger)
    assert (store.runs(), store.deleted(ADMIN)) == before
    ACTS[act](store, id, owner)


@pytest.mark.parametrize("act", ACTS)
def test_an_administrator_may_do_all(store, act):
    id = store.create(RUN, user=ONE)
    if act in ("resume", "step", "epoch"):
        store.command(id, "pause")
    if act == "undelete":
        store.delete(id)
    ACTS[act](store, id, User(OTHER.id, is_admin=True))


def test_runs_of_version_1_belong_to_the_administrator(tmp_path):
    """A database of version 1 is migrated, and only administrators may change its runs."""
    store = Store(tmp_path)
    id = store.create(RUN)
    with sqlite3.connect(store.path) as db:
        made = db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'runs' AND sql IS NOT NULL"
        )
        for (index,) in made.fetchall():
            if index != "runs_state":  # which version 1 had
                db.execute(f"DROP INDEX {index}")
        db.execute("DROP TABLE people")
        for column in ADDED_COLUMNS:
            db.execute(f"ALTER TABLE runs DROP COLUMN {column}")
        db.execute("PRAGMA user_version = 1")
    db.close()
    again = Store(tmp_path)
    with sqlite3.connect(store.path) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == VERSION
    db.close()
    with pytest.raises(UserError, match="belongs to the teacher"):
        again.delete(id, ONE)
    assert again.get(id).by_admin and [row.id for row in page(again, ONE, "small").rows] == [id]
    again.delete(id)
    assert again.runs() == []


def test_the_quota_holds_for_queueing_resuming_and_undeleting(store):
    ids = [store.create(RUN, user=ONE) for _ in range(RUNS_PER_USER)]
    with pytest.raises(UserError, match=f"{RUNS_PER_USER} of your runs"):
        store.create(RUN, user=ONE)
    store.command(ids[0], "pause", ONE)
    store.create(RUN, user=ONE)
    with pytest.raises(UserError, match="of your runs"):
        store.command(ids[0], "resume", ONE)
    store.delete(ids[1], ONE)
    store.command(ids[0], "resume", ONE)
    with pytest.raises(UserError, match="of your runs"):
        store.undelete(ids[1], ONE)
    store.create(RUN, user=OTHER)
    store.create(RUN)


def test_new_cookies_do_not_exceed_the_quota_of_all_users(store):
    for _ in range(RUNS_IN_ALL):
        store.create(RUN, user=User(new_user_id()))
    with pytest.raises(UserError, match=f"{RUNS_IN_ALL} runs wait or train here"):
        store.create(RUN, user=User(new_user_id()))
    store.create(RUN)  # an administrator has no quota
    assert len(store.runs()) == RUNS_IN_ALL + 1


def test_a_browser_without_a_cookie_starts_no_run(store):
    with pytest.raises(UserError, match="keeps no cookies"):
        store.create(RUN, user=NOBODY)


@pytest.mark.parametrize("state", ["queued", "paused", "stopped", "done", "failed", "lost"])
def test_a_deletion_can_be_undone_completely(store, state):
    id = store.create(RUN, user=ONE)
    set_columns(store, id, state=state)
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


def test_a_suspended_worker_of_a_deleted_run_cannot_write(store):
    id, lease = claimed_run(store)
    set_columns(store, id, heartbeat=time.time() - 60)
    store.delete(id)
    with pytest.raises(LeaseLost):
        lease.heartbeat()
    store.undelete(id)
    with pytest.raises(LeaseLost):
        lease.write([], {}, 1.0)
    assert store.get(id).state == "lost"


def test_after_a_day_a_deleted_run_is_removed_with_its_uploads(store):
    files = [keep_archive(store.home, ONE, ".zip", content) for content in (b"shared", b"its own", b"of nobody")]
    shared, alone, unused = files
    ids = [store.create(with_pictures(path), user=ONE) for path in (shared, shared, alone)]
    for id in ids:
        (store.home / "runs" / id).mkdir(parents=True)
    for id in (ids[0], ids[2]):
        store.delete(id, ONE)
    set_columns(store, ids[0], deleted=time.time() - deletion.UNDO_SECONDS + 60)
    store.clean_up()  # as the scheduler does every second
    assert len(store.deleted(ONE)) == 2
    for id in (ids[0], ids[2]):
        set_columns(store, id, deleted=time.time() - deletion.UNDO_SECONDS - 1)
    store.clean_up()
    assert [row.id for row in store.runs()] == [ids[1]] and store.deleted(ONE) == []
    assert not list((store.home / "deleted").iterdir()) and (store.home / "runs" / ids[1]).exists()
    assert shared.exists() and not alone.exists() and unused.exists()
    with pytest.raises(UserError, match="gone for good"):
        store.undelete(ids[0], ONE)


def with_pictures(path):
    return RUN.replace(data={"dataset": "pictures", "path": str(path)})


def test_the_scheduler_skips_a_deleted_run_and_takes_it_after_undelete(run_home: RunHome):
    """The real scheduler skips a deleted run, and starts it after its deletion is undone."""
    first, second = (run_home.store.create(run_of(LONG), user=ONE) for _ in range(2))
    run_home.store.delete(first, ONE)
    run_home.start_scheduler()
    run_home.wait_for_step(second)
    run_home.store.undelete(first, ONE)
    assert run_home.state(first) == "queued"
    run_home.store.command(second, "stop", ONE)
    run_home.wait_for_step(first)
    run_home.store.command(first, "stop", ONE)
    until(lambda: run_home.state(first) == "stopped")
