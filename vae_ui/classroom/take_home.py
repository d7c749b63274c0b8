"""What the teacher takes home: all answers as a CSV file and as one HTML page, and the figures of the runs beside them."""

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from vae_core.export.csv_files import Table, csv_file
from vae_core.lessons.lesson import Prediction
from vae_core.room.answers import Given
from vae_core.runs import Store
from vae_core.runs.run_rows import RunRow
from vae_ui.base.translation import kept, language, t
from vae_ui.classroom.names import names_of
from vae_ui.classroom.plane import figures_of
from vae_ui.lessons import course
from vae_ui.lessons.report import STYLE, plain
from vae_ui.lessons.scene_values import answer_words


def draw(answers: Sequence[Given]) -> None:
    """Two download buttons; the files are made when they are pressed."""
    st.subheader(t("To take home"), anchor=False)
    with st.container(horizontal=True):
        st.download_button(
            t("Answers as CSV"),
            kept(lambda: csv_file(table(answers))),
            "class-answers.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            t("Report as HTML"),
            kept(lambda: report(answers, Store().runs()).encode()),
            "class-report.html",
            "text/html",
            on_click="ignore",
            icon=":material/download:",
        )


def table(answers: Sequence[Given]) -> Table:
    """A row for each answer: who, lesson, step, question, what was said and what was computed, in words."""
    rows, names = [(one, _asked(one)) for one in answers], names_of(one.person for one in answers)
    return {
        "person": [names[one.person] for one, _ in rows],
        "lesson": [one.lesson for one, _ in rows],
        "step": [one.step for one, _ in rows],
        "question": [text for _, (text, _) in rows],
        "answer": [_words(asked, one.guess) for one, (_, asked) in rows],
        "computed": [_words(asked, one.computed) for one, (_, asked) in rows],
    }


def report(answers: Sequence[Given], runs: Sequence[RunRow]) -> str:
    """One page with each question, how many said what, and the runs with rate and distortion. Every text in it is escaped."""
    title, day = escape(t("A class with Latent Explorer")), date.today().isoformat()
    parts = "".join(
        _lesson(id, [one for one in answers if one.lesson == id]) for id in dict.fromkeys(one.lesson for one in answers)
    )
    return (
        f'<!doctype html><html lang="{language()}"><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE} {TABLE}</style>'
        f"<h1>{title}</h1><p>{day}</p>{parts}{_runs(runs)}</html>"
    )


TABLE = (
    "table { border-collapse: collapse; margin: .4rem 0; } td, th { text-align: left; padding: .15rem .9rem .15rem 0; }"
)


def _lesson(id: str, some: Sequence[Given]) -> str:
    lesson = course.lessons().get(id, language())
    body = ""
    for step in dict.fromkeys(one.step for one in some):
        these = [one for one in some if one.step == step]
        text, asked = _asked(these[0])
        said = [_words(asked, one.guess) for one in these]
        rows = "".join(
            f"<tr><td>{escape(words)}</td><td>{said.count(words)}</td></tr>" for words in dict.fromkeys(sorted(said))
        )
        body += f"<h3>{escape(text)}</h3><table>{rows}</table>"
    return f"<h2>{escape(lesson.title if lesson else id)}</h2>{body}"


def _runs(runs: Sequence[RunRow]) -> str:
    rows, names = "", names_of(row.owner for row in runs)
    for row in runs:
        terms = figures_of(row)
        figures = "<td></td><td></td>" if terms is None else f"<td>{terms[0]:.1f}</td><td>{terms[1]:.1f}</td>"
        rows += f"<tr><td>{escape(row.title)}</td><td>{escape(names[row.owner])}</td>{figures}</tr>"
    if not rows:
        return ""
    head = "".join(f"<th>{escape(one)}</th>" for one in (t("Run"), t("Owner"), t("Rate"), t("Distortion")))
    note = escape(t("Rate and distortion on validation data, in nats per example."))
    return f"<h2>{escape(t('Runs'))}</h2><p>{note}</p><table><tr>{head}</tr>{rows}</table>"


def _asked(one: Given) -> tuple[str, Prediction]:
    """The question's text and record; empty where the lesson is not here any more."""
    lesson = course.lessons().get(one.lesson, language())
    if lesson is None or not 1 <= one.step <= len(lesson.steps):
        return "", Prediction()
    step = lesson.steps[one.step - 1]
    return plain(step), step.prediction


def _words(asked: Prediction, value: tuple[float, ...] | None) -> str:
    if value is None:
        return ""
    return answer_words(asked, value) if asked != Prediction() else " ".join(f"{one:g}" for one in value)
