"""The report that a student downloads at the end: every question of the lessons with its answers."""

from collections.abc import Sequence

from playwright.sync_api import Browser

from tools.play_lessons.student import Student
from vae_core.lessons.lesson import Lesson


def download(student: Student) -> str:
    """Press the button of the page Learn; gives the report's HTML."""
    student.page.goto("/learn")
    student.hand.wait()
    with student.page.expect_download() as got:
        student.hand.press(student.page.locator(".st-key-learn-answers button"))
    return got.value.path().read_text(encoding="utf-8")


def faults(browser: Browser, html: str, lessons: Sequence[Lesson], student: Student) -> list[str]:
    """What the report lacks: a lesson, a step, an answer as it was given, or the computed one."""
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content(html)
        found = page.evaluate("""() => [...document.querySelectorAll('h2')].map(head => [head.textContent,
          [...head.nextElementSibling.children].map(step => [step.className, ...[...step.querySelectorAll('dd')]
            .map(answer => answer.textContent)])])""")
    told = dict(found)
    said = [] if "<script" not in html else ["the report holds a script"]
    for lesson in lessons:
        said += [f"{lesson.id}, {fault}" for fault in _of_lesson(told.get(lesson.title), lesson, student)]
    return said


def _of_lesson(steps: list[list[str]] | None, lesson: Lesson, student: Student) -> list[str]:
    if steps is None or len(steps) != len(lesson.steps):
        return ["its steps are not all in the report"]
    found = [f"step {number} is open in the report" for number, step in enumerate(steps, 1) if step[0] == "open"]
    for number, step in enumerate(lesson.steps, 1):
        if step.kind == "predict":
            guess, right = steps[number - 1][1:]
            if not same(guess, student.guesses[lesson.id, number]) or right == "…":
                found.append(f"step {number}: said {guess}, computed {right}")
    return found


def same(guess: str, given: str) -> bool:
    """Whether the report's answer is the one that was given; a number may be written with other digits."""
    try:
        return float(guess) == float(given)
    except ValueError:
        return guess == given
