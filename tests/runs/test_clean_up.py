"""Clean-up: by age and owner, what is said goes and nothing else, undone as one, and never by somebody else."""

import json
import time

import pytest

from tests.helpers.run_helpers import until
from tests.runs.test_store import RUN, claimed_run, set_columns
from vae_core.__main__ import main
from vae_core.errors import UserError
from vae_core.runs import Store, deletion
from vae_core.runs.many.clean_up import batches, clean_up, owner_of, owners, plan, undo
from vae_core.runs.names import MACHINE, Names
from vae_core.runs.users import ADMIN, User, new_user_id

ONE, OTHER = User(new_user_id()), User(new_user_id())
DAY = 24 * 3600.0


def ended(store, days, user=ADMIN, state="done", size=0):
    id = store.create(RUN, user=user)
    set_columns(store, id, state=state, ended=time.time() - days * DAY, created=time.time() - days * DAY)
    if size:
        store.folder(id).mkdir(parents=True)
        (store.folder(id) / "weights").write_bytes(bytes(size))
    return id


def test_the_plan_is_by_age_and_owner_with_its_size(store):
    old = ended(store, 8, ONE, size=2**20)
    young, other = ended(store, 1, ONE, size=2**19), ended(store, 9, OTHER)
    machine = ended(store, 30)
    assert plan(store).ids == (machine, other, old, young)
    assert plan(store, 7 * DAY).ids == (machine, other, old)
    found = plan(store, 7 * DAY, ONE.id)
    assert (found.ids, found.titles, found.owners, found.megabytes) == ((old,), ("small",), (ONE.id,), 1.0)
    assert plan(store, owner=ONE.id).megabytes == 1.5 and plan(store, owner="").ids == (machine,)


def test_what_waits_or_trains_stays(store):
    running, lease = claimed_run(store)
    waiting, paused = store.create(RUN), store.create(RUN)
    store.command(paused, "pause")
    lost = ended(store, 1, state="lost")
    found = plan(store)
    assert set(found.ids) == {paused, lost}
    store.command(paused, "resume")  # meanwhile
    assert clean_up(store, found) == 1
    assert {row.id for row in store.runs()} == {running, waiting, paused}
    lease.heartbeat()


def test_a_clean_up_is_undone_as_one_and_gone_after_a_day(store):
    ids = [ended(store, 8, who, size=100) for who in (ONE, OTHER, ADMIN)]
    alone = ended(store, 8)
    before = {row.id: row for row in store.runs()}
    store.delete(alone)
    assert batches(store) == [] and clean_up(store, plan(store)) == 3
    assert store.runs() == [] and not any(store.folder(id).exists() for id in ids)
    (batch,) = batches(store)
    assert batch.count == 3 and [row.id for row in store.deleted(ADMIN, alone=True)] == [alone]
    assert [row.id for row in store.deleted(ONE)] == [ids[0]]  # who owns it sees it too
    assert undo(store, batch.when) == 3
    assert {row.id: row for row in store.runs()} == {id: before[id] for id in ids}
    assert all((store.folder(id) / "weights").exists() for id in ids)
    clean_up(store, plan(store))
    for id in ids:
        set_columns(store, id, deleted=time.time() - deletion.UNDO_SECONDS - 1)
    store.clean_up()
    assert batches(store) == [] and not list((store.home / "deleted").iterdir())


@pytest.mark.parametrize("who", [ONE, User()])
def test_only_an_administrator_cleans_up(store, who):
    ended(store, 8, ONE)
    with pytest.raises(UserError, match="Only an administrator"):
        clean_up(store, plan(store), who)
    assert len(store.runs()) == 1
    clean_up(store, plan(store))
    with pytest.raises(UserError, match="Only an administrator"):
        undo(store, 0.0, who)


def test_people_are_named(store):
    ended(store, 1, ONE)
    ended(store, 1)
    Names(store.home).rename(ONE.id, "Ada Lovelace", ONE)
    assert owners(store) == {ONE.id: "Ada Lovelace", "": MACHINE}
    assert owner_of(store, " ada  LOVELACE ") == ONE.id and owner_of(store, "this computer") == ""
    with pytest.raises(UserError, match="Nobody with runs is called “Bob”; there are Ada Lovelace, This computer"):
        owner_of(store, "Bob")


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_command_says_what_would_go_then_deletes_and_restores_it(store, capsys):
    old, young = ended(store, 8, ONE, size=2**20), ended(store, 1, ONE)
    ended(store, 8, OTHER)
    Names(store.home).rename(ONE.id, "Ada", ONE)
    command = ["runs", "--home", str(store.home), "--clean", "--older", "7d", "--owner", "ada"]
    assert main(command) == 0
    assert lines(capsys) == [
        {"id": old, "title": "small", "owner": "Ada"},
        {"runs": 1, "megabytes": 1.0, "deleted": 0},
    ]
    assert len(store.runs()) == 3
    assert main([*command, "--yes"]) == 0 and lines(capsys)[-1]["deleted"] == 1
    assert len(store.runs()) == 2 and store.get(young)
    assert main(["runs", "--home", str(store.home), "--undo"]) == 0 and lines(capsys) == [{"restored": 1}]
    assert len(Store(store.home).runs()) == 3
    assert main(["runs", "--home", str(store.home), "--undo"]) == 2 and "No run was deleted" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--clean"], "--clean needs"),
        (["--clean", "--yes"], "--clean needs"),
        (["--yes"], "add --clean"),
        (["--older", "7d"], "add --clean"),
        (["--clean", "--owner", "Bob"], "Nobody with runs"),
    ],
)
def test_a_command_that_does_not_say_what_is_refused(store, capsys, wrong, said):
    ended(store, 8, ONE)
    assert main(["runs", "--home", str(store.home), *wrong]) == 2 and said in capsys.readouterr().err
    assert len(store.runs()) == 1


@pytest.mark.parametrize("wrong", ["7", "d", "-1d", "7 d", "1y", "", "1e3d", "٣d"])
def test_an_age_is_days_hours_or_minutes(store, capsys, wrong):
    with pytest.raises(SystemExit) as end:
        main(["runs", "--home", str(store.home), "--clean", f"--older={wrong}"])
    assert end.value.code == 2 and "such as 7d, 12h or 30m" in capsys.readouterr().err


def test_the_real_scheduler_trains_on_after_a_clean_up(run_home):
    from tests.helpers.run_helpers import LONG, run_of

    done = ended(run_home.store, 8)
    run_home.start_scheduler()
    running = run_home.store.create(run_of(LONG), user=ONE)
    run_home.wait_for_step(running)
    clean_up(run_home.store, plan(run_home.store))
    assert [row.id for row in run_home.store.runs()] == [running] and run_home.store.deleted(ADMIN)[0].id == done
    before = run_home.step(running)
    until(lambda: run_home.step(running) > before)
    run_home.store.command(running, "stop")
    run_home.wait_for_end(running, "stopped")
