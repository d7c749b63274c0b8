"""The Reconstruct page without a browser: a picture in, what the model keeps of it and says of it out."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.pages.visit import BUNDLED, html, images, labelled, odd_model, visit, whole
from vae_core.images import pictures
from vae_ui import cache, palette, reconstructing, walks


def photograph(mode: str = "RGB") -> bytes:
    """A seven in dark ink on grey paper, as a phone takes it."""
    image = Image.new("RGB", (300, 400), (205, 200, 190))
    ImageDraw.Draw(image).line([(90, 110), (210, 110), (140, 300)], fill=(30, 30, 90), width=16)
    out = io.BytesIO()
    image.convert(mode).save(out, "JPEG")
    return out.getvalue()


def goes_in(app) -> np.ndarray:
    (picture,) = [picture for alt, picture in images(app).items() if alt.endswith("as it goes in")]
    return picture


@pytest.mark.parametrize("model", BUNDLED)
def test_every_model_reconstructs_a_test_image_at_once(home, model):
    app = visit("reconstruct", model)
    explorer, text = cache.explorer(model), html(app)
    assert np.array_equal(goes_in(app), pictures(cache.test_images(model)[:1])[0])
    reading = explorer.read(cache.test_images(model)[0], int(explorer.latents.labels[0]), seed=0)
    assert f"{reading.distortion:.1f}".replace("-", "−") in text
    assert ("ELBO</div>" in text) != walks.is_plain(explorer)
    assert sum(alt.startswith("Sample") for alt in images(app)) == (0 if walks.is_plain(explorer) else 8)
    assert sum(alt.startswith("Test image") for alt in images(app)) == 6 + 1
    words = " ".join(m.value for m in app.markdown)
    assert ("cannot be said" in words) != cache.at_hand(model)


def test_a_photograph_is_prepared_step_by_step_and_each_can_be_switched(home):
    app = visit("reconstruct", "digits-vae-2d")
    app.segmented_control[0].set_value("file").run()
    app.file_uploader[0].set_value(("seven.jpg", photograph(), "image/jpeg")).run()
    steps = [picture for alt, picture in images(whole(app)).items() if alt.startswith("After the step")]
    assert len(steps) == 5 and goes_in(app).shape == (8, 8)
    assert (
        goes_in(app)[0].max() > 100 > goes_in(app)[:, 0].max()
    )  # a light seven on black: its bar on top, nothing left
    before = goes_in(app)
    labelled(app.toggle, "Invert").set_value(False).run()
    assert goes_in(whole(app)).mean() > before.mean()


def test_a_broken_upload_is_one_sentence_and_the_page_goes_on(home):
    app = visit("reconstruct", "digits-vae-2d")
    app.segmented_control[0].set_value("file").run()
    app.file_uploader[0].set_value(("broken.jpg", photograph()[:200], "image/jpeg")).run()
    assert not app.exception and len(app.error) == 1 and "broken.jpg" in app.error[0].value
    assert goes_in(app).shape == (8, 8) and "ELBO" in html(app)


def test_what_is_lost_has_the_inputs_colour_and_what_is_added_the_outputs(home, monkeypatch):
    monkeypatch.setattr(reconstructing, "dark", lambda: False)
    monkeypatch.setattr(reconstructing.pictures, "tint", lambda name: palette.colour(name))
    heat = reconstructing.heat(np.array([[[-1.0, 0.0, 1.0]]], np.float32))[0]
    assert ["#" + bytes(pixel).hex() for pixel in heat] == [palette.colour("x"), "#ffffff", palette.colour("out")]


def test_noise_is_more_unusual_than_a_digit(home):
    model = cache.explorer("digits-vae-2d")
    noise = np.random.default_rng(0).integers(0, 256, (1, 8, 8), dtype=np.uint8)
    sight = [
        reconstructing.look(model, reconstructing.Given(x, "x"), None)
        for x in (noise, cache.test_images("digits-vae-2d")[0])
    ]
    odd, usual = (reconstructing.unusual("digits-vae-2d", model, seen) for seen in sight)
    assert "Very unusual" in odd and "Usual" in usual


def test_going_on_keeps_the_code(home):
    app = visit("reconstruct", "digits-vae-2d")
    labelled(app.button, "Go on").click().run()
    z = whole(app).session_state["places"]["digits-vae-2d"].z
    assert np.allclose(z, cache.explorer("digits-vae-2d").latents.mean[0], atol=1e-2)


@pytest.mark.parametrize(("shape", "latent"), [((3, 16, 16), 4), ((1, 8, 8), 1)])
def test_unlabelled_pictures_that_are_not_here(home, shape, latent):
    app = visit("reconstruct", odd_model(home, "odd", shape, latent))
    assert "themselves reconstructions" in " ".join(caption.value for caption in app.caption)
    assert goes_in(app).shape == ((16, 16, 3) if shape[0] == 3 else (8, 8))
