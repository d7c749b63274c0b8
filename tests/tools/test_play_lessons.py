"""What a student of tools.play_lessons knows to do: every condition of a lesson has a way, and a search keeps its conditions."""

import numpy as np
import pytest

from tools.play_lessons.answers import same
from tools.play_lessons.doing import WAYS
from tools.play_lessons.searching import Search
from vae_core.lessons.conditions import read_conditions
from vae_core.lessons.folders import find_lessons
from vae_ui.widgets import model_cache

MODEL = "digits-vae-2d"
KNOWN = {name for names, _ in WAYS for name in names}


def search(sentence: str, label: int | None = None, model: str = MODEL) -> Search:
    explorer = model_cache.explorer(model)
    return Search(model, read_conditions(sentence), np.zeros(explorer.latent_dim, np.float32), label)


@pytest.mark.parametrize("id", find_lessons().by_id)
def test_each_condition_of_the_lessons_has_a_way(id):
    steps = find_lessons().by_id[id]["en"].steps
    assert {one.name for step in steps for one in step.done} <= KNOWN


def test_a_place_is_found_where_the_conditions_hold():
    wanted = search("decoded class is 4 and distance of z is above 1")
    spots = [(0.0, 0.0, x, y) for x in np.linspace(-3, 3, 25) for y in np.linspace(-3, 3, 25)]
    found = next(wanted.places(spots))
    values = wanted.of_code(np.array(found[2:], np.float32))
    assert values["decoded class"] == 4 and values["distance of z"] > 1
    assert not [*search("distance of z is above 9").places(spots)]


def test_one_slider_is_moved_where_one_is_enough():
    (moves,) = [next(search("way of z is above 1").slides())]
    assert len(moves) == 1 and abs(*moves.values()) > 1
    assert len(next(search("distance of z is above 3.5").slides())) == 2


def test_images_are_found_by_what_is_asked_of_them():
    found = search("chosen class is 3 and image cloud size is above 0.2").images()
    latents = model_cache.explorer(MODEL).latents
    for index in (next(found), next(found)):
        assert latents.labels[index] == 3 and latents.scale[index].mean() > 0.2


def test_an_answer_is_the_same_whatever_its_digits():
    assert same("5.0", "5") and not same("5.0", "6") and same("三", "三") and not same("三", "3")
