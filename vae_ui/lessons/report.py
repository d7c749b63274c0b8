"""All answers of a person as one HTML file, for the teacher: each question, what was said, and what was computed."""

from collections.abc import Sequence
from datetime import date
from html import escape

from vae_core.lessons.lesson import Lesson, Step
from vae_core.lessons.progress import Course
from vae_core.lessons.texts import NAMED
from vae_ui.base.translation import language, t
from vae_ui.lessons import course
from vae_ui.lessons.scene_values import answer_words

Told = tuple[Lesson, Course]
STYLE = """body { font: 17px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #17202b; }
h2 { margin-top: 2.2rem; border-bottom: 2px solid #c9d2de; } li { margin: .9rem 0; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .1rem 1rem; margin: .3rem 0; } dd { margin: 0; font-weight: 600; }
dt { color: #5f6b7a; } .open { color: #5f6b7a; } .done { color: #15803d; } p { margin: 0; }"""


def begun() -> list[Told]:
    """The lessons that this person has begun, in the session's language, in order."""
    known, mine = course.lessons(), course.progress().courses
    found = [(lesson, mine[id]) for id in sorted(mine) if (lesson := known.get(id, language())) is not None]
    return [one for one in found if one[1] != Course()]


def report(told: Sequence[Told]) -> str:
    """The page, of what `begun` gives: it is made outside of the session. Every text in it is escaped."""
    title = escape(t("Answers to the lessons"))
    parts = "".join(_lesson(lesson, kept) for lesson, kept in told)
    return (
        f'<!doctype html><html lang="{language()}"><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        f"<h1>{title}</h1><p>{date.today().isoformat()}</p>{parts}</html>"
    )


def _lesson(lesson: Lesson, kept: Course) -> str:
    steps = "".join(_step(step, number, kept) for number, step in enumerate(lesson.steps, 1))
    return f"<h2>{escape(lesson.title)}</h2><ol>{steps}</ol>"


def _step(step: Step, number: int, kept: Course) -> str:
    reached = number in kept.done or number in kept.guesses or number in kept.said
    text = kept.said.get(number, plain(step)).replace("*", "")
    mark = '<span class="done">✓</span> ' if reached else ""
    answers = _answers(step, number, kept) if step.kind == "predict" else ""
    return f'<li class="{"" if reached else "open"}"><p>{mark}{escape(text)}</p>{answers}</li>'


def plain(step: Step) -> str:
    """A card's text without its values and without marks, which suits every person."""
    return NAMED.sub("…", step.text).replace("*", "")


def _answers(step: Step, number: int, kept: Course) -> str:
    lines = {t("You said"): kept.guesses.get(number), t("Computed"): kept.answers.get(number)}
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape('…' if value is None else answer_words(step.prediction, value))}</dd>"
        for name, value in lines.items()
    )
    return f"<dl>{rows}</dl>"
