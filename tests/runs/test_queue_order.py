"""The queue of runs: administrators first, people in turns, limits on how many train at once, and places that are what happens."""

import random
import time

import pytest

from tests.helpers.run_helpers import LONG, RunHome, run_of, until
from tests.runs.test_store import RUN, set_columns
from vae_core.people.limits import FILE
from vae_core.runs.users import ADMIN, User, new_user_id
from vae_core.scheduling.lease import Lease, claim

ANNA, BEN, CARL = (User(new_user_id()) for _ in range(3))


def ordered(store):
    """The waiting runs by the places that the page shows."""
    return [row.id for row in sorted((row for row in store.runs() if row.place), key=lambda row: row.place)]


def one_by_one(store):
    """The runs in the order in which a scheduler with one place starts them, each after the one before has ended."""
    found = []
    while claimed := claim(store):
        Lease(store, *claimed).release("finish")
        found.append(claimed[0])
    return found


def test_eight_runs_of_one_person_do_not_hold_back_the_first_of_another(store):
    annas = [store.create(RUN, user=ANNA) for _ in range(8)]
    first = claim(store)
    assert first[0] == annas[0]
    bens = [store.create(RUN, user=BEN) for _ in range(2)]
    row = store.get(bens[0])
    assert (row.place, row.waiting.after) == (1, "") and store.get(annas[1]).waiting.after == bens[0]
    Lease(store, *first).release("finish")
    assert one_by_one(store) == [bens[0], annas[1], bens[1], *annas[2:]]


def test_whoever_has_just_been_served_waits_longest(store):
    old = [store.create(RUN, user=who) for who in (ANNA, BEN, CARL)]
    assert one_by_one(store) == old
    new = {who.id: [store.create(RUN, user=who) for _ in range(2)] for who in (CARL, BEN, ANNA)}
    assert one_by_one(store) == [new[who.id][n] for n in range(2) for who in (ANNA, BEN, CARL)]


def test_administrators_come_first_in_their_own_order(store):
    ben = store.create(RUN, user=BEN)
    teachers = [store.create(RUN, user=User(ANNA.id, is_admin=True)), store.create(RUN, user=ADMIN)]
    assert ordered(store) == [*teachers, ben] == one_by_one(store)


@pytest.mark.parametrize("seed", range(5))
def test_the_places_are_what_happens(store, seed):
    chance = random.Random(seed)
    for _ in range(chance.randrange(4)):  # some have been served before
        store.create(RUN, user=chance.choice((ANNA, BEN, CARL, ADMIN)))
        one_by_one(store)
    ids = [store.create(RUN, user=chance.choice((ANNA, BEN, CARL, ADMIN))) for _ in range(8)]
    for id in chance.sample(ids, 3):
        store.command(id, "pause")
        store.command(id, "resume")
    shown = ordered(store)
    assert sorted(shown) == sorted(ids)
    assert [store.get(id).waiting.after for id in shown] == ["", *shown[:-1]]
    assert one_by_one(store) == shown


def test_a_resumed_run_goes_before_the_others_of_its_person_only(store):
    first, second = (store.create(RUN, user=ANNA) for _ in range(2))
    ben = store.create(RUN, user=BEN)
    store.command(second, "pause")
    store.command(second, "resume")
    assert ordered(store) == [second, ben, first]


def test_a_killed_run_and_a_single_step_do_not_wait_for_another_turn(store):
    killed, stepped = (store.create(RUN, user=ANNA) for _ in range(2))
    claim(store)
    ben = store.create(RUN, user=BEN)
    set_columns(store, killed, heartbeat=time.time() - 90)
    store.clean_up()  # as the scheduler does
    store.command(stepped, "pause")
    assert ordered(store) == [killed, ben]
    store.command(stepped, "step")
    assert ordered(store)[-1] == ben


@pytest.mark.parametrize("section", ["person", "everyone"])
def test_a_limit_on_how_many_train_holds_runs_back_and_administrators_go_on(store, section):
    (store.home / FILE).write_text(f"[{section}]\ntraining = 1")
    annas = [store.create(RUN, user=ANNA) for _ in range(2)]
    ben, teacher = store.create(RUN, user=BEN), store.create(RUN)
    started = [claim(store), claim(store), claim(store)]
    expected = [teacher, annas[0], ben] if section == "person" else [teacher, None, None]
    assert [found and found[0] for found in started] == expected
    last = store.get(annas[1])
    assert last.waiting.held and claim(store) is None
    for found in filter(None, started):
        Lease(store, *found).release("finish")
    assert [store.get(id).waiting.held for id in annas if store.get(id).waiting][:1] == [False]


def test_the_real_scheduler_keeps_to_the_turns(run_home: RunHome):
    annas = [run_home.store.create(run_of(LONG), user=ANNA) for _ in range(2)]
    run_home.start_scheduler()
    run_home.wait_for_step(annas[0])
    ben = run_home.store.create(run_of(LONG), user=BEN)
    run_home.store.command(annas[0], "stop")
    run_home.wait_for_step(ben)
    assert run_home.state(annas[1]) == "queued"
    for id in (annas[1], ben):
        run_home.store.command(id, "stop")
    until(lambda: run_home.state(ben) == "stopped")
