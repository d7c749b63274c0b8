"""The student of tools.play_lessons, in Chinese on a phone: the first lesson from Learn to the downloaded answers."""

from tools.play_lessons.__main__ import chosen
from tools.play_lessons.visit import visit


def test_a_student_plays_the_first_lesson_and_downloads_the_answers(browser, server, data_root, capsys):
    lessons = chosen(["01"], "zh")
    assert [lesson.id for lesson in lessons] == ["01-two-numbers"] and lessons[0].language == "zh"
    failed = visit(browser, server, lessons, "zh", "phone")
    said = capsys.readouterr().out
    assert failed == 0 and "8 steps" in said and "1 answers" in said, said
