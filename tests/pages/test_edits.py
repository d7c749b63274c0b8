"""The page Edits without a browser: the direction that it sends to the stage, what a hand on the slider changes, and other data."""

import json
import re

import numpy as np
import pytest

from tests.pages.visit import address, html, images, labelled, odd_model, opened, place, sent, visit, whole
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.training.fit import fit
from vae_ui.edits import stage, ways
from vae_ui.widgets import model_cache

NAME = "digits-vae-2d"


def told(app) -> dict:
    """What the stage is told of the edit."""
    (shown,) = [one.proto for one in app.main.get("bidi_component") if one.proto.component_name == "latent_map"]
    return json.loads(shown.json)["options"]["edit"]


def members(label: int) -> np.ndarray:
    return np.flatnonzero(model_cache.explorer(NAME).latents.labels == label)


def means(*labels: int) -> list[np.ndarray]:
    codes = model_cache.explorer(NAME).latents.mean
    return [codes[members(label)].mean(0) for label in labels]


def held(name: str) -> dict[str, str]:
    block = model_cache.view(name, "plane", (0, 1), 0)
    return {"hash": block.payload.hash, "model": model_cache.browser_block(name).hash}


def act(app, name: str, number: int, **event):
    app.session_state[stage.KEY] = sent(held(name), {"number": number, **event})
    return whole(app.run())


def test_two_classes_a_hand_on_the_slider_and_a_click_on_the_map(home):
    app = visit("edits", NAME)
    first, other = ways.nearest_pair(model_cache.explorer(NAME))
    assert place(app, NAME).picked in members(first), "the example is of the class that the direction leaves"
    app.selectbox(key="edits-from").set_value(3).run()
    app.selectbox(key="edits-to").set_value(8).run()
    a, b = means(3, 8)
    np.testing.assert_allclose(told(whole(app))["step"], b - a, atol=1e-4)
    assert place(app, NAME).picked in members(3) and told(app)["low"] == "3" and told(app)["high"] == "8"
    assert address(app)["edit"] == "classes-3-8" and "strength" not in address(app)

    code = place(app, NAME).z + 1.5 * (b - a)
    act(app, NAME, 1, act="slide", code=code.tolist())
    assert place(app, NAME).strength == pytest.approx(1.5, abs=1e-3) and address(app)["strength"] == "1.5"
    np.testing.assert_allclose(told(app)["code"], place(app, NAME).z, atol=1e-4)
    act(app, NAME, 2, act="click", pick=11, code=model_cache.explorer(NAME).latents.mean[11].tolist())
    assert place(app, NAME).picked == 11 and place(app, NAME).strength == 0


def test_the_address_asks_for_a_direction(home):
    app = visit("edits", NAME)
    place(app, NAME).edit = "property-1"
    assert "degrees more of slant" in " ".join(one.value for one in whole(app.run()).caption)
    app.selectbox(key="edits-property").set_value(0).run()
    assert address(whole(app))["edit"] == "property-0" and "more of ink" in " ".join(one.value for one in app.caption)
    place(app, NAME).edit = "classes-77-99"
    assert told(whole(app.run()))["low"] == "0", "classes that are not there: the first ones"


def test_without_labels_two_selections_make_a_direction(home):
    app = visit("edits", name := odd_model(home, "bare", (1, 8, 8), 2))
    assert app.segmented_control(key="edits-kind").options == ["A property", "Two selections"]
    app.segmented_control(key="edits-kind").set_value("selections").run()
    assert told(app)["step"] == [] and app.button(key="edits-keep-A").disabled
    for letter, dots in {"A": [1, 2], "B": [5, 6, 7]}.items():
        place(app, name).selected = np.array(dots)
        app.run()
        app.button(key=f"edits-keep-{letter}").click().run()
    codes = model_cache.explorer(name).latents.mean
    step = codes[[5, 6, 7]].mean(0) - codes[[1, 2]].mean(0)
    np.testing.assert_allclose(told(whole(app))["step"], step, atol=1e-4)
    assert app.button(key="edits-keep-B").label == "B: 3 dots"
    link = address(app)
    assert link["edit"] == "selections" and {"group_a", "group_b"} <= {*link}
    app.segmented_control(key="edits-kind").set_value("property").run()
    assert not {"group_a", "group_b"} & {*address(whole(app))}, "a direction of something else needs no selections"
    np.testing.assert_allclose(told(opened("edits", **link))["step"], step, atol=2e-3)


def test_an_uploaded_table_gives_more_of_a_column(home):
    data = load(DataConfig(dataset="wine"))
    run = build_run(
        "vae", DataConfig(dataset="wine"), data.shape, 3, epochs=4, precision="fp32", **data.layout_settings
    )
    assert [*fit(build(run.model, 0), data, run, folder=home / "runs" / "wine")][-1].kind == "done"
    app = visit("edits", "run-wine")
    app.segmented_control(key="edits-kind").set_value("property").run()
    assert data.columns[0].name in labelled(whole(app).selectbox, "More of").options
    assert told(app)["x"] is not None and "table-strip" in html(app)


def test_an_analogy_takes_single_images_and_means(home):
    app, model = visit("edits", NAME), model_cache.explorer(NAME)
    app.session_state["edits-analogy"] = True
    assert len(images(whole(app.run()))) >= 4
    mean, labels = model.latents.mean, model.latents.labels
    a, b, c = (labelled(app.selectbox, letter) for letter in "ABC")
    assert {a.value, b.value, c.value} == {"image"}
    numbers = [one for one in app.number_input if one.label == "Number in the test set"]
    for one, number in zip(numbers, (5, 6, 7), strict=True):
        one.set_value(number)
    a.set_value(3).run()
    labelled(app.button, "Put z there").click().run()
    np.testing.assert_allclose(place(whole(app), NAME).z, mean[labels == 3].mean(0) - mean[6] + mean[7], atol=1e-5)
    assert place(app, NAME).strength == 0


def test_the_shares_of_all_pixels_are_the_difference_from_the_mean_picture(home):
    app = visit("edits", NAME)
    app.session_state["edits-meaning"] = True
    said = next(one.value for one in whole(app.run()).caption if "shares of all pixels" in one.value)
    value, baseline, total = (float(one) for one in re.findall(r"[-+]?\d+\.\d+", said))
    assert abs(value - baseline) > 0.1 and total == pytest.approx(value - baseline, abs=0.03)
    assert len([alt for alt in images(app) if "Jacobian" in alt or "gradient" in alt]) == 3
    assert whole(visit("edits", "points-moons")).expander
