"""The room's code and the teacher's key: what opens what, how long they are kept, and that no signature can be made without them."""

import json
import os
import stat
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae_core.errors import UserError
from vae_core.room.access import FILE, LASTS, Room, open_room, shown, with_new_code
from vae_core.room.tries import OF_ALL, OF_ONE, Tries

SECRET = b"s" * 32
ROOM = Room("12345678", "0123456789abcdef" * 2, SECRET)


def test_the_code_opens_the_room_and_the_key_the_teachers_rights():
    assert ROOM.right("1234 5678") == ROOM.right("1234-5678\n") == "class"
    assert ROOM.right(ROOM.key.upper()) == "teacher"
    assert ROOM.right("") == ROOM.right("1234567") == ROOM.right(ROOM.key[:-1]) == ""
    assert shown("12345678") == "1234 5678"


@given(st.text(max_size=90))
def test_a_forged_cookie_gives_nothing(text):
    assert ROOM.right_in(ROOM.cookie("class")) == "class" and ROOM.right_in(ROOM.cookie("teacher")) == "teacher"
    if text not in (ROOM.cookie("class"), ROOM.cookie("teacher")):
        assert ROOM.right_in(text) == ""
    assert ROOM.right_in("teacher." + ROOM.cookie("class").partition(".")[2]) == ""


def test_a_new_code_asks_the_class_again_and_keeps_the_teacher(tmp_path):
    room = open_room(tmp_path, SECRET)
    other = with_new_code(tmp_path, room)
    assert other.right_in(room.cookie("class")) == "" and other.right_in(room.cookie("teacher")) == "teacher"
    assert open_room(tmp_path, SECRET) == other


@pytest.mark.parametrize(
    "other",
    [Room("87654321", ROOM.key, SECRET), Room(ROOM.code, "f" * 32, SECRET), Room(ROOM.code, ROOM.key, b"t" * 32)],
)
def test_another_room_knows_no_cookie_of_this_one(other):
    assert other.right_in(ROOM.cookie("class")) == ""
    assert other.right_in(ROOM.cookie("teacher")) == (
        "teacher" if other.key == ROOM.key and other.secret == SECRET else ""
    )


def test_a_room_without_a_code_lets_everybody_in_but_makes_nobody_a_teacher():
    room = Room("", ROOM.key, SECRET)
    assert room.right("12345678") == "" and room.right_in("") == room.right_in("forged.teacher") == "class"
    assert room.right_in(room.cookie(room.right(room.key))) == "teacher"


def test_a_server_that_is_started_again_keeps_its_code_for_a_day_of_teaching(tmp_path):
    room = open_room(tmp_path, SECRET)
    assert len(room.code) == 8 and room.code.isdecimal() and open_room(tmp_path, SECRET) == room
    if os.name != "nt":
        assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert open_room(tmp_path, SECRET, "none") == Room("", room.key, SECRET)
    renewed = open_room(tmp_path, SECRET, "new")
    assert renewed.code != room.code and renewed.key != room.key
    kept = json.loads((tmp_path / FILE).read_text())
    (tmp_path / FILE).write_text(json.dumps(kept | {"made": time.time() - LASTS - 1}))
    assert open_room(tmp_path, SECRET).code != renewed.code


@pytest.mark.parametrize(
    "damaged", [b"", b"{", b'{"code": "1", "key": "", "made": 0}', b'{"code": "12345678", "key": "x", "made": 1e308}']
)
def test_a_damaged_file_is_another_code(tmp_path, damaged):
    (tmp_path / FILE).write_bytes(damaged)
    assert len(open_room(tmp_path, SECRET).code) == 8


def test_a_home_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        open_room(tmp_path / "file", SECRET)


def test_wrong_tries_are_limited_for_each_address_and_come_back():
    now = [0.0]
    tries = Tries(lambda: now[0])
    for _ in range(OF_ONE[0]):
        assert tries.allowed("10.0.0.1")
        tries.wrong("10.0.0.1")
    assert not tries.allowed("10.0.0.1") and tries.allowed("10.0.0.2")
    now[0] += 60 / OF_ONE[1] + 1
    assert tries.allowed("10.0.0.1")


def test_many_addresses_together_are_limited_too():
    now = [0.0]
    tries = Tries(lambda: now[0])
    for number in range(OF_ALL[0]):
        assert tries.allowed(f"10.0.1.{number}")
        tries.wrong(f"10.0.1.{number}")
    assert not tries.allowed("10.0.2.1")


def test_guessing_for_a_day_finds_a_code_in_one_of_a_thousand_cases_at_most():
    tries_a_day = OF_ALL[0] + OF_ALL[1] * 24 * 60
    assert tries_a_day / 10**8 <= 1e-3
