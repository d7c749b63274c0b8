"""The lessons of the project: whole in English and Chinese, short, plain, and about models and pages that there are."""

import re

import pytest

from tests.conftest import ROOT
from vae_core import checkpoints
from vae_core.lessons.folders import find_lessons
from vae_core.lessons.lesson import RINGS
from vae_core.lessons.texts import HAN, MOST_IN_A_SENTENCE, NAMED, sentences, words_of

FOUND = find_lessons((ROOT / "lessons",))
LESSONS = [lesson for languages in FOUND.by_id.values() for lesson in languages.values()]
MODELS = {info.name for info in checkpoints.find(checkpoints.bundled())}
PRAISE = re.compile(
    r"\b(simply|just|obviously|easy|easily|great|well done|good job|congratulations|bravo|of course|clearly)\b", re.I
)
LOBEN = re.compile("太棒|真棒|很好！|做得好|恭喜|简单地|显然|当然|只需")


STOPS = re.compile("[。！？；：]")  # Chinese words are not counted but characters, from one of these to the next
MOST_CHINESE = 50


def longest_sentence(text: str, language: str) -> int:
    """Words of the longest sentence; of a Chinese text Chinese characters."""
    if language == "zh":
        return max(len(HAN.findall(part)) for part in STOPS.split(NAMED.sub("", text)))
    return max(map(words_of, sentences(text)), default=0)


def test_sentences_are_counted():
    assert longest_sentence("One two. Three {model rate} four five!", "en") == 4
    assert longest_sentence("一二三。四五 {model rate} 六七：八", "zh") == 4


def test_no_lesson_is_refused_and_each_is_in_both_languages():
    assert FOUND.refused == () and FOUND.by_id
    assert all({*languages} == {"en", "zh"} for languages in FOUND.by_id.values())


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: f"{lesson.id}-{lesson.language}")
def test_a_lesson_is_short_and_plain(lesson):
    assert 4 <= len(lesson.steps) <= 8
    for step in lesson.steps:
        for text in (step.text, step.otherwise, *step.prediction.choices):
            assert not PRAISE.search(text) and not LOBEN.search(text), text
            most = MOST_CHINESE if lesson.language == "zh" else MOST_IN_A_SENTENCE
            assert not text or longest_sentence(text, lesson.language) <= most, text


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: f"{lesson.id}-{lesson.language}")
def test_a_lesson_names_models_that_there_are(lesson):
    named = {lesson.model, *filter(None, (lesson.other, *(step.scene.model for step in lesson.steps)))}
    assert named - {"run"} <= MODELS
    kinds = {step.kind for step in lesson.steps}
    assert {"predict", "reveal"} <= kinds and {"do", "run"} & kinds


@pytest.mark.parametrize("languages", FOUND.by_id.values(), ids=list(FOUND.by_id))
def test_a_reveal_that_has_a_usual_answer_has_words_for_the_others(languages):
    for lesson in languages.values():
        assert all(step.otherwise for step in lesson.steps if step.usual is not None)


def test_every_kind_of_question_and_every_ring_is_used():
    """A kind that no lesson uses is not tried by anybody; "model" is for lessons of others, where the sidebar is open."""
    steps = [step for languages in FOUND.by_id.values() for step in languages["en"].steps]
    asked = [step.prediction for step in steps if step.kind == "predict"]
    assert any(one.mark is not None for one in asked) and any(one.compared for one in asked)
    assert any(one.quantity and not one.choices for one in asked)
    assert {step.ring for step in steps} - {""} == {*RINGS} - {"model"}
