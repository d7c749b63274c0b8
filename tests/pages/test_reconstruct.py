"""The Reconstruct page without a browser: what goes in reaches the stage, and what the model says of it stands below."""

import base64
import io
import json
from itertools import count

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.pages.visit import DRAWN, images, labelled, odd_model, sent, visit, whole
from vae_core.images import preparation
from vae_core.images.objects import NO_INK, TWO
from vae_core.images.preparation import STYLES
from vae_ui.base import palette
from vae_ui.reconstruct import result
from vae_ui.views import picture
from vae_ui.widgets import latent_units, model_cache, small_map

DIGITS = "digits-vae-2d"
NUMBER = count(1)  # of an event


def photograph(mode: str = "RGB") -> bytes:
    """A seven in dark ink on grey paper, as a phone takes it."""
    image = Image.new("RGB", (300, 400), (205, 200, 190))
    ImageDraw.Draw(image).line([(90, 110), (210, 110), (140, 300)], fill=(30, 30, 90), width=16)
    out = io.BytesIO()
    image.convert(mode).save(out, "JPEG")
    return out.getvalue()


def told(app) -> dict:
    """What the stage is told: overlay, parts, options."""
    (stage,) = (e.proto for e in app.main.get("bidi_component") if e.proto.component_name == "latent_map")
    return json.loads(stage.json)


def goes_in(app, model: str = DIGITS) -> np.ndarray:
    """The input as the stage is given it, (*shape)."""
    levels = base64.b64decode(told(app)["options"]["x"])
    return np.frombuffer(levels, np.uint8).reshape(model_cache.explorer(model).shape)


def act(app, model: str, **done):
    """As if a hand had done this on the stage: the message that the browser sends."""
    (stage,) = (e.proto for e in app.main.get("bidi_component") if e.proto.component_name == "latent_map")
    held = {"hash": small_map.payload(model).hash, "model": model_cache.browser_block(model).hash}
    states = app._tree.get_widget_states()
    states.widgets.add(id=stage.id, json_value=json.dumps(sent(held, {"number": next(NUMBER), **done})))
    return whole(app._run(states))


def draw(app, model: str, picture: np.ndarray):
    return act(app, model, act="draw", picture=base64.b64encode(picture.tobytes()).decode())


def below(app) -> str:
    """The sentences of the page."""
    return " ".join(words.value for words in [*app.markdown, *app.caption])


def numbers(app) -> list[int]:
    """The test images that are shown as the nearest."""
    return [int(alt.split()[2].strip(":")) for alt in images(app) if alt.startswith("Test image")]


def bar(shape: tuple[int, ...] = (1, 8, 8)) -> np.ndarray:
    """A thick stroke from top to bottom."""
    picture = np.zeros(shape, np.uint8)
    picture[..., shape[-1] // 2 - 1 : shape[-1] // 2 + 1] = 240
    return picture


@pytest.mark.parametrize("model", DRAWN)
def test_every_model_is_given_a_test_image_at_once(home, model):
    app = visit("reconstruct", model)
    explorer, stage, first = model_cache.explorer(model), told(app), model_cache.test_images(model)[0]
    plain, options = latent_units.is_plain(explorer), stage["options"]
    assert stage["parts"] == ["pad", "picture", "numbers"] and options["order"] == explorer.order()
    assert stage["overlay"]["pick"] == 0 and (options["usual"] is None) == plain
    if explorer.info.run.model.kind != "picture":
        assert options["point"] == pytest.approx(first.tolist()) and not options["draw"]
    else:
        assert options["draw"] and np.array_equal(goes_in(app, model), first)
        assert any(alt.startswith("The error of each pixel; root mean square") for alt in images(app))
    assert stage["overlay"]["label"] == (int(explorer.latents.labels[0]) if explorer.conditional else 0)
    near = stage["overlay"]["neighbours"]
    assert len(set(near)) == 6 and 0 not in near and numbers(app) == near
    assert sum(alt.startswith("Sample") for alt in images(app)) == (0 if plain else 8)
    assert ("cannot be computed" in below(app)) != model_cache.at_hand(model)


@pytest.mark.parametrize("model", ["digits-vae-2d", "mnist-vae-2d"])
def test_the_brush_is_as_wide_as_the_data_sets_strokes(home, model):
    style = STYLES[model_cache.explorer(model).info.run.data.dataset]
    pad = {"mass": style.mass, "fill": style.fill, "stroke": style.stroke}
    assert told(visit("reconstruct", model))["options"]["pad"] == pad


def test_a_drawing_is_the_input_and_all_below_follows(home):
    app, model, picture = visit("reconstruct", DIGITS), model_cache.explorer(DIGITS), bar()
    before, error = below(app), next(alt for alt in images(app) if alt.startswith("The error"))
    draw(app, DIGITS, picture)
    assert app.segmented_control[0].value == "draw" and np.array_equal(goes_in(app), picture)
    stage, mean = told(app), model.encode(picture[None])[0][0]
    nearest = np.argsort(np.linalg.norm(model.latents.mean - mean, axis=1))[:6]
    assert stage["overlay"]["pick"] is None and stage["overlay"]["neighbours"] == numbers(app) == nearest.tolist()
    reading = model.analyse(picture)
    losses = model.losses(model_cache.test_images(DIGITS))
    assert f"{(losses < reading.distortion + reading.rate).mean():.1%} of the test images" in below(app)
    assert error not in images(app) and below(app) != before
    labelled(app.button, "Continue").click().run()
    assert np.allclose(whole(app).session_state["places"][DIGITS].z, mean)


def test_a_drawing_stays_for_models_of_its_shape(home):
    app, picture = visit("reconstruct", DIGITS), bar()
    draw(app, DIGITS, picture)
    for model, kept in [("digits-ae-2d", picture), ("mnist-vae-2d", None), (DIGITS, picture)]:
        labelled(app.sidebar.selectbox, "Model").set_value(model).run()
        assert whole(app).segmented_control[0].value == "draw"
        if kept is None:
            assert told(app)["options"]["x"] is None
        else:
            assert np.array_equal(goes_in(app, model), kept)
    app.segmented_control[0].set_value("test").run()
    assert np.array_equal(goes_in(whole(app)), model_cache.test_images(DIGITS)[0])
    app.segmented_control[0].set_value("draw").run()
    assert np.array_equal(goes_in(whole(app)), picture)


def test_draw_begins_with_an_empty_pad(home):
    app = visit("reconstruct", DIGITS)
    app.segmented_control[0].set_value("draw").run()
    assert told(whole(app))["options"]["x"] is None and told(app)["overlay"]["pick"] is None
    draw(app, DIGITS, bar())
    draw(app, DIGITS, np.zeros((1, 8, 8), np.uint8))  # cleared
    assert told(app)["options"]["x"] is None


def test_a_picture_of_another_size_or_for_another_model_is_left(home):
    app = visit("reconstruct", DIGITS)
    draw(app, DIGITS, bar((1, 28, 28)))
    assert np.array_equal(goes_in(app), model_cache.test_images(DIGITS)[0])
    act(app, "digits-ae-2d", act="draw", picture=base64.b64encode(bar().tobytes()).decode())
    assert np.array_equal(goes_in(app), model_cache.test_images(DIGITS)[0]) and app.segmented_control[0].value == "test"


def test_a_dot_puts_its_image_in(home):
    app = visit("reconstruct", DIGITS)
    draw(app, DIGITS, bar())
    act(app, DIGITS, count=2, act="click", z=[0.0, 0.0], code=[0.0, 0.0])  # between the dots: the drawing stays
    assert np.array_equal(goes_in(app), bar())
    act(app, DIGITS, count=3, act="click", z=[0.0, 0.0], code=[0.0, 0.0], pick=17)
    assert np.array_equal(goes_in(app), model_cache.test_images(DIGITS)[17])
    assert told(app)["overlay"]["pick"] == 17 and labelled(app.number_input, "Number").value == 17


def test_a_conditional_model_is_told_what_the_person_says(home):
    model = "mnist-cvae-2d"
    app, explorer = visit("reconstruct", model), model_cache.explorer(model)
    labelled(app.selectbox, "Class given to the model").set_value(3).run()
    assert told(whole(app))["overlay"]["label"] == 3
    draw(app, model, bar((1, 28, 28)))
    assert told(app)["overlay"]["label"] == 3
    labelled(app.button, "Continue").click().run()
    code = whole(app).session_state["places"][model].z
    assert np.allclose(code, explorer.encode(bar((1, 28, 28))[None], np.array([3]))[0][0], atol=1e-5)


def test_a_photograph_is_prepared_step_by_step_and_each_can_be_switched(home):
    app = visit("reconstruct", DIGITS)
    app.segmented_control[0].set_value("file").run()
    app.file_uploader[0].set_value(("seven.jpg", photograph(), "image/jpeg")).run()
    steps = [picture for alt, picture in images(whole(app)).items() if alt.startswith("After the step")]
    before = goes_in(app)
    assert len(steps) == 5 and np.array_equal(steps[-1], before[0])
    assert before[0, 0].max() > 100 > before[0, :, 0].max()  # a light seven on black: its bar on top, nothing left
    labelled(app.toggle, "Invert").set_value(False).run()
    assert goes_in(whole(app)).mean() > before.mean()
    draw(app, DIGITS, np.maximum(before, bar()))  # drawn over: a drawing from now on
    assert np.array_equal(goes_in(app), np.maximum(before, bar()))
    assert not any(alt.startswith("After the step") for alt in images(app))


def upload(app, image: Image.Image) -> None:
    out = io.BytesIO()
    image.save(out, "PNG")
    app.segmented_control[0].set_value("file").run()
    app.file_uploader[0].set_value(("mine.png", out.getvalue(), "image/png")).run()


def test_an_upload_is_still_there_after_a_look_at_another_page(home):
    app = visit("reconstruct", DIGITS)
    upload(app, Image.open(io.BytesIO(photograph())))
    before = goes_in(whole(app))
    app.switch_page("pages/latent_space.py").run()
    app.switch_page("pages/reconstruct.py").run()
    assert np.array_equal(goes_in(whole(app)), before)
    app.segmented_control[0].set_value("test").run()
    app.segmented_control[0].set_value("file").run()
    assert not np.array_equal(goes_in(whole(app)), before)  # a test image was chosen since


def shows_nothing(app) -> bool:
    """Whether the page says nothing of a reconstruction, and the stage hides it."""
    alts = [alt for alt in images(app) if not alt.startswith("After the step")]
    return told(app)["options"]["blank"] and not alts and "of the test images" not in below(app)


def test_blank_paper_is_no_digit(home):
    app = visit("reconstruct", DIGITS)
    grain = np.random.default_rng(0).normal(0, 4, (400, 300))
    upload(app, Image.fromarray((205 + grain).clip(0, 255).astype(np.uint8)))
    assert [one.value for one in whole(app).warning] == [NO_INK] and shows_nothing(app)
    assert sum(alt.startswith("After the step") for alt in images(app)) == 5


def test_two_digits_are_said_and_the_larger_one_goes_in(home):
    app, image = visit("reconstruct", DIGITS), Image.new("L", (400, 300), 230)
    for over, top in [(80, 60), (260, 90)]:
        ImageDraw.Draw(image).line([(over, top), (over + 60, top), (over + 20, 220)], fill=20, width=14)
    upload(app, image)
    assert [one.value for one in whole(app).warning] == [TWO]
    assert not told(app)["options"]["blank"] and goes_in(app).any()


def test_with_an_empty_pad_there_is_nothing_to_reconstruct_yet(home):
    app = visit("reconstruct", DIGITS)
    app.segmented_control[0].set_value("draw").run()
    assert (
        shows_nothing(whole(app)) and not app.warning
    )  # the stage says so, in the place of x': tests/browser/test_pad.py
    draw(app, DIGITS, bar())
    assert not app.warning and not shows_nothing(app)


def test_an_upload_is_prepared_once_a_rerun(home, monkeypatch):
    calls, prepare = [], preparation.prepare
    monkeypatch.setattr(preparation, "prepare", lambda *given, **named: calls.append(given) or prepare(*given, **named))
    app = visit("reconstruct", DIGITS)
    app.segmented_control[0].set_value("file").run()
    app.file_uploader[0].set_value(("seven.jpg", photograph(), "image/jpeg")).run()
    assert len(calls) == 1
    labelled(app.toggle, "Invert").set_value(False).run()
    assert len(calls) == 2 and not app.exception


def test_a_broken_upload_is_one_sentence_and_the_page_goes_on(home):
    app = visit("reconstruct", DIGITS)
    app.segmented_control[0].set_value("file").run()
    app.file_uploader[0].set_value(("broken.jpg", photograph()[:200], "image/jpeg")).run()
    assert not app.exception and len(app.error) == 1 and "broken.jpg" in app.error[0].value
    assert np.array_equal(goes_in(app), model_cache.test_images(DIGITS)[0])


def test_what_is_lost_has_the_inputs_colour_and_what_is_added_the_outputs(home, monkeypatch):
    monkeypatch.setattr(picture.pictures, "is_dark", lambda: False)
    monkeypatch.setattr(picture.pictures, "tint", lambda name: palette.colour(name))
    heat = picture.heat(np.array([[[-1.0, 0.0, 1.0]]], np.float32))[0]
    assert ["#" + bytes(pixel).hex() for pixel in heat] == [palette.colour("x"), "#ffffff", palette.colour("out")]


def test_noise_is_more_unusual_than_a_digit(home):
    model = model_cache.explorer(DIGITS)
    noise = np.random.default_rng(0).integers(0, 256, (1, 8, 8), dtype=np.uint8)
    sight = [result.forward(model, result.Given(x, "x"), None) for x in (noise, model_cache.test_images(DIGITS)[0])]
    odd, usual = (result.unusual(DIGITS, model, seen) for seen in sight)
    assert "Very unusual" in odd and "Usual" in usual


@pytest.mark.parametrize(("shape", "latent"), [((3, 16, 16), 4), ((1, 8, 8), 1)])
def test_unlabelled_pictures_that_are_not_here(home, shape, latent):
    name = odd_model(home, "odd", shape, latent)
    app = visit("reconstruct", name)
    assert "test images are reconstructions" in below(app)
    assert np.array_equal(goes_in(app, name), model_cache.test_images(name)[0])
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    draw(app, name, pixels)
    assert np.array_equal(goes_in(app, name), pixels) and len(numbers(app)) == 6


@pytest.mark.parametrize("model", [DIGITS, "digits-ae-2d", "points-moons"])
def test_the_ledger_is_made_when_it_is_opened_and_adds_up_to_the_stage(home, model):
    app = visit("reconstruct", model)
    assert "Distortion, by pixel" not in [title.value for title in app.subheader]
    app.session_state["reconstruct-ledger"] = True
    whole(app.run())
    opened, x = model_cache.explorer(model), model_cache.test_images(model)[0]
    distortion, kl = opened.terms(x, opened.encode(x[None])[0][0])
    assert f"{distortion:.1f} nats, the distortion" in below(app)
    if kl is None:
        assert "A plain autoencoder has no rate." in below(app)
    else:
        assert f"The numbers add up to {kl.sum():.1f} nats: the rate." in below(app) and "Dashed: ln p(x)" in below(app)
