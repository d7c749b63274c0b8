"""The page Break it without a browser: the lines that ran, the symptom in numbers, and what the doctor says."""

from html import unescape

import pytest

from tests.pages.visit import address, labelled, visit, whole
from vae_core.messages import Message
from vae_core.metrics.diagnosis.finding_and_evidence import Finding
from vae_core.mistakes import training
from vae_core.mistakes.catalogue import MISTAKES
from vae_core.mistakes.outcome import Pair
from vae_core.mistakes.pair_job import PairJob
from vae_ui.break_it import charts


@pytest.fixture(scope="module")
def short_pair() -> Pair:
    """A pair after one epoch, with which the page is drawn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "EPOCHS", 1)
        return MISTAKES["sampling-at-test-time"].run()


def html(app) -> str:
    return unescape(" ".join(element.proto.body for element in app.main.get("html")))


def words(app) -> str:
    return " ".join(element.value for element in [*app.main.markdown, *app.main.caption])


def keep(id: str, pair: Pair) -> None:
    job = PairJob.of(id)
    job.result.parent.mkdir(parents=True, exist_ok=True)
    job.result.write_text(pair.model_dump_json())


def test_each_switch_shows_its_line_against_the_right_one(home):
    app = visit("break_it", "digits-vae-2d")
    assert app.radio[0].options == [str(mistake.title) for mistake in MISTAKES.values()]
    for id, mistake in MISTAKES.items():
        whole(app.radio[0].set_value(id).run())
        assert mistake.faulty_line in html(app) and mistake.right_line in html(app)
        assert str(mistake.symptom) in words(app) and labelled(app.button, "Train both")
    assert html(app).count("optimiser.step(lr)") == 1, "the whole program is there, folded"


def test_the_training_is_queued_for_this_person(home, monkeypatch):
    started = []
    monkeypatch.setattr(PairJob, "start", lambda job, person="": started.append(job.result.name))
    app = visit("break_it", "digits-vae-2d")
    app.radio[0].set_value("kl-sign").run()
    whole(labelled(app.button, "Train both").click().run())
    assert started == [PairJob.of("kl-sign").result.name]


def test_a_pair_that_somebody_has_trained_is_shown_at_once_and_not_before_one_has_pressed(
    home, short_pair, monkeypatch
):
    monkeypatch.setattr(PairJob, "start", lambda job, person="": pytest.fail("it is trained already"))
    keep("sampling-at-test-time", short_pair)
    app = visit("break_it", "digits-vae-2d")
    app.radio[0].set_value("sampling-at-test-time").run()
    assert "The symptom is there" not in html(whole(app)) and "trained" not in address(app)
    labelled(app.button, "Train both").click().run()
    assert address(app)["trained"] == "1"  # it is still there after a reload
    text = html(whole(app))
    assert "The symptom is there: difference of two reconstructions of the same image" in text and "0.0%" in text
    assert text.count("Latent map of") == 2 and "x\u2032 again" in text
    assert app.main.get("plotly_chart")
    assert "The doctor cannot see this mistake" in words(app) and "How to find it" in words(app)
    assert not [button for button in app.button if button.label == "Train both"]


def test_what_the_doctor_finds_is_listed(home, short_pair):
    found = Finding(
        Message("posterior collapse"), Message("rate {rate:.2g} nats per image", rate=0.01), Message("a"), Message("b")
    )
    keep("mean-over-pixels", short_pair.replace(faulty={**short_pair.faulty.model_dump(), "findings": [found]}))
    app = visit("break_it", "digits-vae-2d")
    app.radio[0].set_value("mean-over-pixels").run()
    labelled(app.button, "Train both").click().run()
    assert "posterior collapse" in html(whole(app)) and "cannot see" not in words(app)
    assert "The symptom is not there" in html(app)


def test_a_curve_that_leaves_the_chart_is_cut_off_and_told_whole():
    figure = charts.losses([("right", "#000", [27.0, 24.0], 1), ("wrong", "#f00", [27.0, -1e24, None], 1)], 27.0)
    low, high = figure.layout.yaxis.range
    assert low == -charts.BELOW and high > 27
    assert min(figure.data[1].y[:2]) >= low - 1 and figure.data[1].customdata[1] == -1e24
    assert charts.losses([("right", "#000", [27.0, 24.0], 1)], 27.0).layout.yaxis.range[0] == 0
