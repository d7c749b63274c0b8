"""The protocol of the stage, Python's side: each event is consumed once, in order, whatever a browser sends."""

import base64

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra import numpy as arrays_of
from streamlit.testing.v1 import AppTest

from tests.pages.visit import sent
from vae_ui.stage.events import ACTS, Shown, consume, indices, read

HELD = Shown("a-map", "", 50)


def script() -> None:
    """A page that keeps what its stage tells it."""
    import numpy as np
    import streamlit as st

    from vae_ui.stage import Event, Overlay, build_payload, latent_map

    payload = build_payload(np.eye(2), np.arange(2), ("0", "1"))
    heard = st.session_state.setdefault("heard", [])
    newest = latent_map(
        payload,
        overlay=lambda: Overlay(z=heard[-1].z if heard else (0.0, 1.0)),
        key="map",
        on_event=lambda event: heard.append(event),
    )
    st.session_state.held = {"hash": payload.hash, "model": ""}
    st.text("nothing" if newest is None else f"{newest.act} {newest.pick} {newest.z} {newest.selection.tolist()}")
    assert newest is None or isinstance(newest, Event)


@pytest.fixture
def app() -> AppTest:
    found = AppTest.from_function(script).run()
    assert not found.exception
    return found


def send(app: AppTest, *events: dict, visit: str = "first") -> str:
    """A rerun with these events in the component's state; what the page says of it."""
    app.session_state["map"] = sent(app.session_state.held, *events, visit=visit)
    app.run()
    assert not app.exception, app.exception[0].message
    return app.text[0].value


def click(number: int, x: float = 0.0) -> dict:
    return {"number": number, "act": "click", "z": [x, 2.5], "pick": 1, "selection": "Ag=="}


def acts(app: AppTest) -> list[float]:
    return [event.z[0] for event in app.session_state.heard]


def test_an_event_is_consumed_once_however_many_reruns_follow(app):
    assert app.text[0].value == "nothing"
    assert send(app, click(1)) == "click 1 (0.0, 2.5) [1]"
    for _ in range(3):
        assert app.run().text[0].value == "nothing"
    assert send(app, click(1)) == "nothing" and acts(app) == [0.0]


def test_two_events_between_two_reruns_are_both_consumed_in_order(app):
    assert "(2.0," in send(app, click(2, 2.0), click(1, 1.0))
    assert acts(app) == [1.0, 2.0]
    assert "(4.0," in send(app, click(2, 2.0), click(3, 3.0), click(4, 4.0))
    assert acts(app) == [1.0, 2.0, 3.0, 4.0]


def test_a_new_visit_counts_from_one_again(app):
    send(app, click(1, 1.0), click(2, 2.0))
    assert "(9.0," in send(app, click(1, 9.0), visit="second")
    assert acts(app) == [1.0, 2.0, 9.0]


def test_two_sessions_do_not_share_their_count(app):
    other = AppTest.from_function(script).run()
    send(app, click(1), click(2), click(3))
    assert send(other, click(1)) != "nothing" and len(other.session_state.heard) == 1
    assert send(app, click(3)) == "nothing" and len(app.session_state.heard) == 3


def test_an_answer_carries_the_number_of_the_last_event(monkeypatch):
    import vae_ui.stage as stage

    answers = []
    monkeypatch.setattr(stage, "_show", lambda data, **_: answers.append(data))
    app = AppTest.from_function(script).run()
    assert (answers[-1]["visit"], answers[-1]["seen"], answers[-1]["overlay"]["z"]) == ("", 0, [0, 1])
    send(app, click(1, 1.0), click(2, 2.0), visit="a-visit")
    assert (answers[-1]["visit"], answers[-1]["seen"], answers[-1]["overlay"]["z"]) == ("a-visit", 2, [2, 2.5])


@pytest.mark.parametrize("other", [{"hash": "another"}, {"model": "another"}])
def test_what_was_done_with_another_model_or_map_is_consumed_and_handed_to_nobody(app, other):
    assert send(app, {**click(1), **other}) == "nothing"
    assert send(app, click(1), click(2)) != "nothing" and len(app.session_state.heard) == 1


def test_a_point_that_there_is_not_is_no_pick():
    record = {"hash": "a-map", "model": "", "act": "click"}
    assert read({**record, "pick": 50}, HELD).pick is None and read({**record, "pick": 49}, HELD).pick == 49


anything = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=9),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = ("z", "code", "pick", "selection", "classes", "picture", "label")


@given(some.fixed_dictionaries({"act": some.sampled_from(ACTS)}, optional=dict.fromkeys(NAMES, anything)))
def test_whatever_a_browser_sends_raises_nothing(record):
    event = read({"hash": "a-map", "model": "", **record}, HELD)
    assert event is None or event.code is None or np.isfinite(event.code).all()


@given(anything, anything, some.lists(anything, max_size=3))
def test_a_state_of_any_form_is_survived(value, visit, events):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("streamlit.session_state", {"map": {"map": {"visit": visit, "events": [*events, value]}}})
        assert consume("map", HELD, lambda event: None).newest is None


@given(arrays_of.arrays(bool, some.integers(0, 100)))
def test_a_selection_comes_back_from_its_bits(chosen):
    mask = base64.b64encode(np.packbits(chosen, bitorder="little").tobytes()).decode()
    np.testing.assert_array_equal(indices(mask, len(chosen)), np.flatnonzero(chosen))
