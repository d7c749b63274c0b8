"""The stage's Python side: what is packed, what is sent, what comes back."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from vae_ui.base import palette
from vae_ui.stage import Ellipse, Lattice, Overlay, build_payload
from vae_ui.stage.payload import ALIGN, PART, STEPS, pack, pack_map, thumbnails, unpack
from vae_ui.widgets.map_views import restored, stored

NOISE = np.random.default_rng(0)
CODES = NOISE.normal(size=(50, 2))
CLASSES = NOISE.integers(0, 3, 50)
THUMBS = NOISE.integers(0, 256, (50, 4, 5, 3)).astype(np.uint8)
NAMES = ("Ankle boot", "Bag", 'a "ü"')


def test_a_payload_holds_what_went_in() -> None:
    tiles = NOISE.integers(0, 256, (6, 8)).astype(np.uint8)
    payload = build_payload(CODES, CLASSES, NAMES, lattice=Lattice(tiles, (-3, 3, -2, 2)), thumbs=THUMBS, prior=False)
    header, found = unpack(payload.blob)
    steps = np.ptp(CODES, axis=0) / STEPS
    assert (np.abs(found["points"] - CODES) <= 0.5 * steps + 1e-6).all() and found["points"].dtype == np.float32
    np.testing.assert_array_equal(found["classes"], CLASSES)
    np.testing.assert_array_equal(thumbnails(payload), THUMBS)
    np.testing.assert_array_equal(found["lattice"], tiles)
    assert header["names"] == list(NAMES) and header["extent"] == [-3, 3, -2, 2]
    assert payload.count == 50 and header["hash"] == payload.hash


def test_neighbours_on_the_map_have_their_pictures_together_and_each_dot_has_its_own() -> None:
    points = NOISE.normal(size=(3000, 2)).astype(np.float32)
    thumbs = NOISE.integers(0, 256, (3000, 2, 3)).astype(np.uint8)
    payload = build_payload(points, thumbs=thumbs)
    header, found = unpack(payload.blob)
    np.testing.assert_array_equal(thumbnails(payload), thumbs)
    assert header["thumbs"] == {"shape": [2, 3], "part": PART, "hashes": [part.hash for part in payload.thumbs]}
    assert len(payload.thumbs) == -(-3000 // PART) and len({part.hash for part in payload.thumbs}) == len(
        payload.thumbs
    )
    own = found["places"] // PART
    nearest = np.argsort(np.linalg.norm(points[:200, None] - points[None], axis=-1), axis=1)[:, 1:6]
    assert (own[nearest] == own[:200, None]).mean() > 0.7  # 0.09 in any order


@pytest.mark.parametrize("count", [0, 1, PART, PART + 1, 2**16 + 1])
def test_a_map_of_any_size_has_all_its_pictures(count: int) -> None:
    points, thumbs = np.zeros((count, 2)), NOISE.integers(0, 256, (count, 1, 1)).astype(np.uint8)
    payload = build_payload(points, thumbs=thumbs)
    assert sum(len(unpack(part.blob)[1]["thumbs"]) for part in payload.thumbs) == count
    if count:
        np.testing.assert_array_equal(thumbnails(payload), thumbs)


def test_texts_of_points_travel_as_they_are_and_no_array_is_taken_for_one_of_points() -> None:
    texts = [f'{i} "ü" <b>\n' for i in range(50)]
    header, found = unpack(build_payload(CODES, CLASSES, NAMES, texts=texts).blob)
    assert json.loads(found["texts"].tobytes()) == texts and "thumbs" not in found
    assert [name for name, array in found.items() if len(array) == 50] == ["points", "classes"]
    assert build_payload(CODES, CLASSES, NAMES, texts=texts[::-1]).hash != header["hash"]
    with pytest.raises(ValueError, match="texts"):
        build_payload(CODES, CLASSES, NAMES, texts=texts[:3])


@settings(max_examples=50)
@given(some.text(max_size=30), some.lists(some.integers(0, 40), min_size=1, max_size=4))
def test_every_array_starts_on_eight_bytes(text: str, lengths: list[int]) -> None:
    wanted = {f"a{i}": NOISE.integers(0, 255, n).astype(np.uint8) for i, n in enumerate(lengths)}
    blob = pack({"text": text}, wanted)
    size = int.from_bytes(blob[:4], "little")
    for entry in json.loads(blob[4 : 4 + size])["arrays"]:
        assert entry["offset"] % ALIGN == 0
    assert len(blob) % ALIGN == 0
    header, found = unpack(blob)
    assert header["text"] == text
    for name, array in wanted.items():
        np.testing.assert_array_equal(found[name], array)


def test_a_payload_is_the_same_when_it_comes_from_disk() -> None:
    points, thumbs = (
        np.random.default_rng(0).normal(size=(600, 2)),
        np.arange(600 * 4, dtype=np.uint8).reshape(600, 2, 2),
    )
    payload = build_payload(points, thumbs=thumbs, title="Karte")
    assert restored(stored(payload)) == payload


def test_places_of_no_extent_and_none_at_all_keep_their_numbers() -> None:
    for points in (np.full((3, 2), 1.5, np.float32), np.empty((0, 2), np.float32)):
        np.testing.assert_array_equal(unpack(pack_map({}, {"points": points}))[1]["points"], points)


def test_the_hash_follows_the_content_alone() -> None:
    first = build_payload(CODES, CLASSES, NAMES, thumbs=THUMBS)
    assert build_payload(CODES.copy(), CLASSES.copy(), list(NAMES), thumbs=THUMBS.copy()) == first
    moved = CODES.copy()
    moved[7, 1] += 0.01
    for other in (
        build_payload(moved, CLASSES, NAMES, thumbs=THUMBS),
        build_payload(CODES, CLASSES[::-1], NAMES, thumbs=THUMBS),
        build_payload(CODES, CLASSES, NAMES, thumbs=255 - THUMBS),
        build_payload(CODES, CLASSES, NAMES, thumbs=THUMBS, axes=("PC 1", "PC 2")),
        build_payload(CODES, CLASSES, NAMES),
    ):
        assert other.hash != first.hash


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((np.full((3, 2), np.nan),), "finite"),
        ((np.zeros((3, 3)),), "shape"),
        ((CODES, CLASSES[:9], NAMES), "50 points"),
        ((CODES, CLASSES, NAMES[:2]), "between 0 and 1"),
        ((CODES, CLASSES - 1, NAMES), "between 0 and 2"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments: tuple, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        build_payload(*arguments)


def test_thumbnails_must_be_as_many_as_points() -> None:
    with pytest.raises(ValueError, match="thumbnails"):
        build_payload(CODES, CLASSES, NAMES, thumbs=THUMBS[:3])


def test_nan_never_reaches_the_browser() -> None:
    with pytest.raises(ValueError):
        pack({"x": float("nan")}, {})
    for overlay in (Overlay(z=(float("nan"), 0.0)), Overlay(ellipses=[Ellipse((0, 0), (float("inf"), 1))])):
        with pytest.raises(ValueError, match="finite"):
            overlay.record()


def test_an_overlay_is_small_plain_json() -> None:
    overlay = Overlay(z=(np.float32(0.1), 2), path=np.zeros((12, 2)), neighbours=np.arange(3), visible=[np.int64(1)])
    text = json.dumps(overlay.record(), allow_nan=False)
    assert len(text) < 1000
    assert json.loads(text)["z"] == [0.1, 2] and json.loads(text)["neighbours"] == [0, 1, 2]


# -- the palette -------------------------------------------------------------------------------------------------------
# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB; OKLab by Ottosson (2020).
SIGHT = {
    "normal": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
CONES = np.array([[0.41222, 0.53633, 0.05145], [0.21190, 0.68070, 0.10740], [0.08830, 0.28172, 0.62998]])
OKLAB = np.array([[0.21045, 0.79362, -0.00407], [1.97800, -2.42859, 0.45059], [0.02590, 0.78277, -0.80868]])


def linear(colour: str) -> np.ndarray:
    part = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("sight", SIGHT)
def test_ten_classes_can_be_told_apart(sight: str) -> None:
    seen = np.clip(np.array([linear(c) for c in palette.CLASSES]) @ np.array(SIGHT[sight]).T, 0, 1)
    lab = np.cbrt(np.clip(seen @ CONES.T, 0, None)) @ OKLAB.T
    apart = np.linalg.norm(lab[:, None] - lab[None], axis=-1)[~np.eye(10, dtype=bool)]
    assert apart.min() > 0.125


def test_colours_stand_out_on_both_themes() -> None:
    def contrast(a: str, b: str) -> float:
        low, high = sorted(0.05 + linear(c) @ [0.2126, 0.7152, 0.0722] for c in (a, b))
        return high / low

    assert min(contrast(c, "#ffffff") for c in palette.CLASSES) > 1.5
    assert min(contrast(c, "#10151c") for c in palette.CLASSES) > 2
    for light, dark in palette.LANGUAGE.values():
        assert contrast(light, "#ffffff") > 3 and contrast(dark, "#10151c") > 3


def test_the_theme_has_the_same_colours() -> None:
    theme = (Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text()
    for name, part in {
        "red": "x",
        "yellow": "q",
        "orange": "eps",
        "blue": "z",
        "green": "out",
        "gray": "prior",
    }.items():
        assert re.findall(rf'^{name}Color = "(.*)"', theme, re.M) == [*palette.LANGUAGE[part]]


def test_classes_beyond_ten_begin_again() -> None:
    assert palette.class_colours(12)[10:] == list(palette.CLASSES[:2])
    assert palette.colour("z") == "#1d5fc4" and palette.colour("z", dark=True) == "#7ab2ff"
