"""What the class predicts: the answers to each question of a lesson as they come in, and the teacher's reveal."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import streamlit as st

from vae_core.lessons.lesson import Lesson, Prediction
from vae_core.room.answers import Given, given_lately
from vae_core.room.classroom import classroom
from vae_core.utils.paths import home
from vae_ui.base import plain_text
from vae_ui.base.palette import themed
from vae_ui.base.translation import language, ngettext, t
from vae_ui.classroom import charts
from vae_ui.lessons import course
from vae_ui.lessons.report import plain
from vae_ui.lessons.scene_values import answer_words

LESSON, HOLD = "classroom-lesson", "classroom-hold"  # widgets


def draw() -> list[Given]:
    """The choice of a lesson, its questions with the answers so far, and a button that reveals; gives all answers."""
    st.subheader(t("Predictions"), anchor=False)
    st.session_state[HOLD] = classroom().shown.held
    st.toggle(
        t("Answers wait for me"),
        key=HOLD,
        on_change=lambda: classroom().hold(st.session_state[HOLD]),
        help=t("The cards of all lessons keep the computed answer back until you reveal it here."),
    )
    answers = given_lately(home())
    known = {id: lesson for id in {one.lesson for one in answers} if (lesson := course.lessons().get(id, language()))}
    if not known:
        st.caption(t("Nobody has predicted anything yet: open a lesson on the Learn page with your class."))
        return answers
    newest = max(known, key=lambda id: sum(one.lesson == id for one in answers))
    ids = sorted(known)
    chosen = st.selectbox(
        t("Lesson"),
        ids,
        index=ids.index(newest),
        format_func=lambda id: known[id].title,
        key=LESSON,
        label_visibility="collapsed",
    )
    for number, step in enumerate(known[chosen].steps, 1):
        some = [one for one in answers if (one.lesson, one.step) == (chosen, number)]
        if step.kind == "predict" and some:
            _question(known[chosen], number, some)
    return answers


def _question(lesson: Lesson, number: int, some: Sequence[Given]) -> None:
    step = lesson.steps[number - 1]
    with st.container(border=True, key=f"class-question-{lesson.id}-{number}", gap="small"):
        st.markdown(plain_text.markdown(plain(step)))
        _answers(step.prediction, some, f"{lesson.id}-{number}")
        st.caption(ngettext("{count} answer", "{count} answers", len(some)))
        reveal = _reveal_of(lesson, number)
        if classroom().shown.held and reveal:
            done = not classroom().shown.hides((lesson.id, reveal))
            st.button(
                t("Revealed") if done else t("Reveal"),
                icon=":material/visibility:",
                type="primary",
                disabled=done,
                key=f"class-reveal-{lesson.id}-{number}",
                on_click=classroom().reveal,
                args=((lesson.id, reveal),),
            )


def _reveal_of(lesson: Lesson, number: int) -> int:
    """The number of the step that shows the answer of a question; 0 where there is none."""
    return next((at for at, step in enumerate(lesson.steps, 1) if at > number and step.kind == "reveal"), 0)


def _answers(asked: Prediction, some: Sequence[Given], key: str) -> None:
    """Bars of the choices, or the numbers or marks as dots; the computed answer beside them once it is known to anybody."""
    computed = next((one.computed for one in some if one.computed is not None), None)
    if asked.choices:
        counts = Counter(int(one.guess[0]) for one in some)
        right = None if computed is None else int(computed[0])
        rows = "".join(_bar(words, counts[at], len(some), at == right) for at, words in enumerate(asked.choices))
        st.html(f'{STYLE}<dl class="class-answers">{rows}</dl>')
        return
    colours = themed("primary"), themed("text")
    if asked.mark is not None:
        marks = [one.guess[:2] for one in some if len(one.guess) >= 2]
        if marks:
            figure = charts.marks(
                np.array(marks), None if computed is None else computed[:2], colours[0][0], colours[1][0]
            )
            st.plotly_chart(figure, config={"displayModeBar": False}, key=f"class-marks-{key}")
        return
    numbers = np.array([one.guess[0] for one in some])
    words = t(
        "middle {middle}, from {lowest} to {highest}",
        **{
            name: answer_words(asked, (float(value),))
            for name, value in (("middle", np.median(numbers)), ("lowest", numbers.min()), ("highest", numbers.max()))
        },
    )
    st.markdown(plain_text.markdown(words))
    if computed is not None:
        st.markdown(f"{t('Computed')}: **{plain_text.markdown(answer_words(asked, computed))}**")


def _bar(words: str, count: int, of: int, right: bool) -> str:
    mark = f" <em>{plain_text.attribute(t('computed'))}</em>" if right else ""
    return (
        f"<dt>{plain_text.attribute(words)}{mark}</dt>"
        f'<dd><i style="width:{100 * count / of:.0f}%" class="{"right" if right else ""}"></i><b>{count}</b></dd>'
    )


STYLE = """<style>
.class-answers { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .35rem 1rem;
  margin: 0; align-items: center; }
.class-answers dt { overflow-wrap: anywhere; } .class-answers em { font-style: normal; font-size: .85rem; opacity: .8; }
.class-answers dd { margin: 0; display: flex; gap: .5rem; align-items: center; }
.class-answers i { height: 20px; border-radius: 4px; min-width: 2px; background: light-dark(#8fa6c4, #4f6683); }
.class-answers i.right { background: light-dark(#15803d, #4ade80); }
</style>"""
