"""Names of people: given ones are unique and always the same, chosen ones are plain text that nobody else has."""

import math
import random
import unicodedata

import pytest

from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.people import given_names
from vae_core.people.given_names import ANIMALS, COLOURS, LONGEST, PAIRS, STEP, checked, free_number, given_name, key
from vae_core.runs import names as names_module
from vae_core.runs.database import session
from vae_core.runs.names import MACHINE, Names, ids_like
from vae_core.runs.users import ADMIN, User, new_user_id
from vae_core.translation.catalogues import LANGUAGES, translated


def id_of(n):
    return f"{n:016x}"


@pytest.fixture
def names(tmp_path):
    return Names(tmp_path)


def test_all_given_names_differ_in_every_language_and_fit():
    assert len(set(COLOURS)) == len(COLOURS) and len(set(ANIMALS)) == len(ANIMALS) and math.gcd(STEP, PAIRS) == 1
    for language in LANGUAGES:
        shown = [translated(given_name(n), language) for n in range(2 * PAIRS)]
        assert len(set(shown)) == 2 * PAIRS and max(map(len, shown)) <= LONGEST
        assert all(key(name) == key(given_name(n)) for n, name in enumerate(shown[:PAIRS]))


def test_a_given_name_depends_on_the_id_alone_until_it_is_taken(names):
    for n in range(20):
        assert names.of([id_of(n)]) == names.of([id_of(n)])
    first = given_name(free_number("a", ()))
    assert given_name(free_number("a", ())) == first
    again = given_name(free_number("a", {key(first)}))
    assert again != first and again.values["colour"] != first.values["colour"]
    assert len({free_number("a", {key(given_name(n)) for n in range(PAIRS)}), PAIRS + free_number("a", ())}) == 1


def test_two_thousand_people_have_names_that_differ(names):
    found = names.of([id_of(n) for n in range(2000)])
    assert len({key(name) for name in found.values()}) == 2000
    assert all(isinstance(name, Message) for name in found.values())
    assert names.of(found) == found  # asked again, in one go


def test_a_chosen_name_is_kept_and_an_empty_one_gives_the_given_one_back(names):
    me = User(id_of(1))
    given = names.seen(me.id)
    names.rename(me.id, "  Ada \u00a0 Lovelace ", me)
    assert names.of([me.id])[me.id] == "Ada Lovelace" and not isinstance(names.of([me.id])[me.id], Message)
    names.rename(me.id, "Ada", ADMIN)
    names.rename(me.id, "", ADMIN)
    assert names.of([me.id])[me.id] == given


def test_only_the_person_and_an_administrator_change_a_name(names):
    for stranger in (User(id_of(2)), User()):
        with pytest.raises(UserError, match="Only this person"):
            names.rename(id_of(1), "Ada", stranger)
    for id in ("", "../etc", "x"):
        with pytest.raises(UserError, match="Only this person"):
            names.rename(id, "Ada", User(id, is_admin=True))


@pytest.mark.parametrize("twin", ["Ada", "ADA", "ａｄａ", " ada ", "A\u0064a", "Ａda"])
def test_no_two_people_have_names_that_are_equal_after_normalisation(names, twin):
    names.rename(id_of(1), "Ada", ADMIN)
    with pytest.raises(UserError, match="Another person"):
        names.rename(id_of(2), twin, User(id_of(2)))
    names.rename(id_of(1), twin, User(id_of(1)))  # one's own name may be written in another way


def test_nobody_takes_a_given_name_of_another_in_any_language(names):
    theirs = names.seen(id_of(1))
    for language in LANGUAGES:
        with pytest.raises(UserError, match="Another person"):
            names.rename(id_of(2), translated(theirs, language), User(id_of(2)))
    names.rename(id_of(1), "Ada", User(id_of(1)))
    names.rename(id_of(2), str(theirs).lower(), User(id_of(2)))
    names.rename(id_of(1), "", User(id_of(1)))  # it was taken meanwhile
    assert key(names.of([id_of(1)])[id_of(1)]) != key(theirs)


def test_the_straße_is_the_strasse(names):
    names.rename(id_of(1), "Straße", ADMIN)
    with pytest.raises(UserError, match="Another person"):
        names.rename(id_of(2), "STRASSE", ADMIN)


@pytest.mark.parametrize(
    "wrong",
    [
        "\u202eadA",
        "A\u200bda",
        "A\nda",
        "A\tda",
        "A\x00",
        "\u2066Ada",
        "\u3164",
        "\u2800",
        "A\ufe0f",
        "A\U000e0001",
        "\ue000a",
    ],
)
def test_what_cannot_be_seen_is_refused(wrong):
    with pytest.raises(UserError, match="can be seen"):
        checked(wrong)


@pytest.mark.parametrize("wrong", ["", " ", "...", "🦊", "́"])
def test_a_name_needs_a_letter_or_a_digit(wrong):
    with pytest.raises(UserError, match="letter or a digit"):
        checked(wrong)


def test_a_name_has_at_most_forty_characters():
    assert checked("a" * LONGEST) == "a" * LONGEST
    for wrong in ("a" * (LONGEST + 1), "ﷺ" * 10, "a" * 10**6):
        with pytest.raises(UserError, match="at most 40"):
            checked(wrong)


def test_whatever_is_accepted_is_one_line_of_printable_text():
    chance = random.Random(0)
    accepted = 0
    for _ in range(5000):
        text = "".join(
            chr(chance.choice((chance.randrange(0xD800), chance.randrange(0xE000, 0x110000), 97))) for _ in range(4)
        )
        try:
            name = checked(text)
        except UserError:
            continue
        accepted += 1
        assert name == checked(name) and name.isprintable() and name == name.strip() and len(name) <= LONGEST
        assert not any(unicodedata.bidirectional(letter) in ("RLO", "LRO", "RLE", "LRE", "PDF") for letter in name)
    assert accepted > 100


def test_the_person_who_was_away_for_longest_is_forgotten(names, monkeypatch):
    monkeypatch.setattr(names_module, "MOST_PEOPLE", 5)
    clock = iter(range(10**6))
    monkeypatch.setattr(names_module.time, "time", lambda: 1e6 * next(clock))
    for n in range(5):
        names.seen(id_of(n))
    names.rename(id_of(0), "Ada", ADMIN)
    names.seen(id_of(1))
    names.seen(id_of(9))
    with session(names.path) as db:
        left = {row["id"] for row in db.execute("SELECT id FROM people")}
    assert left == {id_of(n) for n in (0, 1, 3, 4, 9)}


def test_people_are_found_by_a_part_of_their_name_in_any_case(names):
    names.rename(id_of(1), "Ada Lovelace", ADMIN)
    names.of([id_of(2)])
    with session(names.path) as db:
        assert ids_like(db, "LOVE") == [id_of(1)] and ids_like(db, "%") == []


def test_an_id_of_no_person_is_this_computer(names):
    assert names.of(["", "x"]) == {"": MACHINE, "x": MACHINE} and names.seen("") == MACHINE


def test_the_words_are_not_read_from_a_person(names):
    """What a person calls themselves is no text of the app: it is not translated and has no placeholders."""
    names.rename(id_of(1), "{colour} done", ADMIN)
    found = names.of([id_of(1)])[id_of(1)]
    assert found == "{colour} done" and type(found) is str and given_names.given_name(0).values
    assert new_user_id() != id_of(1)
