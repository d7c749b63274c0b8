"""A prediction: a choice, a number or a mark on the map, which is kept; later it stands beside the answer that was computed."""

import streamlit as st

from vae_core.lessons.lesson import Lesson
from vae_ui.base import plain_text, state
from vae_ui.base.translation import t
from vae_ui.lessons import course
from vae_ui.lessons.scene_values import answer_words, right_answer


def draw(lesson: Lesson, number: int) -> None:
    """The question's widgets; an answer is kept at once, and can be changed until the reveal."""
    asked = lesson.steps[number - 1].prediction
    given = course.course(lesson.id).guesses.get(number)
    if asked.choices:
        with st.container(key="lesson-choices", gap="xsmall"):
            for at, words in enumerate(asked.choices):
                chosen = given is not None and int(given[0]) == at
                _choice(lesson, number, at, words, chosen)
    elif asked.mark is not None:
        _mark(lesson, number, given)
    else:
        _number(lesson, number, given)


def _choice(lesson: Lesson, number: int, at: int, words: str, chosen: bool) -> None:
    icon = ":material/radio_button_checked:" if chosen else ":material/radio_button_unchecked:"
    label = plain_text.markdown(words)
    if st.button(
        label, key=f"lesson-choice-{at}", icon=icon, width="stretch", type="primary" if chosen else "secondary"
    ):
        keep(lesson, number, (float(at),))


def _number(lesson: Lesson, number: int, given: tuple[float, ...] | None) -> None:
    value = st.number_input(
        t("Your number"), value=given[0] if given else None, key=f"lesson-number-{lesson.id}-{number}", format="%g"
    )
    if value is not None and abs(value) < 1e9 and (not given or value != given[0]):
        keep(lesson, number, (float(value),))


def _mark(lesson: Lesson, number: int, given: tuple[float, ...] | None) -> None:
    z = state.place(state.model()).z
    if (
        st.button(t("z is my mark"), key="lesson-mark", icon=":material/my_location:", width="stretch")
        and z is not None
    ):
        keep(lesson, number, tuple(map(float, z)))
    if given is not None:
        st.html(
            f'<div class="lesson-done">{plain_text.attribute(answer_words(lesson.steps[number - 1].prediction, given))}</div>'
        )


def keep(lesson: Lesson, number: int, guess: tuple[float, ...]) -> None:
    """Keep an answer, and show it. Does not return."""
    course.add(lesson.id, guesses={number: guess})
    st.rerun()


def compare(lesson: Lesson, number: int) -> None:
    """What was said beside what was computed."""
    asked = lesson.steps[number - 1].prediction
    given, right = course.course(lesson.id).guesses.get(number), right_answer(lesson, asked)
    lines = {
        t("You said"): t("no answer") if given is None else answer_words(asked, given),
        t("Computed"): t("not yet") if right is None else answer_words(asked, right),
    }
    rows = "".join(f"<dt>{plain_text.attribute(a)}</dt><dd>{plain_text.attribute(b)}</dd>" for a, b in lines.items())
    st.html(f'<dl class="lesson-answers">{rows}</dl>')
