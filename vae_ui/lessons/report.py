"""All answers of a person as one HTML file, for the teacher: each question, what was said, and what was computed."""

from datetime import date
from html import escape

from vae_core.lessons.lesson import Lesson
from vae_ui.base.translation import language, t
from vae_ui.lessons import course
from vae_ui.lessons.scene_values import answer_words

STYLE = """body { font: 17px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #17202b; }
h2 { margin-top: 2.2rem; border-bottom: 2px solid #c9d2de; } li { margin: .9rem 0; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .1rem 1rem; margin: .3rem 0; } dd { margin: 0; font-weight: 600; }
dt { color: #5f6b7a; } .open { color: #5f6b7a; } .done { color: #15803d; } p { margin: 0; }"""


def report() -> str:
    """The page; every text in it is escaped."""
    known = course.lessons()
    begun = [lesson for id in course.progress().courses if (lesson := known.get(id, language())) is not None]
    title = escape(t("Answers to the lessons"))
    parts = "".join(map(_lesson, sorted(begun, key=lambda lesson: lesson.id)))
    return (
        f'<!doctype html><html lang="{language()}"><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        f"<h1>{title}</h1><p>{date.today().isoformat()}</p>{parts}</html>"
    )


def _lesson(lesson: Lesson) -> str:
    return (
        f"<h2>{escape(lesson.title)}</h2><ol>"
        + "".join(_step(lesson, number) for number in range(1, len(lesson.steps) + 1))
        + "</ol>"
    )


def _step(lesson: Lesson, number: int) -> str:
    step, kept = lesson.steps[number - 1], course.course(lesson.id)
    reached = number in kept.done or number in kept.guesses or number in kept.said
    text = kept.said.get(number, step.text.replace("*", ""))
    mark = '<span class="done">✓</span> ' if reached else ""
    return f'<li class="{"" if reached else "open"}"><p>{mark}{escape(text)}</p>{_answers(lesson, number)}</li>'


def _answers(lesson: Lesson, number: int) -> str:
    step, kept = lesson.steps[number - 1], course.course(lesson.id)
    if step.kind != "predict":
        return ""
    lines = {t("You said"): kept.guesses.get(number), t("Computed"): kept.answers.get(number)}
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape('…' if value is None else answer_words(step.prediction, value))}</dd>"
        for name, value in lines.items()
    )
    return f"<dl>{rows}</dl>"
