"""A scene in an address: read as it was written, and whatever else stands there is left out and named in one sentence."""

from dataclasses import replace
from urllib.parse import parse_qsl

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from vae_ui.base.scene import ALWAYS, DEFAULTS, RULES, SHOWN, TITLES, Known, Scene, check, format_query, parse, sentence
from vae_ui.base.scene_text import FEW, FORMS, LONGEST, number

finite = some.floats(-(2.0**90), 2.0**90, width=32)
few = some.lists(finite, min_size=1, max_size=FEW).map(tuple)
many = some.lists(finite | some.floats(-9, 9, width=32), min_size=FEW + 1, max_size=40).map(tuple)
codes = few | many
index = some.integers(0, 999_999_999)
ends = index | codes
positive = some.floats(0, 1e6)
names = some.text(min_size=1, max_size=30)
titles = names.filter(lambda text: text.isprintable() and text == text.strip())  # as a person may type them
PARTS = {
    "model": names, "present": some.just(True), "seed": some.integers(0, 999_999),
    "lesson": some.tuples(some.just("01-two-numbers"), index),
    "image": index, "z": codes, "label": index, "draws": index,
    "view": some.sampled_from(["plane", "tsne"]), "pair": some.tuples(index, index),
    "figures": some.lists(some.sampled_from(["density", "true"]), min_size=1, unique=True).map(tuple),
    "prop": some.integers(1, 999_999_999), "start": some.sampled_from(["z", "image"]),
    "a": ends, "b": ends, "c": ends, "d": ends, "path": some.just("spherical"), "way": some.floats(0, 1), "own": codes,
    "sampler": some.sampled_from(["gaussian", "mixture"]), "temperature": some.floats(0, 2),
    "models": some.lists(names, min_size=1, max_size=4, unique=True).map(tuple), "preset": some.sampled_from(["beta-vae", "m1-m2"]),
    "run": some.just("20251126-010203-ab12"),
    "time": positive, "data": some.sampled_from(["digits", "points"]), "variant": some.just("drawn"), "noise": some.floats(0, 1),
    "held_out": some.floats(0.02, 0.9), "drawing": some.just("eNqNzrENADEIA0C-"),
    "mended": some.just(("balanced",)),
    "normal": some.sets(index, min_size=1, max_size=20).map(lambda found: tuple(sorted(found))),
    "mistake": some.sampled_from(["no-kl", "kl-sign"]), "trained": some.just(True),
    "experiment": some.sampled_from(["beta", "code-size"]),
    "revealed": some.lists(index, min_size=1, max_size=20, unique=True).map(tuple),
    "named": some.dictionaries(index, index, min_size=1, max_size=20).map(lambda found: tuple(found.items())),
    "section": some.just("noise"), "corruption": some.sampled_from(["gaussian", "blur"]), "severity": some.floats(0, 0.8),
    "called": some.lists(titles, min_size=1, max_size=20, unique=True).map(tuple),
    "edit": some.sampled_from(["classes-3-8", "property-1", "selections"]), "group_a": codes, "group_b": codes,
    "strength": some.floats(-2, 2),
    "given": some.sampled_from(["words", "both"]), "said": some.lists(index, min_size=1, max_size=20).map(tuple),
}  # fmt: skip


@some.composite
def scenes(draw):
    page = draw(some.sampled_from(list(SHOWN)))
    parts = {name: draw(some.none() | PARTS[name]) for name in (*ALWAYS, *SHOWN[page])}
    return Scene(page, **{name: value for name, value in parts.items() if value is not None})


def rounded(value):
    """What is left of a value in an address."""
    if isinstance(value, float):
        return float(number(value))
    if not isinstance(value, tuple) or not value or not isinstance(value[0], float):
        return value
    if len(value) <= FEW:
        return tuple(map(rounded, value))
    with np.errstate(over="ignore"):
        half = np.array(value, np.float16)
    return tuple(map(float, half if np.isfinite(half).all() else np.array(value, np.float32)))


@given(scenes())
@settings(max_examples=400, deadline=None)
def test_a_scene_is_read_as_it_was_written(scene):
    query = format_query(scene)
    assert query.isascii() and query.isprintable()
    again, ignored = parse(dict(parse_qsl(query, keep_blank_values=True)), scene.page)
    assert ignored == ()
    assert again == replace(scene, **{name: rounded(getattr(scene, name)) for name in SHOWN[scene.page]})
    assert format_query(again) == query, "written once more, nothing moves"


@given(codes)
def test_the_rounding_is_as_stated(values):
    write, read = FORMS["z"]
    near = np.array(read(write(values)))
    assert (np.abs(near - values) <= 6e-8 + 2.0**-11 * 1.03 * np.abs(values)).all()


def test_a_plane_code_is_short_and_a_long_one_fits():
    assert format_query(Scene("decode", "mnist-vae-2d", z=(0.44321, -1.56789))) == "model=mnist-vae-2d&z=0.4432,-1.568"
    long = format_query(Scene("decode", "m", z=tuple(np.linspace(-3, 3, 196))))
    assert len(long) < 540 and "%" not in long
    assert format_query(Scene("start", "m")) == "model=m"


@given(some.sampled_from(list(SHOWN)), some.dictionaries(some.sampled_from(list(FORMS)), some.text(max_size=60)))
@settings(max_examples=400, deadline=None)
def test_garbage_is_left_out_and_named(page, query):
    scene, unread = parse(query, page)
    scene, missing = check(scene, Known(2, 100, 10, {"m"}, {"prior"}))
    left = {name for name in FORMS if getattr(scene, name) != DEFAULTS[name]}
    asked = {name for name in query if name in (*ALWAYS, *SHOWN[page])}
    assert left <= asked and {*unread, *missing} <= asked
    said = sentence([*unread, *missing])
    assert (said == "") == (not unread and not missing) and "\n" not in said


HOSTILE = [
    "",
    " ",
    "nan",
    "inf",
    "1e999",
    "-1",
    "1_0",
    "٣",
    "0x10",
    "<img src=x>",
    "'; drop table",
    "h",
    "f",
    "hAAA",
    "h" + "A" * 99_999,
]
HOSTILE += [
    "h" + "_" * 16,
    "1,2,3,4,5",
    "1,,2",
    "i",
    "i-1",
    "i99999999999",
    "../../etc/passwd",
    "%00",
    "\0",
    "1" * 5000,
]


@pytest.mark.parametrize("text", ["", " ", "a,,b", " a", "%0A", "x" * 41, ",".join(map(str, range(21)))])
def test_names_of_classes_are_short_and_can_be_read(text):
    scene, unread = parse({"called": text}, "few_labels")
    assert (scene.called, unread) == ((), ("called",))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", sorted({*FORMS} - {"model", "models", "run", "called"}))
def test_what_is_hostile_never_gets_through(name, text):
    text = "-3" if (name, text) == ("strength", "-1") else text  # the one number that may be negative, but not so far
    page = next(page for page, parts in SHOWN.items() if name in (*parts, *ALWAYS))
    scene, unread = parse({name: text}, page)
    scene, missing = check(scene, Known(7, 100, 10, {"m"}, {"prior"}))
    assert getattr(scene, name) == DEFAULTS[name]
    assert sentence([*unread, *missing]).count(".") <= 1


@pytest.mark.parametrize(
    ("asked", "known", "missing"),
    [
        (Scene("decode", z=(1.0, 2.0)), Known(3, 10, 0, ()), ["z"]),
        (Scene("decode", image=10), Known(2, 10, 0, ()), ["image"]),
        (Scene("decode", label=0), Known(2, 10, 0, ()), ["label"]),
        (Scene("latent_space", view="pca", pair=(1, 1)), Known(2, 10, 0, ()), ["view", "pair"]),
        (Scene("latent_space", view="plane", pair=(5, 1)), Known(5, 10, 0, ()), []),
        (Scene("latent_space", figures=("holes", "density")), Known(2, 10, 0, ()), []),
        (Scene("latent_space", figures=("holes", "other")), Known(2, 10, 0, ()), ["figures"]),
        (Scene("latent_space", prop=2), Known(2, 10, 0, (), properties=3), []),
        (Scene("latent_space", prop=3), Known(2, 10, 0, (), properties=3), ["prop"]),
        (Scene("interpolate", a=9, b=(1.0,), path="round", way=1.5), Known(2, 10, 0, ()), ["path", "way", "b"]),
        (Scene("compare", models=("a", "b")), Known(2, 10, 0, {"a"}), ["models"]),
    ],
)
def test_what_is_not_there_is_named(asked, known, missing):
    scene, found = check(asked, known)
    assert sorted(found) == sorted(missing)
    assert all(getattr(scene, name) == DEFAULTS[name] for name in missing)
    assert check(scene, known) == (scene, ())


def test_the_sentence_names_each_part_once():
    assert sentence([]) == ""
    assert sentence(["z"]).endswith("left out: z.")
    assert sentence(["z", "a", "z", "path"]).endswith("left out: z, A, the kind of path.")


def test_every_part_has_a_form_a_title_and_a_page():
    parts = {*DEFAULTS} - {"page"}
    assert parts == {*FORMS} == {*TITLES} == {*ALWAYS}.union(*SHOWN.values())
    # Models and runs are looked up where they are listed; of the names of classes there is no list.
    unchecked = {"model", "run", "draws", "present", "trained", "called"}
    assert {*RULES} == parts - unchecked
    assert LONGEST * 4 * 4 / 3 < 24_000
