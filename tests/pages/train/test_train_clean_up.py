"""Clean-up on the Train page: administrators alone see it; it says what would go, deletes it and takes it back."""

from tests.pages.train.test_train import by_label, labels
from tests.pages.train.test_train_rights import ONE, OTHER, runs, visited_by  # noqa: F401
from tests.runs.test_clean_up import ended
from vae_core.runs.names import Names
from vae_core.runs.users import User


def test_an_administrator_deletes_the_runs_of_a_person_and_takes_it_back(runs, monkeypatch):  # noqa: F811
    ids = [ended(runs, 8, who) for who in (ONE, ONE, OTHER)]
    young = ended(runs, 1, ONE)
    assert not labels(visited_by(ONE, monkeypatch)) & {"Delete them", "Runs of"}
    app = visited_by(User("f" * 16, is_admin=True), monkeypatch)
    assert any("3 runs with" in one.value for one in app.markdown)
    box = by_label(app.selectbox, "Runs of")
    name = Names(runs.home).of([ONE.id])[ONE.id]
    assert name in box.options and "everybody" in box.options
    box.select(name).run()
    assert any("2 runs with" in one.value for one in app.markdown)
    by_label(app.button, "Delete them").click().run()
    assert not app.exception and {row.id for row in runs.runs()} == {ids[2], young}
    assert any("Deleted: 2 runs" in one.value for one in app.caption)
    by_label(app.button, "Undo").click().run()
    assert {row.id for row in runs.runs()} == {*ids, young} and not app.exception


def test_without_runs_there_is_nothing_to_clean_up(runs, monkeypatch):  # noqa: F811
    assert "Delete them" not in labels(visited_by(User(is_admin=True), monkeypatch))
