"""The card beside the pages: one step of the lesson with its text, what to do, and the way on. On a phone a sheet below the page."""

import streamlit as st

from vae_core.lessons.lesson import Lesson, Step
from vae_core.lessons.predictions import text_of
from vae_core.lessons.quantities import fill, written
from vae_core.messages import Message
from vae_ui.base import detail, plain_text, state
from vae_ui.base.translation import t
from vae_ui.lessons import course, predicting, presenting, rings, training
from vae_ui.lessons.panel_style import STYLE
from vae_ui.lessons.scene_values import asked_before, is_done, right_answer, values_for

SHOWN, FOLDED = "lesson-shown", "lesson-folded"  # in the session
KINDS = {
    "read": Message("Read"),
    "do": Message("Try it"),
    "predict": Message("Predict"),
    "run": Message("Train"),
    "reveal": Message("What happened"),
}


def draw() -> None:
    """The card of the step in view, where a lesson is on; its place is kept, so that nothing else on the page moves."""
    with st.container(key="lesson"):
        at = course.present()
        detail.while_in_lesson(at and at[0].id)
        if at is None or state.choices().page == "learn":
            return
        lesson, number = at
        step = lesson.steps[number - 1]
        complete(lesson, number)
        st.session_state[SHOWN] = appearance(lesson, number)
        st.html(STYLE + (rings.style(step.ring, _asks(lesson, number)) if step.page == state.choices().page else ""))
        with st.container(key="lesson-card", gap="small"):
            _head(lesson, number)
            with st.container(key="lesson-body-folded" if st.session_state.get(FOLDED) else "lesson-body", gap="small"):
                _body(lesson, number, step)
            _foot(lesson, number)
            rings.bring_into_view(step.ring if step.page == state.choices().page else "", f"{lesson.id}.{number}")


def follow() -> None:
    """Draw everything again where the page has changed what the card shows; called when a page, or its live part, has run."""
    at = course.present()
    if at is not None and SHOWN in st.session_state and st.session_state[SHOWN] != appearance(*at):
        st.rerun()


def complete(lesson: Lesson, number: int) -> None:
    """Keep that a step is done, and the computed answer that a reveal shows."""
    step, kept = lesson.steps[number - 1], course.course(lesson.id)
    if step.kind == "do" and number not in kept.done and is_done(lesson, number):
        course.add(lesson.id, done=(number,))
    if step.kind == "reveal":
        _keep_answer(lesson, number)


def _asks(lesson: Lesson, number: int) -> bool:
    """Whether the step still wants something: to be read, or to be done."""
    return lesson.steps[number - 1].kind in ("read", "reveal") or not is_done(lesson, number)


def _keep_answer(lesson: Lesson, number: int) -> None:
    kept, asked = course.course(lesson.id), asked_before(lesson, number)
    right = None if asked is None else right_answer(lesson, lesson.steps[asked - 1].prediction)
    if asked is not None and right is not None and lesson.steps[asked - 1].prediction.mark is not None:
        course.show_place(right)
    answers = {} if asked is None or right is None else {asked: right}
    said = {number: text(lesson, number).replace("*", "")}
    if not (answers.items() <= kept.answers.items() and said.items() <= kept.said.items()):
        course.add(lesson.id, answers=answers, said=said)


def appearance(lesson: Lesson, number: int) -> tuple[str, int, str, bool]:
    """What of the card depends on the page: its text with the values of now, and whether the step is done."""
    return lesson.id, number, text(lesson, number), is_done(lesson, number)


def text(lesson: Lesson, number: int) -> str:
    """The card's text with the values of now."""
    raw = _template(lesson, number)
    return fill(raw, values_for(lesson, number, raw))


def markdown(lesson: Lesson, number: int) -> str:
    """The same as Markdown; each value is escaped, and bold."""
    raw = _template(lesson, number)
    shown = {name: plain_text.markdown(written(name, one)) for name, one in values_for(lesson, number, raw).items()}
    for name, value in shown.items():
        raw = raw.replace("{" + name + "}", value)
    return raw


def _template(lesson: Lesson, number: int) -> str:
    """The card's text; that of a reveal suits the answer that was computed."""
    step, asked = lesson.steps[number - 1], asked_before(lesson, number)
    if step.kind != "reveal" or asked is None:
        return step.text
    right = right_answer(lesson, lesson.steps[asked - 1].prediction)
    if right is None:
        return t("This is not known yet: go back, and do the step that you left out.")
    return text_of(step, right[0])


def _head(lesson: Lesson, number: int) -> None:
    with st.container(key="lesson-head", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(_title(lesson, number), width="stretch")
        folded = bool(st.session_state.get(FOLDED))
        icon = ":material/expand_less:" if folded else ":material/expand_more:"
        label = t("Show the card") if folded else t("Fold the card")
        if st.button(label, key="lesson-fold", icon=icon, type="tertiary"):
            st.session_state[FOLDED] = not folded
            st.rerun()
        if st.button(t("Leave the lesson"), key="lesson-leave", icon=":material/close:", type="tertiary"):
            course.leave()
            st.rerun()


def _title(lesson: Lesson, number: int) -> str:
    steps = range(1, len(lesson.steps) + 1)
    state_of = {n: "now" if n == number else "past" if n < number else "" for n in steps}
    marks = "".join(f'<i class="{state_of[n]}"></i>' for n in steps)
    count = plain_text.attribute(t("{step} of {steps}", step=number, steps=len(lesson.steps)))
    return (
        f'<div class="lesson-title">{plain_text.attribute(lesson.title)}</div>'
        f'<div class="lesson-steps" aria-hidden="true">{marks}</div><div class="lesson-count">{count}</div>'
    )


def _body(lesson: Lesson, number: int, step: Step) -> None:
    kind = plain_text.attribute(t(KINDS[step.kind]))
    st.html(f'<span class="lesson-kind {step.kind}">{kind}</span>')
    if presenting.waits(lesson, number):
        st.markdown(t("The model has computed the answer. What do you expect?"))
        if presenting.kept_back(lesson, number):
            st.caption(t("Your teacher will reveal it."))
        return
    st.markdown(markdown(lesson, number))
    if step.page != state.choices().page:
        st.caption(t("This card speaks of another page."))
        if st.button(t("Go there"), key="lesson-go", icon=":material/arrow_forward:"):
            course.go_to(step.page)
        return
    if step.kind == "predict":
        predicting.draw(lesson, number)
    elif step.training is not None:
        training.draw(lesson, number, step.training)
    elif step.kind == "reveal" and (asked := asked_before(lesson, number)) is not None:
        predicting.compare(lesson, asked)
    elif step.kind == "do":
        done = is_done(lesson, number)
        words = t("Done.") if done else t("Waiting for you.")
        st.html(
            f'<div class="{"lesson-done" if done else "lesson-open"}" role="status">{plain_text.attribute(words)}</div>'
        )


def _foot(lesson: Lesson, number: int) -> None:
    done, last = is_done(lesson, number), number == len(lesson.steps)
    with st.container(key="lesson-foot", horizontal=True, gap="small", horizontal_alignment="distribute"):
        back, on = ("Left", "Right") if state.choices().present else (None, None)
        if st.button(t("Back"), key="lesson-back", icon=":material/arrow_back:", disabled=number == 1, shortcut=back):
            course.start(lesson, number - 1)
        if presenting.kept_back(lesson, number):
            return
        if presenting.waits(lesson, number):
            icon, say = ":material/visibility:", presenting.reveal
            st.button(t("Reveal"), icon=icon, type="primary", shortcut=on, on_click=say, args=(lesson, number))
            return
        label = t("Finish") if last and done else t("Next step") if done else t("Skip")
        icon = ":material/check:" if last and done else ":material/arrow_forward:"
        if st.button(label, key="lesson-next", icon=icon, type="primary" if done else "tertiary", shortcut=on):
            _on(lesson, number, done)


def _on(lesson: Lesson, number: int, done: bool) -> None:
    kept = course.course(lesson.id)
    if done and number not in kept.done:
        course.add(lesson.id, done=(number,))
    if number not in kept.said:
        course.add(lesson.id, said={number: text(lesson, number).replace("*", "")})
    if number < len(lesson.steps):
        course.start(lesson, number + 1)
    course.add(lesson.id, ends=True)
    course.leave()
    course.go_to("learn")
