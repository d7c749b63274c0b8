"""A store with 2,000 runs: pages show and find what they should, and read as little of the store and the disk as with 200."""

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.stores.filled import PEOPLE, fill
from tests.pages.visit import opened, whole
from vae_core.experiments.sweeps import Sweep, keep
from vae_core.runs import Store, database
from vae_core.runs.many.clean_up import plan
from vae_core.runs.many.listing import page
from vae_core.runs.users import ADMIN, User
from vae_ui.base import current_user
from vae_ui.shell import sidebar
from vae_ui.train import run_list
from vae_ui.widgets import model_cache
from vae_ui.widgets.model_cache import OFFERED

pytestmark = pytest.mark.slow
FEW, MANY, DELETED = 200, 2000, 20
STRANGER = User("e" * 16)
PAGES = ("start", "train", "compare", "interpolate", "models")


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    """The folders of a few and of many runs, which both are more than a page offers; tests only read them."""
    folders = {size: tmp_path_factory.mktemp(f"runs-{size}") for size in (FEW, MANY)}
    for size, folder in folders.items():
        store = fill(folder, size, epochs=3)
        keep(Sweep(base=store.runs()[0].run, varied={"beta": (0.5, 1.0, 2.0, 4.0)}, seeds=2), folder)
    yield folders
    for folder in folders.values():
        shutil.rmtree(folder)


@pytest.fixture
def at(homes, monkeypatch):
    """Makes one of the folders the home."""

    def go(size: int) -> Store:
        monkeypatch.setenv("LATENT_HOME", str(homes[size]))
        monkeypatch.delenv("LATENT_DATA", raising=False)
        return Store(homes[size])

    return go


class Reads:
    """Counts the rows that leave the database, SQLite's own steps in thousands, and the looks at files of the home folder."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.counts: Counter[str] = Counter()
        own = database.connect

        def connect(path):
            db = own(path)
            make = db.row_factory

            def row(cursor, values):
                self.counts["rows"] += 1
                return make(cursor, values)

            db.row_factory = row
            return db

        monkeypatch.setattr(database, "connect", connect)
        for name in ("stat", "lstat", "listdir", "scandir", "open"):
            self._count(os, name, home, monkeypatch)

    def _count(self, module, name, home, monkeypatch) -> None:
        own = getattr(module, name)

        def counted(path, *rest, **named):
            if isinstance(path, str | os.PathLike) and str(path).startswith(str(home)):
                self.counts[name] += 1
            return own(path, *rest, **named)

        monkeypatch.setattr(module, name, counted)


@pytest.mark.parametrize("user", [ADMIN, STRANGER], ids=["admin", "stranger"])
@pytest.mark.parametrize("page_name", PAGES)
def test_what_a_page_reads_does_not_grow_with_the_number_of_runs(at, page_name, user, monkeypatch):
    monkeypatch.setattr(current_user, "present", lambda: user)
    found = {}
    for size in (FEW, MANY):
        home = at(size).home
        opened(page_name, level="full")  # the first visit reads what later ones have in memory
        with pytest.MonkeyPatch.context() as patch:
            reads = Reads(home, patch)
            opened(page_name, level="full")
        found[size] = reads.counts
    assert found[FEW]["lstat"] > 100 and (page_name not in ("train", "compare") or found[FEW]["rows"] > 5)  # it counts
    for what in found[FEW] | found[MANY]:
        assert found[MANY][what] <= 1.1 * found[FEW][what] + 10, (what, found)


def test_the_list_shows_the_newest_and_the_search_finds_any(at):
    store = at(MANY)
    app = opened("train", level="full")
    shown = [button.label for button in app.button if (button.key or "").startswith("train.see.")]
    assert len(shown) == run_list.SHOWN and shown[0].startswith("digits · done") and "copy 1 of the digits" in shown[1]
    assert any(f"{run_list.SHOWN} of {MANY - DELETED:,} runs" in caption.value for caption in app.caption)
    app.text_input(key=run_list.SEARCH).set_value("copy 1777 digits").run()
    (only,) = [button.label for button in whole(app).button if (button.key or "").startswith("train.see.")]
    assert "copy 1777 of the digits" in only
    assert len(plan(store).ids) == MANY - DELETED and page(store, ADMIN).total == MANY - DELETED


def test_private_runs_are_not_among_them_for_others(at):
    store = at(MANY)
    private = sum(n % 10 == 3 for n in range(MANY - 1))
    assert page(store, STRANGER).total == MANY - DELETED - private
    owner = User(f"{4:016x}")  # of the run of number 3, and of every 200th after it
    assert page(store, owner).total - page(store, STRANGER).total == MANY / PEOPLE
    assert page(store, ADMIN).total - page(store, STRANGER).total == private


def test_a_kept_sweep_is_drawn_from_its_runs_among_the_others(at):
    at(MANY)
    app = opened("compare", level="full")
    assert "Sweeps" in [header.value for header in app.header]
    assert any("1 of 8 trainings are not done" in caption.value for caption in app.caption)


@pytest.mark.parametrize("page_name", ["start", "compare"])
def test_the_newest_models_are_offered_and_a_search_offers_others(at, page_name):
    at(MANY)
    app = opened(page_name, level="full")
    choice = app.selectbox(key=sidebar.WIDGET)
    offered = len(choice.options)
    assert OFFERED < offered <= OFFERED + 50 and "copy 1 of the digits" in choice.options
    assert "copy 1777 of the digits" not in choice.options
    app.text_input(key=model_cache.SEARCH).set_value("copy 1777").run()
    choice = whole(app).selectbox(key=sidebar.WIDGET)
    assert "copy 1777 of the digits" in choice.options and len(choice.options) < offered
    (name,) = [name for name, info in model_cache_of(app).items() if info.title == "copy 1777 of the digits"]
    choice.set_value(name).run()
    assert whole(app).selectbox(key=sidebar.WIDGET).value == name
    app.text_input(key=model_cache.SEARCH).set_value("").run()
    assert whole(app).selectbox(key=sidebar.WIDGET).value == name  # what is in view stays on offer


def model_cache_of(app):
    """The models by name that a search for this title finds."""
    return model_cache.models().offered(OFFERED, app.text_input(key=model_cache.SEARCH).value).whole


@pytest.mark.parametrize(("page_name", "kept"), [("start", 1), ("compare", 2)])
def test_a_search_without_a_result_says_so_and_keeps_what_is_in_view(at, page_name, kept):
    at(MANY)
    app = opened(page_name, level="full")
    app.text_input(key=model_cache.SEARCH).set_value("nothing has this").run()
    choice = whole(app).selectbox(key=sidebar.WIDGET)
    assert len(choice.options) == kept and choice.value == sidebar.DEFAULT_MODEL
    assert any("No other model has all these words" in caption.value for caption in app.sidebar.caption)


def test_the_search_is_not_there_while_all_models_are_offered(home):
    app = opened("start", level="full")
    assert not [field for field in app.sidebar.text_input if field.key == model_cache.SEARCH]
