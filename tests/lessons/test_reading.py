"""Lessons' files: what is read from them, and that each wrong one is refused with its file and line."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.conftest import ROOT
from vae_core.errors import UserError
from vae_core.lessons.conditions import Condition, read_conditions
from vae_core.lessons.folders import find_lessons, read_folder
from vae_core.lessons.lesson import KINDS
from vae_core.lessons.predictions import answer_of, text_of
from vae_core.lessons.quantities import QUANTITIES, fill, written
from vae_core.lessons.reading import parse_lesson

PATH = Path("lessons/90-mine/en.md")
EXAMPLE = re.search(r"```\n(\+\+\+.*?)```", (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8"), re.S)[1]
HEAD = '+++\ntitle = "T"\nabout = "A"\nminutes = 1\nmodel = "m"\n+++\n'  # six lines


def read(body: str):
    return parse_lesson(HEAD + body, PATH)


def refused(text: str) -> str:
    with pytest.raises(UserError) as caught:
        parse_lesson(text, PATH)
    return str(caught.value)


def test_the_example_of_the_docs_is_a_lesson():
    lesson = parse_lesson(EXAMPLE, PATH)
    assert (lesson.id, lesson.language, lesson.minutes) == ("90-mine", "en", 2)
    assert [step.kind for step in lesson.steps] == ["read", "do", "predict", "reveal"]
    assert lesson.steps[1].done == (Condition("decoded class", "", 4.0),) and lesson.steps[1].scene.z == (0.0, 0.0)
    assert lesson.steps[2].prediction.bounds == (1.0, 3.0) and lesson.steps[3].usual == 2


WRONG = [
    ("no head", 1, "begins with a head"),
    ('+++\ntitle = "T"\nabout = "A"\nminutes = 0.5\nmodel = "m"\n+++\n## read\n\na', 4, "'minutes'"),
    ('+++\ntitle = "T"\nabout = "A"\nminutes = 99\nmodel = "m"\n+++\n## read\n\na', 4, "1 to 90"),
    ('+++\ntitle = "T"\ncolour = "red"\n+++\n## read\n\na', 3, "no 'colour'"),
    ('+++\ntitle = "T\n+++\n## read\n\na', 2, "no TOML"),
    (HEAD, 7, "1 to 20 steps"),
    (HEAD + "\nwords\n## read\n\na", 8, "begins with a line"),
    (HEAD + "## sing\n\na", 7, "no step 'sing'"),
    (HEAD + "# read\n\na", 7, "no step"),
    (HEAD + '## read\npage = "moon"\n\na', 8, "'page' must be one of"),
    (HEAD + '## read\nring = "html"\n\na', 8, "'ring'"),
    (HEAD + '## read\npage = "decode"\ndone = "z is 1"\n\na', 9, "no 'done'"),
    (HEAD + '## read\npage = = "decode"\n\na', 8, "no TOML"),
    (HEAD + "## read\n\n", 8, "no text"),
    (HEAD + "## read\n\n\n" + "word " * 61, 10, "61 words; a card has at most 60"),
    (HEAD + "## read\n\n" + "字" * 121, 9, "121 characters"),
    (HEAD + "## read\n\nSee {secret}.", 9, "no value 'secret'"),
    (HEAD + "## read\n\n{z.__class__}", 9, "no value"),
    (HEAD + "## read\n\n<script>alert(1)</script>", 9, "<s"),
    (HEAD + "## read\n\n![x](https://a.example/x.png)", 9, "not allowed"),
    (HEAD + "## read\n\n[x](javascript:alert)", 9, "not allowed"),
    (HEAD + "## do\n\nGo.", 7, "needs 'done'"),
    (HEAD + '## do\ndone = "decoded class is round"\n\nGo.', 8, "compared with a number"),
    (HEAD + '## do\ndone = "moon is 4"\n\nGo.', 8, "no value 'moon'"),
    (HEAD + '## do\ndone = "4 > 3"\n\nGo.', 8, "no condition"),
    (HEAD + '## do\ndone = "page is above 3"\n\nGo.', 8, "no number"),
    (HEAD + '## do\ndone = "guess is 3"\n\nGo.', 8, "cannot use 'guess'"),
    (HEAD + "## do\ndone = true\n\nGo.", 8, "'done' must be"),
    (HEAD + "## read\nz = [0, nan]\n\nGo.", 8, "'z' must be"),
    (HEAD + '## predict\nchoices = ["a"]\nanswer = "model rate"\n\nGo.', 8, "'choices'"),
    (HEAD + '## predict\nchoices = ["a", "b"]\nanswer = "model rate"\n\nGo.', 7, "2 choices need 1 bounds"),
    (HEAD + '## predict\nchoices = ["a", "b"]\nanswer = "m"\ncompared = "run rate"\n\nGo.', 9, "no value 'm'"),
    (HEAD + '## predict\nanswer = "run rate"\ncompared = "model rate"\n\nGo.', 7, "three choices"),
    (HEAD + "## predict\n\nGo.", 7, "needs 'answer'"),
    (HEAD + '## predict\nbounds = [2, 1]\nanswer = "model rate"\n\nGo.', 8, "rising"),
    (HEAD + '## run\npreset = "eval"\n\nGo.', 8, "'preset'"),
    (HEAD + '## run\npreset = "vae"\nsettings = { path = 1 }\n\nGo.', 9, "'settings'"),
    (HEAD + '## run\npreset = "vae"\nseconds = 61\n\nGo.', 9, "1 to 60"),
    (HEAD + "## reveal\n\nSo.", 7, "after a prediction or a run"),
    (HEAD + '## run\npreset = "vae"\n\na\n\n## reveal\nusual = 2\n\nSo.', 12, "'usual'"),
]


@pytest.mark.parametrize(("text", "line", "words"), WRONG, ids=[f"{n}-{w}" for n, (_, _, w) in enumerate(WRONG)])
def test_a_wrong_file_is_refused_with_its_line(text, line, words):
    said = refused(text)
    assert said.startswith(f"90-mine/en.md, line {line}: ") and words in said and "\n" not in said


@given(some.text(max_size=300))
def test_any_text_is_a_lesson_or_refused(text):
    for whole in (text, HEAD + text, HEAD + "## read\n" + text):
        try:
            assert parse_lesson(whole, PATH).steps
        except UserError as error:
            assert re.match(r"90-mine/en\.md, line \d+: ", str(error))


@given(some.sampled_from(sorted(QUANTITIES)), some.floats(-1e5, 1e5) | some.none() | some.text(max_size=9))
def test_a_value_is_written_and_never_formatted_again(name, value):
    if isinstance(value, str) == QUANTITIES[name].number and value is not None:
        return
    shown = fill("a {" + name + "} {b}", {name: value})
    assert shown == f"a {written(name, value)} {{b}}"


def test_conditions():
    low, number = read_conditions("certainty is below 0.5 and decoded class is not 4")
    assert low.holds({"certainty": 0.4}) and not low.holds({"certainty": 0.5}) and not low.holds({})
    assert number.holds({"decoded class": 3}) and not number.holds({"decoded class": 4.0})
    (text,) = read_conditions("own picture is yes")
    assert text.holds({"own picture": "yes"}) and not text.holds({"own picture": "no"})
    (above,) = read_conditions("distance of z is above 2")
    assert above.holds({"distance of z": 2.1}) and not above.holds({"distance of z": None})


def test_answers_are_computed():
    asked = '## predict\nchoices = ["s", "l", "e"]\nanswer = "run rate"\ncompared = "model rate"\n\nGo.\n'
    reveal = '## reveal\nusual = 1\notherwise = "else"\n\nso'
    prediction, shown = read(asked + reveal).steps
    found = [answer_of(prediction.prediction, {"run rate": v, "model rate": 2.0}) for v in (1.0, 3.0, 2.05, None)]
    assert found == [0, 1, 2, None]
    assert [text_of(shown, one) for one in (0, 1, None)] == ["so", "else", "so"]
    bounds = read('## predict\nchoices = ["a", "b"]\nanswer = "model rate"\nbounds = [2]\n\nGo.').steps[0].prediction
    assert [answer_of(bounds, {"model rate": v}) for v in (1.9, 2.0, 9.0)] == [0, 1, 1]
    number = read('## predict\nanswer = "model rate"\n\nGo.').steps[0].prediction
    assert answer_of(number, {"model rate": 7.5}) == 7.5


def folder(tmp_path: Path, **files: str) -> Path:
    place = tmp_path / "lessons" / "90-mine"
    place.mkdir(parents=True)
    for name, text in files.items():
        (place / f"{name}.md").write_text(text, encoding="utf-8")
    return place


def test_languages_must_match(tmp_path):
    place = folder(
        tmp_path, en=EXAMPLE, zh=EXAMPLE.replace("## do", "## read", 1).replace('done = "decoded class is 4"\n', "")
    )
    with pytest.raises(UserError, match=r"90-mine/zh\.md, line 14: This step is not as in en\.md, line 14"):
        read_folder(place)
    (place / "zh.md").write_text(EXAMPLE.split("## reveal")[0], encoding="utf-8")
    with pytest.raises(UserError, match="3 steps, but en.md has 4"):
        read_folder(place)
    (place / "zh.md").write_text(EXAMPLE.replace("below 1", "少于 1"), encoding="utf-8")
    assert list(read_folder(place)) == ["en", "zh"]


def test_a_wrong_folder_is_left_out_and_named(tmp_path):
    folder(tmp_path, en=HEAD)
    found = find_lessons((tmp_path / "lessons", ROOT / "lessons"))
    assert "90-mine" not in found.by_id and "01-two-numbers" in found.by_id
    (error,) = found.refused
    assert str(error).startswith("90-mine/en.md, line 7")


def test_a_persons_own_lesson_replaces_one_of_the_same_name(home):
    mine = home / "lessons" / "01-two-numbers"
    mine.mkdir(parents=True)
    (mine / "en.md").write_text(EXAMPLE, encoding="utf-8")
    assert find_lessons().get("01-two-numbers", "zh").title == "Where is the four?"


def test_every_kind_is_in_the_docs():
    text = (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8")
    assert all(f"| `{kind}` |" in text for kind in KINDS)
