"""Every claim of the lesson on mistakes, measured on the pairs of programs that the page Break it trains."""

from tests.conftest import ROOT
from tests.mistakes.test_mistakes import pair
from vae_core.lessons.conditions import Condition
from vae_core.lessons.folders import find_lessons
from vae_core.lessons.predictions import SMALLER, answer_of
from vae_core.lessons.quantities import Value
from vae_ui.lessons.mistake_values import values_of

STEPS = find_lessons((ROOT / "lessons",)).get("13-find-the-mistake", "en").steps


def measured(id: str) -> dict[str, Value]:
    return values_of(pair(id))


def test_both_questions_have_the_tempting_answer_wrong():
    asked = [step for step in STEPS if step.kind == "predict"]
    assert [step.scene.mistake for step in asked] == ["no-kl", "no-sampling"]
    assert [answer_of(step.prediction, measured(step.scene.mistake)) for step in asked] == [SMALLER, 0]


def test_without_the_rate_it_is_many_times_larger_and_the_codes_are_far_from_the_prior():
    found = measured("no-kl")
    assert found["faulty rate"] > 5 * found["right rate"] and found["faulty reported loss"] < 20
    far = [max(abs(v) for row in one.codes for v in row) for one in (pair("no-kl").faulty, pair("no-kl").right)]
    assert far[0] > 4 * far[1] and "prior hole" in [one.name for one in pair("no-kl").faulty.findings]


def test_a_mean_in_place_of_a_draw_reports_less_and_is_far_worse_and_the_doctor_is_silent():
    found = measured("no-sampling")
    assert found["faulty reported loss"] < found["right reported loss"] - 1
    assert found["faulty test loss"] > 2 * found["right test loss"] and found["faulty findings"] == 0


def test_the_last_task_can_be_done_and_is_not_done_by_the_mistakes_before():
    trained, same = STEPS[-1].done
    assert trained == Condition("trained", "", "yes")
    assert same.holds(measured("mean-over-pixels")) and same.holds(measured("decoder-too-strong"))
    assert not same.holds(measured("no-kl")) and not same.holds(measured("no-sampling"))
