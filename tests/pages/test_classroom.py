"""The page Class, and what the teacher's switches do to a student's page, without a browser."""

import csv
import io

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.visit import address, html, opened, turn_to, whole
from vae_core.lessons.progress import Course, Progress, write_progress
from vae_core.room.access import Room
from vae_core.room.answers import Given, given_lately
from vae_core.room.classroom import Classroom, classroom
from vae_core.runs.users import User
from vae_ui.base import current_user
from vae_ui.classroom import take_home
from vae_ui.room import switches

pytestmark = pytest.mark.usefixtures("home")
STUDENT = User("a" * 16)
LESSON = "01-two-numbers"  # its step 2 asks, and step 3 reveals


@pytest.fixture(autouse=True)
def room(monkeypatch):
    """A class that is open to a network, as in a process of its own."""
    here = classroom()
    for name, value in vars(Classroom(room=Room("12345678", "ab" * 16, b"s"), url="http://vae.example")).items():
        monkeypatch.setattr(here, name, value)
    return here


def as_student(monkeypatch) -> None:
    monkeypatch.setattr(current_user, "present", lambda: STUDENT)


def answered(home, *guesses: float) -> None:
    for number, guess in enumerate(guesses):
        write_progress(home, User(f"{number:016x}"), Progress(courses={LESSON: Course(guesses={2: (guess,)})}))


def test_the_code_is_large_and_the_link_has_it(room):
    assert "1234 5678" in html(opened("classroom")) and "http://vae.example" in html(opened("classroom"))


def test_a_student_sees_neither_code_nor_switches(monkeypatch):
    as_student(monkeypatch)
    app = opened("classroom")
    assert app.title[0].value == "This is the teacher's page" and "1234" not in html(app)
    assert not [one for one in app.sidebar.toggle if one.key in (switches.SHOW, switches.PAUSE)]


def test_alone_on_this_machine_there_is_no_class(room):
    room.room = None
    app = opened("classroom")
    assert app.title[0].value == "This is the teacher's page" and not app.sidebar.toggle


def test_predictions_are_counted_and_revealed(home, room):
    answered(home, 0, 2, 2, 2)
    app = opened("classroom")
    bars = next(one for one in app.html if "class-answers" in one.value).value if hasattr(app, "html") else html(app)
    assert ">3</b>" in bars and ">1</b>" in bars and "more than 3 in 4" in bars
    app.toggle(key="classroom-hold").set_value(True).run()
    assert room.shown.held
    whole(app.button(key=f"class-reveal-{LESSON}-2").click().run())
    assert not room.shown.hides((LESSON, 3)) and app.button(key=f"class-reveal-{LESSON}-2").disabled


def test_a_new_code_is_shown_at_once(room):
    app = opened("classroom")
    next(one for one in app.button if one.label == "New code").click().run()
    assert room.room.code != "12345678" and room.room.code[:4] in html(app)


def test_a_held_answer_is_not_on_a_students_card(monkeypatch, home, room):
    as_student(monkeypatch)
    room.hold(True)
    write_progress(home, STUDENT, Progress(courses={LESSON: Course(guesses={2: (2.0,)})}))
    app = opened("start", model="mnist-vae-2d", lesson=f"{LESSON}.3")
    words = " ".join(one.value for one in [*app.main.markdown, *app.main.caption])
    assert "Your teacher will reveal it" in words and "reads **" not in words
    assert not [one for one in app.button if one.label in ("Reveal", "Next step")]
    room.reveal((LESSON, 3))
    whole(app.run())
    assert "The second network reads" in " ".join(one.value for one in app.main.markdown)


def test_a_student_follows_the_teachers_scene_and_goes_back(monkeypatch, room):
    as_student(monkeypatch)
    app: AppTest = opened("decode", model="digits-vae-2d", z="1,1")
    room.show("decode?model=mnist-vae-2d&z=0.5,-1")
    whole(app.run())
    assert address(app)["z"] == "0.5,-1" and "Your teacher shows this page" in html(app)
    room.show("decode?model=mnist-vae-2d&z=0.25,-1")
    whole(app.run())
    assert address(app)["z"] == "0.25,-1"
    room.show(None)
    whole(app.run())
    assert address(app)["z"] == "1,1" and "Your teacher shows" not in html(app)
    assert app.sidebar.selectbox[0].value == "digits-vae-2d"


def test_a_pause_covers_a_students_page_and_not_the_teachers(monkeypatch, room):
    room.pause(True)
    assert "Look to the front" not in html(opened("decode"))
    as_student(monkeypatch)
    assert "Look to the front" in html(opened("decode"))


def test_the_teachers_page_is_shown_as_it_moves_but_never_the_class(room):
    app = opened("decode", model="mnist-vae-2d", z="1,1")
    whole(app.sidebar.toggle(key=switches.SHOW).set_value(True).run())
    assert room.shown.scene == "decode?model=mnist-vae-2d&z=1,1"
    whole(app.sidebar.selectbox[0].set_value("digits-vae-2d").run())
    assert room.shown.scene.startswith("decode?model=digits-vae-2d")
    before = room.shown
    whole(turn_to(app, "classroom").run())
    assert room.shown == before
    whole(app.sidebar.toggle(key=switches.SHOW).set_value(False).run())
    assert room.shown.scene is None


def test_the_files_have_every_answer_in_words_and_escape_them(home, monkeypatch):
    answered(home, 0, 2)
    some = given_lately(home)
    rows = list(csv.DictReader(io.StringIO(take_home.csv_file(take_home.table(some)).decode("utf-8-sig"))))
    assert [row["answer"] for row in rows] == ["about 1 in 10", "more than 3 in 4"] and rows[0]["lesson"] == LESSON
    page = take_home.report([*some, Given("x" * 16, "<b>gone</b>", 1, (1.0,), None)], [])
    assert "<b>gone" not in page and "&lt;b&gt;gone" in page and "more than 3 in 4" in page
