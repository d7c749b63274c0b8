"""Whose a run is on the Train page: others see it without its buttons, deleting asks and can be undone."""

import pytest

from tests.pages.train.test_train import by_label, labels, opened
from vae_core.config import DataConfig
from vae_core.people.limits import Limits
from vae_core.presets.build_run import build_run
from vae_core.runs import Store
from vae_core.runs.users import User, new_user_id
from vae_ui.base import current_user

RUNS_PER_USER = Limits().person.runs
ONE, OTHER = User(new_user_id()), User(new_user_id())
CHANGING = {"Pause", "Stop", "Yes, delete", "beta now", "learning rate now"}


@pytest.fixture
def runs(home) -> Store:
    """The runs of an empty home in which nothing trains."""
    return Store(home)


def visited_by(who: User, monkeypatch):
    monkeypatch.setattr(current_user, "present", lambda: who)
    return opened()


def test_others_see_a_run_and_whose_it_is_but_not_its_buttons(runs, monkeypatch):
    runs.create(build_run("vae", DataConfig(), (1, 8, 8), 10, title="mine"), user=ONE)
    app = visited_by(OTHER, monkeypatch)
    assert not labels(app) & CHANGING
    assert any("belongs to another person" in caption.value for caption in app.caption)
    assert labels(visited_by(ONE, monkeypatch)) >= CHANGING
    assert labels(visited_by(User(OTHER.id, is_admin=True), monkeypatch)) >= CHANGING


def test_a_button_drawn_before_does_nothing_for_a_stranger(runs, monkeypatch):
    id = runs.create(build_run("vae", DataConfig(), (1, 8, 8), 10), user=ONE)
    app = visited_by(ONE, monkeypatch)
    monkeypatch.setattr(current_user, "present", lambda: OTHER)
    by_label(app.button, "Pause").click().run()
    assert runs.get(id).state == "queued" and "belongs to another person" in app.toast[0].value


def test_a_run_started_here_is_ones_own_and_the_last_one_too_many_is_a_sentence(runs, monkeypatch):
    app = visited_by(ONE, monkeypatch)
    for _ in range(RUNS_PER_USER):
        by_label(app.button, "Start").click().run()
    assert {row.owner for row in runs.runs()} == {ONE.id} and not app.error
    by_label(app.button, "Start").click().run()
    assert f"{RUNS_PER_USER} of your runs" in app.error[0].value and len(runs.runs()) == RUNS_PER_USER
    assert "Stop" in labels(app)  # the way out is in sight


def test_deleting_asks_and_can_be_undone(runs, monkeypatch):
    id = runs.create(build_run("vae", DataConfig(), (1, 8, 8), 10, title="a run"), user=ONE)
    app = visited_by(ONE, monkeypatch)
    assert not [button for button in app.button if button.label == "Delete"]  # only after the question
    by_label(app.button, "Yes, delete").click().run()
    assert runs.runs() == [] and any("Deleted: a run" in caption.value for caption in app.caption)
    assert "Undo" not in labels(visited_by(OTHER, monkeypatch))
    by_label(visited_by(ONE, monkeypatch).button, "Undo").click().run()
    assert [row.id for row in runs.runs()] == [id]
