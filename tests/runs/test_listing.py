"""Lists of runs: paged and searched without reading all rows, and private runs are seen by their owner and administrators alone."""

import secrets

import pytest

from tests.helpers.run_helpers import DIGITS, SMALL, run_of
from tests.runs.test_store import RUN, set_columns
from vae_core.config import TrainConfig
from vae_core.errors import UserError
from vae_core.experiments.runs_of_arms import find_run
from vae_core.objectives import BetaVae
from vae_core.presets.run_config import RunConfig
from vae_core.runs import Store
from vae_core.runs import store as store_module
from vae_core.runs.database import session, transaction
from vae_core.runs.many.listing import ENOUGH, hidden, in_progress, like, like_any, page
from vae_core.runs.names import Names
from vae_core.runs.run_rows import alike
from vae_core.runs.users import ADMIN, User, new_user_id

ONE, OTHER, NOBODY = User(new_user_id()), User(new_user_id()), User()
MANY = 10_000


def ids(rows):
    return [row.id for row in rows]


def titled(title, **more):
    return RUN.replace(title=title, **more)


def test_pages_join_up_to_the_whole_list_newest_first(store):
    made = [store.create(RUN) for _ in range(7)][::-1]
    pages = [page(store, ADMIN, start=start, count=3) for start in (0, 3, 6, 9)]
    assert [ids(one.rows) for one in pages] == [made[:3], made[3:6], made[6:], []]
    assert {one.total for one in pages} == {7}


def test_a_run_is_found_by_title_owner_data_and_preset(store):
    Names(store.home).rename(ONE.id, "Ada Lovelace", ONE)
    a = store.create(titled("Straße of ÄPFEL"), user=ONE)
    b = store.create(RunConfig(data=DIGITS, model=SMALL, objective=BetaVae(beta=3), title="other"), user=OTHER)
    given = Names(store.home).of([OTHER.id])[OTHER.id]
    for search, found in {
        "": [b, a], "äpfel": [a], "STRASSE": [a], "lovelace": [a], "ada straße": [a], "ada other": [], "digits": [b, a],
        "beta-vae": [b], "β-vae": [], str(given).split()[1].lower(): [b], "nothing": [], "%": [], "_": [], "'": [], "\x00": [],
    }.items():  # fmt: skip
        assert ids(page(store, NOBODY, search).rows) == found, search
        assert page(store, NOBODY, search).total == len(found)


def test_a_long_search_is_cut(store):
    store.create(RUN)
    assert page(store, ADMIN, "small " * 100_000).total == 1


def test_a_damaged_row_is_told_on_its_page(store):
    whole, damaged = store.create(RUN), store.create(RUN)
    set_columns(store, damaged, config="{")
    found = page(store, ADMIN)
    assert ids(found.rows) == [whole] and ids(found.damaged) == [damaged] and found.total == 2
    assert ids(like(store, RUN)) == [whole]


@pytest.mark.parametrize("stranger", [OTHER, NOBODY])
def test_a_private_run_does_not_exist_for_others(store, stranger):
    mine = store.create(titled("mine"), user=ONE)
    store.set_private(mine, True, ONE)
    with pytest.raises(UserError, match="another person's|no run"):
        store.set_private(mine, False, stranger)
    for see in (ONE, ADMIN, User(OTHER.id, is_admin=True)):
        assert (
            ids(page(store, see).rows) == ids(in_progress(store, see)) == ids(like(store, titled("x"), see)) == [mine]
        )
        assert store.get(mine, see).private and hidden(store, see, [mine]) == frozenset()
    found = page(store, stranger, "mine")
    assert (found.rows, found.damaged, found.total) == ([], [], 0)
    assert in_progress(store, stranger) == like(store, titled("x"), stranger) == store.deleted(stranger) == []
    assert hidden(store, stranger, [mine, "20250101-000000-abcd"]) == {mine}
    gone = "20250101-000000-abcd"
    for act in (
        lambda id: store.get(id, stranger),
        lambda id: store.command(id, "stop", stranger),
        lambda id: store.set_controls(id, lr=1e-3, user=stranger) if id != gone else store.get(id, stranger),
        lambda id: store.delete(id, stranger),
        lambda id: store.set_private(id, False, stranger),
    ):
        said = []
        for id in (mine, gone):
            with pytest.raises(UserError) as refusal:
                act(id)
            said.append(str(refusal.value).replace(id, "ID"))
        assert said[0] == said[1]  # nobody can tell it from one that never was
    store.set_private(mine, False, ONE)
    assert ids(page(store, stranger).rows) == [mine] and hidden(store, stranger, [mine]) == frozenset()


def test_a_damaged_private_run_does_not_exist_for_others_either(store):
    mine = store.create(RUN, user=ONE)
    store.set_private(mine, True, ONE)
    set_columns(store, mine, config="{")
    assert page(store, OTHER).damaged == [] and page(store, ONE).damaged


def test_the_run_of_some_settings_is_found_among_those_like_it(store):
    store.create(RUN.replace(train={**RUN.train.model_dump(), "seed": 5}))
    wanted = store.create(titled("another title"))
    store.create(RUN, origin=wanted)
    assert ids(like(store, RUN)) == [wanted] and find_run(RUN, like(store, RUN)).id == wanted
    assert find_run(run_of(TrainConfig(epochs=77)), like(store, run_of(TrainConfig(epochs=77)))) is None


def test_runs_of_equal_settings_are_found_among_many_and_the_newest_are_enough(store):
    other = run_of(TrainConfig(epochs=77))
    equal = [store.create(titled(f"number {n}")) for n in range(2 * ENOUGH)][::-1]
    done = store.create(other)
    set_columns(store, equal[-1], state="done")
    assert ids(like(store, RUN)) == [*equal[:ENOUGH], equal[-1]]  # waiting ones, and the oldest, which is done
    assert find_run(RUN, like(store, RUN)).id == equal[-1]
    assert ids(like_any(store, [other, RUN, other])) == [done, *ids(like(store, RUN))]
    assert like_any(store, []) == []


def test_runs_of_an_older_version_are_found_by_their_settings_too(store):
    wanted, damaged = store.create(RUN), store.create(RUN)
    with session(store.path) as db:
        db.executescript(
            "DROP INDEX runs_alike; DROP INDEX runs_unmeasured; DROP INDEX runs_position; DROP INDEX runs_bytes;"
            "CREATE INDEX runs_private ON runs (owner, id) WHERE private = 1;"
            "ALTER TABLE runs DROP COLUMN alike; PRAGMA user_version = 3"
        )
    set_columns(store, damaged, config="{")
    again = Store(store.home)
    assert ids(like(again, RUN)) == ids(like(again, RUN)) == [wanted]
    with session(store.path) as db:
        assert db.execute("SELECT count(*) FROM runs WHERE alike IS NULL").fetchone()[0] == 0
        names = {row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    assert {"runs_alike", "runs_position", "runs_unmeasured", "runs_bytes"} <= names and "runs_private" not in names


def test_a_setting_at_its_default_does_not_tell_runs_apart_and_any_other_does():
    older = {name: value for name, value in RUN.train.model_dump().items() if name != "accumulate"}
    assert alike(RUN.replace(train=older, title="x")) == alike(RUN)
    changes = [
        {"train": {"seed": 1}},
        {"train": {"lr": 0.5}},
        {"model": {"latent_dim": 3}},
        {"data": {"dataset": "mnist"}},
    ]
    assert len({alike(RUN), *(alike(RUN.replace(**change)) for change in changes)}) == 5


def many(store):
    """A store with 10,000 runs of 100 people."""
    first = store.create(titled("first of all"), user=ONE)
    with session(store.path) as db, transaction(db):
        names = [column["name"] for column in db.execute("PRAGMA table_info(runs)")]
        row = dict(db.execute("SELECT * FROM runs WHERE id = ?", (first,)).fetchone())
        people = [new_user_id() for _ in range(100)]
        rows = [
            {**row, "id": f"20250101-{n:06d}-{secrets.token_hex(2)}", "created": row["created"] - n - 1, "state": "done",
             "owner": people[n % 100], "title": f"run {n}", "searched": f"run {n}\ndigits\nvae", "private": n % 2}
            for n in range(MANY)
        ]  # fmt: skip
        marks = ", ".join("?" * len(names))
        db.executemany(f"INSERT INTO runs VALUES ({marks})", [tuple(one[name] for name in names) for one in rows])
    return people


def test_a_page_of_ten_thousand_runs_reads_its_own_rows_only(store, monkeypatch):
    people = many(store)
    read = []
    parse = store_module.parse_row
    monkeypatch.setattr(store_module, "parse_row", lambda row, *rest: read.append(row["id"]) or parse(row, *rest))
    for user, total in ((ADMIN, MANY + 1), (NOBODY, MANY // 2 + 1), (User(people[1]), MANY // 2 + 101)):
        found = page(store, user, count=20)
        assert (len(found.rows), found.total) == (20, total) and len(read) == 20
        read.clear()
    assert page(store, ADMIN, "9999").total == 1 and len(read) == 1
    read.clear()
    assert len(in_progress(store)) == 1 and len(read) == 1
    # The choice reads an index that holds all it needs, not the rows with their settings.
    with session(store.path) as db:
        plan = db.execute(
            "EXPLAIN QUERY PLAN SELECT id FROM runs WHERE state != 'deleted' AND (private = 0 OR (owner != '' AND owner = 'x')) "
            "AND (instr(searched, 'y') OR owner IN ('z')) ORDER BY created DESC, id DESC LIMIT 20"
        ).fetchall()
    assert [row["detail"] for row in plan][0].endswith("USING COVERING INDEX runs_listed")
    assert not any("TEMP B-TREE" in row["detail"] for row in plan)
