"""Names on the Train page: one's own can be changed, whose a run is stands beside it, and an administrator may change another's."""

from tests.pages.train.test_train import by_label, labels
from tests.pages.train.test_train_rights import ONE, OTHER, runs, visited_by  # noqa: F401
from vae_core.config import DataConfig
from vae_core.presets.build_run import build_run
from vae_core.runs.names import Names
from vae_core.runs.users import User


def test_a_person_changes_their_name_and_others_see_it(runs, monkeypatch):  # noqa: F811
    runs.create(build_run("vae", DataConfig(), (1, 8, 8), 10, title="mine"), user=ONE)
    app = visited_by(ONE, monkeypatch)
    given = Names(runs.home).of([ONE.id])[ONE.id]
    assert not any(given in label for label in labels(app))  # one's own runs need no name
    by_label(app.text_input, "New name").input("**Ada** <b>").run()
    by_label(app.button, "Change").click().run()
    assert Names(runs.home).of([ONE.id])[ONE.id] == "**Ada** <b>" and not app.exception
    seen = visited_by(OTHER, monkeypatch)
    entry = next(label for label in labels(seen) if label.startswith("mine"))
    assert "Ada" in entry and "*" not in entry and "<" not in entry
    assert [field.label for field in seen.text_input].count(
        "New name"
    ) == 1  # of the other person nothing can be changed


def test_a_name_that_another_has_is_refused_in_a_sentence(runs, monkeypatch):  # noqa: F811
    Names(runs.home).rename(OTHER.id, "Ada", OTHER)
    app = visited_by(ONE, monkeypatch)
    by_label(app.text_input, "New name").input("ADA").run()
    by_label(app.button, "Change").click().run()
    assert "Another person here is called" in app.toast[0].value and not app.exception


def test_an_administrator_takes_a_name_away(runs, monkeypatch):  # noqa: F811
    runs.create(build_run("vae", DataConfig(), (1, 8, 8), 10, title="mine"), user=ONE)
    given = Names(runs.home).of([ONE.id])[ONE.id]
    Names(runs.home).rename(ONE.id, "Bad", ONE)
    app = visited_by(User(is_admin=True), monkeypatch)
    by_label(app.button, "Back to the given name").click().run()
    assert Names(runs.home).of([ONE.id])[ONE.id] == given
