"""The Latent space page without a browser: views of every kind of model, and what a hand on the map leads to."""

import json
import re
import time
from dataclasses import replace

import numpy as np
import pytest

from tests.pages.visit import BUNDLED, address, html, labelled, odd_model, opened, sent, visit, whole
from vae_core import checkpoints
from vae_core.edits.properties import properties
from vae_core.edits.regression import regression
from vae_core.jobs.projections import Projection
from vae_ui.latent_space import figures, map, property_figure, wait_for_projection
from vae_ui.stage.payload import unpack
from vae_ui.widgets import latent_units, model_cache

SAID = "Density of codes here"


def said(app) -> str:
    """What the page says of the chosen place."""
    return next(words.value for words in app.markdown if SAID in words.value)


def act(app, model: str, **done):
    """As if a hand had done this on the map."""
    view = model_cache.view(model, "plane", (0, 1), 0)
    held = {"hash": view.payload.hash, "model": model_cache.browser_block(model).hash}
    app.session_state[map.KEY] = sent(held, {"number": 1, "act": "click", **done})
    return whole(app.run())


@pytest.mark.parametrize("model", BUNDLED)
def test_every_model_has_its_map(home, model):
    app = visit("latent_space", model)
    explorer = model_cache.explorer(model)
    assert said(app)
    check_offers(app, model)
    kinds = {"plane"} if explorer.latent_dim == 2 else {"pca", "plane"}
    for kind in kinds:
        view = model_cache.view(model, kind, (0, 1), 0)
        assert len(view.points) == len(explorer.latents.mean)
        assert bool(view.ellipse(explorer, 0)) != latent_units.is_plain(explorer)


def test_what_the_first_map_needs_is_below_800_kb(home):
    """The model and the map; the small pictures of its dots come when they are wanted."""
    blocks = [
        model_cache.browser_block("mnist-vae-2d").blob,
        model_cache.view("mnist-vae-2d", "plane", (0, 1), 0).payload.blob,
    ]
    heads = [json.loads(blob[4 : 4 + int.from_bytes(blob[:4], "little")]) for blob in blocks]
    assert {"levels", "points", "lattice", "places"} <= {one["name"] for head in heads for one in head["arrays"]}
    assert sum(len(blob) for blob in blocks) < 800_000


def links(app) -> dict[str, str]:
    """The links of the page by the name of the page they lead to."""
    return {one.proto.page.rpartition("/")[2].removesuffix(".py"): one.proto.label for one in app.main.get("page_link")}


def test_the_map_of_points_may_lie_upside_down_and_says_so(home):
    for name, turned in (("points-moons", True), ("digits-vae-2d", False)):
        captions = " ".join(caption.value for caption in visit("latent_space", name).caption)
        assert "Amber ellipses" in captions and ("turn or mirror" in captions) == turned


def test_a_click_on_the_plane_is_decoded(home):
    app = visit("latent_space", "digits-vae-2d")
    act(app, "digits-vae-2d", z=[0.4, -1.1], code=[0.4, -1.1])
    rank = model_cache.density("digits-vae-2d").rank(np.array([0.4, -1.1], np.float32))
    assert f"{rank:.0%}" in said(app)
    assert "interpolate" not in links(app)
    labelled(app.button, "Keep as A").click().run()
    assert links(app)["interpolate"] == "A is kept: interpolate from it"
    act(app, "digits-vae-2d", number=2, z=[1.0, 1.0], code=[1.0, 1.0])
    labelled(app.button, "Keep as B").click().run()
    ends = app.session_state["places"]["digits-vae-2d"].ends
    assert links(app)["interpolate"] == "Interpolate from A to B"
    assert ends["A"].code == pytest.approx([0.4, -1.1]) and ends["B"].code == pytest.approx([1, 1])


def test_a_click_on_a_dot_is_that_image(home):
    app = visit("latent_space", "digits-vae-2d")
    act(app, "digits-vae-2d", z=[0.0, 0.0], pick=17)
    place = app.session_state["places"]["digits-vae-2d"]
    model = model_cache.explorer("digits-vae-2d")
    assert place.picked == 17 and np.array_equal(place.z, model.latents.mean[17])
    assert f"x: {model.info.classes[model.latents.labels[17]]}" in html(app)
    app.switch_page("pages/decode.py").run()
    assert np.array_equal(whole(app).session_state["places"]["digits-vae-2d"].z, model.latents.mean[17])


def test_t_sne_is_worked_out_in_the_background(home):
    name = odd_model(home, "five", (3, 16, 16), 5)
    app = visit("latent_space", name)
    app.segmented_control[0].set_value("tsne").run()
    assert "near codes stay near" in whole(app).info[0].value
    labelled(app.button, "Compute it").click().run()
    job = Projection.of(checkpoints.info(home / "runs" / "five"))
    deadline = time.monotonic() + 60
    while job.progress() is not None and time.monotonic() < deadline:
        time.sleep(0.1)
    app.run()
    assert said(whole(app)) and not app.info
    assert any("has no code of its own" in caption.value for caption in app.caption)
    view = model_cache.view(name, "tsne", (0, 1), 0)
    model = model_cache.explorer(name)
    x, y = view.at(model, model.latents.mean[7])
    assert np.array_equal(view.code(model, (x, y)), model.latents.mean[7])


def test_two_raw_numbers_of_many(home):
    name = odd_model(home, "five", (1, 8, 8), 5)
    app = visit("latent_space", name)
    app.segmented_control[0].set_value("plane").run()
    first, second = (box.value for box in app.main.selectbox)
    assert [first, second] == model_cache.explorer(name).order()[:2]
    app.main.selectbox[0].set_value(second).run()
    assert len({box.value for box in whole(app).main.selectbox}) == 2


@pytest.mark.parametrize(("shape", "size"), [((1, 8, 8), 1), ((3, 12, 12), 2)])
def test_unusual_models_have_maps_too(home, shape, size):
    app = visit("latent_space", odd_model(home, "odd", shape, size))
    assert said(app) and any("not on this computer" in caption.value for caption in app.caption)


def figures_sent(app) -> dict:
    """What the page tells the browser of the map's figures."""
    (stage,) = [one.proto for one in app.main.get("bidi_component") if one.proto.component_name == "latent_map"]
    return json.loads(stage.json)["figures"]


def check_offers(app, model: str) -> None:
    """A figure is offered where it has a meaning, and none is worked out before it is asked for."""
    offered = {one["name"] for one in figures_sent(app)["offers"]}
    config = model_cache.explorer(model).info.run
    flat, plain = config.model.latent_dim == 2, config.model.posterior == "point"
    assert ("density" in offered) == ("holes" in offered) == flat
    assert ("sigma" in offered) == (not plain)
    assert ("posterior" in offered) == (flat and not plain and model_cache.at_hand(model))
    assert ("property" in offered) == bool(properties(model_cache.explorer(model).info))
    assert ("classes" in offered) == (config.data.dataset in ("mnist", "digits", "fashion-mnist"))
    assert figures_sent(app)["on"] == {}


@pytest.mark.parametrize(
    ("name", "number", "title"), [("digits-vae-2d", 0, "ink"), ("shapes-beta-10d", 4, "the scale")]
)
def test_the_dots_take_the_colours_of_a_property_and_the_map_those_that_are_predicted(name, number, title):
    app = opened("latent_space", model=name, figures="property")
    if number:
        app = whole(labelled(app.main.selectbox, "Colour by").set_value(number).run())
    assert address(app)["figures"] == "property" and address(app).get("prop") == (str(number) if number else None)
    model, prop = model_cache.explorer(name), list(properties(model_cache.explorer(name).info))[number]
    own = model_cache.property_values(name, prop)
    view = model_cache.view(name, "plane" if model.latent_dim == 2 else "pca", (0, 1), 0)
    shown = property_figure.figure(name, model, prop, view, (-3, 3, -3, 3))
    header, arrays = unpack(shown.blob)
    np.testing.assert_allclose(arrays["own"], own, rtol=1e-6)
    low, high = header["levels"]
    assert ((own >= low) & (own <= high)).mean() > 0.94 and header["names"][0].startswith(title)
    found = arrays["predicted"].view(np.float16)
    assert found.shape == (64, 64) and low - 1 <= found.min() < found.max() <= high + 1
    read = regression(model.latents.mean, own)
    (told,) = [one.value for one in app.caption if "R²" in one.value]
    assert f"Dots: {title}" in told and f"{read.judged:,} test examples" in told
    assert f"is {read.r2.value:.2f} (".replace("-", "−") in told


def test_a_property_of_a_map_without_a_plane_has_dots_alone():
    model = model_cache.explorer("shapes-beta-10d")
    view = replace(model_cache.view("shapes-beta-10d", "pca", (0, 1), 0), plane=None)
    assert set(unpack(property_figure.figure("shapes-beta-10d", model, "scale", view, (-3, 3, -3, 3)).blob)[1]) == {
        "own"
    }
    words = property_figure.words("shapes-beta-10d", model, "scale", view)
    assert "R²" in words and "ground" not in words


def test_figures_are_drawn_said_and_in_the_address(home):
    name = "digits-vae-2d"
    app = act(visit("latent_space", name), name, act="figures", figures=["holes", "density", "posterior", "<b>"])
    on = figures_sent(app)["on"]
    assert set(on) == {"density", "holes", "posterior"} and address(app)["figures"] == "density,holes,posterior"
    captions = [caption.value for caption in app.caption]
    assert all(any(one["alt"] == said for said in captions) for one in on.values())
    gap, evidence, elbo = (
        float(found.replace("\u2212", "-"))
        for found in re.search(
            r"= ([\d.]+) nats.*= (\u2212[\d.]+) and.*= (\u2212[\d.]+) nats", on["posterior"]["alt"]
        ).groups()
    )
    assert gap == pytest.approx(evidence - elbo, abs=0.11)
    app = act(app, name, act="figures", figures=[], number=2)
    assert figures_sent(app)["on"] == {} and "figures" not in address(app)


def test_z_goes_from_hole_to_hole_and_samplers_are_compared(home):
    name = "digits-vae-2d"
    app = act(visit("latent_space", name), name, act="figures", figures=["holes"])
    app = whole(labelled(app.button, "Next hole").click().run())
    model, place = model_cache.explorer(name), app.session_state["places"][name]
    found = figures.holes(name, model, model_cache.view(name, "plane", (0, 1), 0))
    assert found.around(place.z) and place.picked is None
    np.testing.assert_allclose(place.z, found.found[0].place, atol=1e-5)
    assert any("z is in a hole" in words.value and "The classifier takes" in words.value for words in app.markdown)
    app = whole(labelled(app.button, "Next hole").click().run())
    assert not np.array_equal(app.session_state["places"][name].z, found.found[0].place)
    app = whole(labelled(app.button, "Which sampler avoids them?").click().run())
    (said,) = [words.value for words in app.markdown if "this share falls into a hole" in words.value]
    shares = {title: float(share) for title, share in re.findall(r"([A-Z][\w ]+) ([\d.]+)%", said.split(":")[1])}
    assert shares["Prior"] == pytest.approx(100 * sum(hole.prior_mass for hole in found.found), abs=1)
    assert min(shares.values()) < shares["Prior"]
    best = min(shares, key=lambda one: shares[one])
    assert labelled(app.button, "Generate from").label == f"Generate from: {best}"


def test_umap_without_its_library_and_the_view_in_three_dimensions(home, monkeypatch):
    name = odd_model(home, "five", (3, 16, 16), 5)
    monkeypatch.setattr(wait_for_projection, "has_umap", lambda: False)
    app = visit("latent_space", name)
    assert not app.get("plotly_chart")
    app = whole(app.segmented_control[0].set_value("umap").run())
    assert "pip install 'vae-explorer[umap]'" in app.info[0].value
    app = whole(app.segmented_control[0].set_value("space").run())
    (chart,) = app.get("plotly_chart")
    drawn = json.loads(chart.proto.spec)
    assert [one["type"] for one in drawn["data"]] == ["scatter3d"] * 2 and drawn["data"][-1]["name"] == "z"
    assert drawn["layout"]["scene"]["xaxis"]["title"]["text"].startswith("PC 1 (")
    assert address(app)["view"] == "space" and said(app)
