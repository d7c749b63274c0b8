"""The level of detail: a beginner's pages leave out what the first lesson does not need; the choice is kept, and stands in the link."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.pages.visit import address, labelled, turn_to, whole
from vae_ui.base import detail

HIDDEN = {
    "latent_space": "Download this model",
    "traverse": "More",
    "interpolate": "More",
    "train": "More",
    "reconstruct": "The ledger of this image: where its nats come from",
    "compare": "All figures",
}


def visitor(page: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["model"] = "digits-vae-2d"
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    return whole(turn_to(app, page).run())


def shown(app: AppTest) -> list[str]:
    return [one.label for one in app.expander] + [one.value for one in app.header]


@pytest.mark.parametrize("page", HIDDEN)
def test_a_beginner_sees_less_and_the_full_page_all(home, monkeypatch, page):
    monkeypatch.setattr(detail, "USUAL", "beginner")
    app = visitor(page)
    assert HIDDEN[page] not in shown(app) and "level" not in address(app)
    switch = labelled(app.get("button_group"), "How much to show")
    switch.set_value("full").run()
    assert HIDDEN[page] in shown(whole(app)) and address(app)["level"] == "full"


@pytest.mark.parametrize(("lesson", "seen"), [("01-two-numbers.1", False), ("06-the-bound.1", True)])
def test_a_lesson_after_the_first_shows_what_it_speaks_of(home, monkeypatch, lesson, seen):
    monkeypatch.setattr(detail, "USUAL", "beginner")
    assert (HIDDEN["reconstruct"] in shown(visitor("reconstruct", lesson=lesson))) == seen


def test_a_link_and_a_cookie_say_the_level(home, monkeypatch):
    monkeypatch.setattr(detail, "USUAL", "beginner")
    assert "More" in shown(visitor("traverse", level="full"))
    assert "More" not in shown(visitor("traverse", level="everything"))
    monkeypatch.setattr(detail, "serves", lambda: True)
    monkeypatch.setattr(detail.st, "context", type("Browser", (), {"cookies": {detail.COOKIE: "full"}}))
    state: dict[str, str] = {}
    monkeypatch.setattr(detail.st, "session_state", state)
    monkeypatch.setattr(detail.st, "query_params", {})
    detail.arrive()
    assert detail.in_full() and detail.to_keep() == ""
    detail.choose("beginner")
    detail.arrive()
    assert not detail.in_full() and detail.to_keep() == f"{detail.COOKIE}=beginner"


def test_what_the_data_page_has_set_is_in_sight(home, monkeypatch):
    monkeypatch.setattr(detail, "USUAL", "beginner")
    app = visitor("data")
    labelled(app.slider, "Held out").set_value(0.5).run()
    app.switch_page("pages/train.py").run()
    assert "More" in shown(whole(app)) and labelled(app.slider, "Held out").value == 0.5
    assert "More" not in shown(visitor("train"))
