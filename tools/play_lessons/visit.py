"""One visitor, in one language at one screen, plays lessons and downloads the answers."""

from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from tests.browser.conftest import PATIENCE
from tests.browser.page_watch import watch
from tests.browser.server import Server
from tools.play_lessons import answers
from tools.play_lessons.screens import LOCALES, SCREENS
from tools.play_lessons.student import FAILURES, Student
from vae_core.lessons.lesson import Lesson


def visit(
    browser: Browser,
    server: Server,
    lessons: Sequence[Lesson],
    language: str,
    screen: str,
    pictures: Path | None = None,
) -> int:
    """Play these lessons and print how each went; gives the number of what failed."""
    options = {**SCREENS[screen].options, "locale": LOCALES[language], "base_url": server.url}
    where = f"{language}  {screen:9}"
    with browser.new_context(**options) as context:
        context.set_default_timeout(PATIENCE)
        seen = watch(context, urlsplit(server.url).netloc)
        problems = once(lambda: [*seen(), *server.complaints()])
        student = Student(context.new_page(), screen, language, problems, pictures)
        played = [lesson for lesson in lessons if _played(student, lesson, where, server.home)]
        faults = answers.faults(browser, answers.download(student), played, student) if played else []
        faults += problems()
        for fault in faults:
            print(f"{'the report':32}  {where}  FAILED: {fault}", flush=True)
        if played and not faults:
            print(f"{'the report':32}  {where}  {len(student.guesses)} answers", flush=True)
        return len(lessons) - len(played) + len(faults)


def once(read: Callable[[], list[str]]) -> Callable[[], list[str]]:
    """A function that gives what has not been told before of a growing list."""
    told: set[str] = set()

    def news() -> list[str]:
        found = [one for one in read() if one not in told]
        told.update(found)
        return found

    return news


def _played(student: Student, lesson: Lesson, where: str, folder: Path) -> bool:
    try:
        seconds = student.play(lesson)
    except FAILURES as error:
        picture = folder / f"{lesson.id}-{student.language}-{student.name}.png"
        student.page.screenshot(path=picture)
        print(f"{lesson.id:32}  {where}  FAILED: {error}\n  {student.page.url}\n  {picture}", flush=True)
        return False
    slow = max(student.waits, key=lambda number: student.waits[number])
    wait = f"longest wait {student.waits[slow]:.1f} s, for step {slow}"
    print(f"{lesson.id:32}  {where}  {len(lesson.steps)} steps  {seconds:4.0f} s  ({wait})", flush=True)
    return True
