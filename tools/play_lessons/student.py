"""A student who plays lessons on one screen in one language, and what is checked on the way."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Error, Locator, Page, expect

from tests.browser.pixel_helpers import fits
from tools.play_lessons.doing import NotDone, Task, do, spots_on_the_map
from tools.play_lessons.hand import Hand
from tools.play_lessons.ring_in_sight import ring_in_sight
from tools.play_lessons.screens import SCREENS
from vae_core.lessons.lesson import Lesson, Step
from vae_core.translation.catalogues import translated

FAILURES = (
    NotDone,
    AssertionError,
    Error,
    TimeoutError,
)  # of the student, a check, the browser, or an app that stays busy
BEGINS = """() => { const kind = document.querySelector('.st-key-lesson-card .lesson-kind')?.getBoundingClientRect();
  const head = document.querySelector('.st-key-lesson-head').getBoundingClientRect();
  return kind && kind.top >= head.bottom - 2 && kind.bottom < innerHeight; }"""  # the card is seen from its first line
TRAINING = 300_000  # milliseconds: a run of a minute, on a machine that is busy with other work


@dataclass
class Student:
    """One visitor at the screen of that name; a screenshot of each step goes to the folder `pictures`.

    `guesses` are the answers as they were given, by lesson and step; `waits` the seconds until each step of the last lesson stood;
    `problems` lists what page and server say.
    """

    page: Page
    name: str
    language: str
    problems: Callable[[], list[str]]
    pictures: Path | None = None
    guesses: dict[tuple[str, int], str] = field(default_factory=dict)
    waits: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.screen = SCREENS[self.name]
        self.hand = Hand(self.page, self.screen.touch)

    def words(self, text: object, **values: object) -> str:
        """A text of the app in the student's language."""
        return translated(text, self.language).format(**values)

    def card(self) -> Locator:
        return self.page.locator(".st-key-lesson-card")

    def play(self, lesson: Lesson) -> float:
        """Play one lesson from the page Learn to its end; gives the seconds. AssertionError or NotDone says what went wrong."""
        begun = time.monotonic()
        self.page.goto("/learn")
        self.hand.wait()
        self.waits.clear()
        self._go_on(self.page.locator(f".st-key-learn-{lesson.id} button"), 1)
        for number, step in enumerate(lesson.steps, 1):
            try:
                self._step(lesson, number, step)
            except FAILURES as error:
                raise NotDone(f"step {number} ({step.kind}): {error}") from error
        again = self.page.locator(f".st-key-learn-{lesson.id} button")
        expect(again).to_have_text(self.words("Do it again"))
        return time.monotonic() - begun

    def _step(self, lesson: Lesson, number: int, step: Step) -> None:
        count = self.words("{step} of {steps}", step=number, steps=len(lesson.steps))
        expect(self.card().locator(".lesson-count")).to_have_text(count)
        expect(self.card().locator(".lesson-title")).to_have_text(lesson.title)
        self.hand.wait()
        self.page.wait_for_function(BEGINS)
        if step.ring and not self.screen_hides(step.ring):
            ring_in_sight(self.page, step.ring)
        self._answer(lesson, number, step)
        self._look(step)
        if self.pictures:
            self.pictures.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=self.pictures / f"{lesson.id}-{number}-{self.language}-{self.name}.png")
        last = number == len(lesson.steps)
        button = self.card().locator(".st-key-lesson-next button")
        expect(button).to_contain_text(self.words("Finish" if last else "Next step"))
        self._go_on(button, number + 1)

    def _go_on(self, button: Locator, number: int) -> None:
        """Press the button that leads to a step, and keep how long the step takes to stand."""
        begun = time.monotonic()
        self.hand.press(button)
        self.waits[number] = time.monotonic() - begun

    def screen_hides(self, ring: str) -> bool:
        """The choice of a model is in the sidebar, which a phone folds."""
        return ring == "model" and self.screen.touch

    def _answer(self, lesson: Lesson, number: int, step: Step) -> None:
        """What the card asks for."""
        if step.kind == "predict":
            self.guesses[lesson.id, number] = self._guess(number, step)
        elif step.kind == "run":
            self.hand.press(self.card().locator(".st-key-lesson-train button"))
            self.card().locator(".lesson-done").wait_for(timeout=TRAINING)
            self.hand.wait()
        elif step.kind == "do":
            self._folded(lambda: do(self._task(step)))

    def _task(self, step: Step) -> Task:
        (model,) = parse_qs(urlsplit(self.page.url).query)["model"]
        return Task(self.page, self.hand, step, model, self.language, self.screen.other_way)

    def _guess(self, number: int, step: Step) -> str:
        """Give an answer: the choices in turn, a number, or a mark on the map; gives what the report should say."""
        asked = step.prediction
        if asked.choices:
            at = number % len(asked.choices)
            self.hand.press(self.card().locator(f".st-key-lesson-choice-{at} button"))
            expect(self.card().locator(f".st-key-lesson-choice-{at} button[kind=primary]")).to_be_visible()
            return asked.choices[at]
        if asked.mark is None:
            self.hand.write(self.card().locator('[class*="st-key-lesson-number"] input'), str(number))
            return f"{number}"
        self._folded(self._press_the_map)
        self.hand.press(self.card().locator(".st-key-lesson-mark button"))
        mark = self.card().locator(".lesson-done")
        expect(mark).to_contain_text("(")
        return mark.inner_text().strip("✓ ")

    def _press_the_map(self) -> None:
        spots = spots_on_the_map(self.page)
        self.hand.press_at(spots[len(spots) // 3])

    def _folded(self, act: Callable[[], None]) -> None:
        """Act on the page; on a phone the card is folded for it, and shown again."""
        fold = self.card().locator(".st-key-lesson-fold button")
        if self.screen.touch:
            self.hand.press(fold)
        act()
        if self.screen.touch:
            self.hand.press(fold)

    def _look(self, step: Step) -> None:
        """The page as it must be at each step."""
        assert fits(self.page), "the page scrolls sideways"
        shown = self.card().inner_text()
        asks = self.words("This card speaks of another page.")
        assert asks not in shown, "the card's page is not in view"
        assert self.words("This is not known yet: go back, and do the step that you left out.") not in shown, shown
        if step.kind in ("read", "reveal"):
            most = max(step.text.count("…"), step.otherwise.count("…"))
            assert shown.count("…") <= most, f"a value is not known: {shown}"
        assert not (found := self.problems()), "\n".join(found)
