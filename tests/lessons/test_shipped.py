"""The lessons of the project: whole in English and Chinese, short, plain, and about models and pages that there are."""

import re

import pytest

from tests.conftest import ROOT
from vae_core import checkpoints
from vae_core.lessons.folders import find_lessons
from vae_core.lessons.texts import MOST_IN_A_SENTENCE, sentences, words_of

FOUND = find_lessons((ROOT / "lessons",))
LESSONS = [lesson for languages in FOUND.by_id.values() for lesson in languages.values()]
MODELS = {info.name for info in checkpoints.find(checkpoints.bundled())}
PRAISE = re.compile(
    r"\b(simply|just|obviously|easy|easily|great|well done|good job|congratulations|bravo|of course|clearly)\b", re.I
)
LOBEN = re.compile("太棒|真棒|很好！|做得好|恭喜|简单地|显然|当然|只需")


def test_no_lesson_is_refused_and_each_is_in_both_languages():
    assert FOUND.refused == () and FOUND.by_id
    assert all({*languages} == {"en", "zh"} for languages in FOUND.by_id.values())


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: f"{lesson.id}-{lesson.language}")
def test_a_lesson_is_short_and_plain(lesson):
    assert 4 <= len(lesson.steps) <= 8
    for step in lesson.steps:
        for text in (step.text, step.otherwise, *step.prediction.choices):
            assert not PRAISE.search(text) and not LOBEN.search(text), text
            assert lesson.language == "zh" or max(map(words_of, sentences(text)), default=0) <= MOST_IN_A_SENTENCE, text


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: f"{lesson.id}-{lesson.language}")
def test_a_lesson_names_models_that_there_are(lesson):
    named = {lesson.model, *filter(None, (lesson.other, *(step.scene.model for step in lesson.steps)))}
    assert named - {"run"} <= MODELS
    assert not {"predict"} & {step.kind for step in lesson.steps} or "reveal" in {step.kind for step in lesson.steps}


@pytest.mark.parametrize("languages", FOUND.by_id.values(), ids=list(FOUND.by_id))
def test_a_reveal_that_has_a_usual_answer_has_words_for_the_others(languages):
    for lesson in languages.values():
        assert all(step.otherwise for step in lesson.steps if step.usual is not None)
