"""The lessons as cards: title, what it is about, minutes, how far one is, and a button that starts it at once."""

import streamlit as st

from vae_core.lessons.lesson import Lesson
from vae_core.lessons.progress import Course
from vae_ui.base import plain_text, translation
from vae_ui.base.palette import LANGUAGE
from vae_ui.base.translation import kept, ngettext, t
from vae_ui.lessons import course, report

TINTS = ("z", "out", "q", "eps", "distortion", "x", "rate")

STYLE = """<style>
.lesson-number { flex: none; width: 2.5rem; height: 2.5rem; border-radius: 50%; display: grid; place-items: center;
  font-weight: 700; font-size: 1.15rem; color: var(--tint); border: 2px solid var(--tint); }
.lesson-card-head { display: flex; gap: .9rem; align-items: center; min-height: 3em; }
.lesson-card-head b { font-size: 1.12rem; line-height: 1.25; }
.lesson-about { margin: .55rem 0 .6rem; line-height: 1.45; min-height: 5.8em; }
@media (max-width: 640px) { .lesson-about, .lesson-card-head { min-height: 0; } }
.lesson-facts { font-size: .88rem; opacity: .78; display: flex; justify-content: space-between; margin-bottom: .25rem; }
.lesson-bar { height: 6px; border-radius: 3px; background: light-dark(#c9d2de, #3b4756); overflow: hidden; }
.lesson-bar i { display: block; height: 100%; background: var(--tint); }
[class*="st-key-learn-card"] { height: 100%; justify-content: space-between; }
</style>"""


def draw() -> None:
    """All lessons, three in a row, and what is wrong with those that are left out."""
    st.html(STYLE)
    known = course.lessons()
    found = [lesson for id in known.by_id if (lesson := known.get(id, translation.language())) is not None]
    for first in range(0, len(found), 3):
        for place, lesson in zip(st.columns(3, gap="medium"), found[first : first + 3], strict=False):
            with place:
                card(lesson, found.index(lesson))
    for error in known.refused:
        plain_text.warn(error)


def card(lesson: Lesson, place: int) -> None:
    """One lesson; `place` is its position in the list, which gives its number and its colour."""
    mine = course.course(lesson.id)
    with st.container(border=True, key=f"learn-card-{lesson.id}", gap="small"):
        st.html(_words(lesson, place, mine))
        label, first = _start(mine)
        if st.button(label, key=f"learn-{lesson.id}", width="stretch", type="primary" if place == 0 else "secondary"):
            course.start(lesson, first)


def _start(mine: Course) -> tuple[str, int]:
    if mine.finished and mine.step == 1:
        return t("Do it again"), 1
    if mine.step > 1:
        return t("Continue with step {step}", step=mine.step), mine.step
    return t("Begin"), 1


def _words(lesson: Lesson, place: int, mine: Course) -> str:
    tint = "light-dark({}, {})".format(*LANGUAGE[TINTS[place % len(TINTS)]])
    count = len(lesson.steps)
    share = 1.0 if mine.finished else len(set(mine.done)) / count
    number = int(digits) if (digits := lesson.id.partition("-")[0]).isdecimal() else place + 1
    said = t("done") if mine.finished else ngettext("{count} step", "{count} steps", count)
    minutes = ngettext("{count} minute", "{count} minutes", lesson.minutes)
    safe = plain_text.attribute
    return (
        f'<div style="--tint:{tint}"><div class="lesson-card-head"><span class="lesson-number">{number}</span>'
        f'<b>{safe(lesson.title)}</b></div><div class="lesson-about">{safe(lesson.about)}</div>'
        f'<div class="lesson-facts"><span>{safe(minutes)}</span><span>{safe(said)}</span></div>'
        f'<div class="lesson-bar" aria-hidden="true"><i style="width:{share:.0%}"></i></div></div>'
    )


def answers() -> None:
    """The button that downloads all answers as one file."""
    if told := report.begun():
        st.download_button(
            t("Download my answers"),
            kept(lambda: report.report(told).encode()),
            "answers.html",
            "text/html",
            key="learn-answers",
            on_click="ignore",
            icon=":material/download:",
        )
