"""The Start page without a browser: the picture's numbers are the model's own."""

import re

import numpy as np
import pytest

from tests.pages.visit import BUNDLED, html, labelled, odd_model, visit, whole
from vae_core.presets.papers import PRESETS
from vae_ui.start import family_tree, model_diagram
from vae_ui.widgets import latent_units, model_cache


def formula(app) -> str:
    return app.latex[0].value


@pytest.mark.parametrize("model", BUNDLED)
def test_every_model_is_one_picture(home, model):
    app = visit("start", model)
    plain = latent_units.is_plain(model_cache.explorer(model))
    assert html(app).count("data:image/svg+xml") == 2
    assert ("maps a test image x to a normal distribution" in html(app)) != plain
    assert ("rate" in formula(app)) != plain and "distortion" in formula(app)
    assert ("has no distribution over codes" in app.markdown[1].value) == plain
    assert bool([b for b in app.button if b.label.startswith("Another ε")]) != plain


def test_the_numbers_add_up(home):
    app = visit("start", "digits-vae-2d")
    model = model_cache.explorer("digits-vae-2d")
    reading = model.analyse(model_cache.test_images("digits-vae-2d")[0], 0)
    found = [
        re.search(pattern, formula(app)) for pattern in (r"\{(\d+\.\d)\}", r"distortion: (\d+\.\d)", r"rate: (\d+\.\d)")
    ]
    loss, distortion, rate = (float(number[1]) for number in found)
    assert loss == pytest.approx(distortion + rate, abs=0.11) and rate == pytest.approx(reading.rate, abs=0.06)
    text = html(app)
    mean, deviation, eps, z = (
        np.array([float(v) for v in re.search(rf"{word} \(([^)]+)\)", text)[1].replace("−", "-").split(",")])
        for word in ("mean", "deviation", "the noise", "code z =")
    )
    assert mean == pytest.approx(reading.mean, abs=0.006) and z == pytest.approx(mean + deviation * eps, abs=0.03)


def test_another_draw_moves_z_and_nothing_else(home):
    app = visit("start", "digits-vae-2d")
    before, loss = html(app), formula(app)
    labelled(app.button, "Another ε").click().run()
    assert html(whole(app)) != before and formula(app) == loss
    labelled(app.button, "Another test image").click().run()
    assert formula(whole(app)) != loss


@pytest.mark.parametrize(("shape", "size"), [((3, 16, 16), 9), ((1, 8, 8), 1)])
def test_unusual_models_are_pictured_too(home, shape, size):
    app = visit("start", odd_model(home, "odd", shape, size))
    assert html(app).count("data:image/svg+xml") == 2


@pytest.mark.parametrize("plain", [False, True])
def test_the_ellipse_in_the_lens_has_the_clouds_own_proportions(plain):
    d = model_diagram.Drawing(
        x=np.zeros((8, 8), np.uint8),
        out=np.zeros((8, 8), np.uint8),
        dots=np.zeros((3, 2), np.float32),
        dot_colours=["#000"] * 3,
        mean=np.array([0.5, 0.5], np.float32),
        deviation=np.array([0.2, 0.1], np.float32),
        z=np.array([0.6, 0.5], np.float32),
        axes=("z1", "z2"),
        numbers=dict.fromkeys(("μ", "σ", "log σ²", "ε", "z"), "(0)"),
        plain=plain,
    )
    lens = model_diagram._lens(d, model_diagram._Scale(d, 0, 0), 100, 100)
    radii = [(float(a), float(b)) for a, b in re.findall(r'rx="([\d.]+)" ry="([\d.]+)"', lens)]
    assert len(radii) == 2 and all(a == pytest.approx(2 * b, abs=0.11) for a, b in radii)
    assert ("<ellipse" in model_diagram._map(d, 0, 0, 100)) != plain


def test_every_model_hangs_on_a_branch_of_the_family_tree(home):
    app = visit("start", "digits-vae-2d")
    shown, grown = html(app), list(family_tree.branches())
    for preset in PRESETS.values():
        assert f"<b>{preset.title}</b>" in shown and 1980 < family_tree.year(preset) < 2100
    assert sum(len(leaves) for _, leaves in grown) == len(PRESETS) - 1
    for _, leaves in grown:
        assert [family_tree.year(leaf) for leaf in leaves] == sorted(family_tree.year(leaf) for leaf in leaves)
    where = {leaf.title: name for name, leaves in grown for leaf in leaves}
    assert where["Plain autoencoder"] == "point" and where["beta-VAE"] == "bounds"
    assert where["FactorVAE"] == where["beta-TCVAE"] == "disentangling" and where["VAE-GAN"] == "adversarial"
    assert where["Conditional VAE"] == "condition" and where["sigma-VAE"] == "likelihood"
