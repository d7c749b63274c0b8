"""What the teacher shows to all, and who is here: each change is told once, and nothing is told where nothing has changed."""

from concurrent.futures import ThreadPoolExecutor

from vae_core.room.classroom import Classroom, classroom
from vae_core.room.presence import Presence


def watched() -> tuple[Classroom, list[str]]:
    told: list[str] = []
    return Classroom(on_change=told.append), told


def test_a_scene_is_shown_until_it_is_released():
    here, told = watched()
    here.show("decode?z=0,0", by="teacher's session")
    first = here.shown
    here.show("decode?z=0,0", by="teacher's session")
    assert here.shown == first and told == ["teacher's session"]
    here.show("decode?z=1,0")
    assert here.shown.version > first.version and here.shown.scene == "decode?z=1,0"
    here.show(None)
    assert here.shown.scene is None and here.shown.version > first.version and len(told) == 3


def test_answers_wait_until_each_is_revealed():
    here, told = watched()
    assert not here.shown.hides(("a", 3))
    here.hold(True)
    assert here.shown.hides(("a", 3))
    here.reveal(("a", 3))
    assert not here.shown.hides(("a", 3)) and here.shown.hides(("a", 5)) and here.shown.hides(("b", 3))
    here.hold(False)
    here.hold(True)
    assert here.shown.hides(("a", 3))  # the next class begins anew
    assert len(told) == 4


def test_a_pause_keeps_the_scene():
    here, _ = watched()
    here.show("decode?")
    here.pause(True)
    assert here.shown.paused and here.shown.scene == "decode?"
    here.pause(False)
    assert not here.shown.paused


def test_a_person_is_here_until_the_last_window_closes():
    presence = Presence()
    for _ in range(2):
        presence.arrive("anna")
    assert presence.show("anna", "decode") and not presence.show("anna", "decode")
    presence.leave("anna")
    assert presence.pages() == {"anna": "decode"}
    presence.leave("anna")
    assert presence.pages() == {} and not presence.show("anna", "decode")
    presence.leave("anna")  # never arrived
    assert presence.pages() == {}


def test_many_arrive_and_leave_at_once():
    presence = Presence()

    def visit(number: int) -> None:
        presence.arrive(f"{number % 7}")
        presence.show(f"{number % 7}", f"{number}")
        if number >= 7:
            presence.leave(f"{number % 7}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(visit, range(700)))
    assert set(presence.pages()) == {f"{number}" for number in range(7)}


def test_there_is_one_class_in_a_process():
    assert classroom() is classroom()
