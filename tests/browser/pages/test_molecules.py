"""Molecules in a real browser: tokens follow the pointer, the structure of a dot stands beside it, and that of z follows on release."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.page_watch import settled
from tests.browser.pixel_helpers import STAGE, at, fits
from tests.helpers.molecule_helpers import EASY, NEEDS_EXTRA
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.explore.explorer import Explorer
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.training.fit import fit

pytestmark = NEEDS_EXTRA


@pytest.fixture(scope="module")
def model(server):
    (server.home / "mine.smi").write_text("\n".join(EASY))
    config = DataConfig(dataset="molecules", path=str(server.home / "mine.smi"))
    data = load(config)
    made = {"epochs": 2, "hidden": (16,), "latent_dim": 2, "precision": "fp32", **data.layout_settings}
    run = build_run("molecule-vae", config, data.shape, len(data.classes), title="molecules", **made)
    *_, done = fit(build(run.model, 0), data, run, folder=server.home / "runs" / "molecules")
    assert done.kind == "done"
    return Explorer.open(server.home / "runs" / "molecules")


def test_the_structure_of_a_dot_stands_beside_the_pointer(page, model):
    at(page, "latent_space", "run-molecules")
    front = page.locator(".plane .front")
    box, card = front.bounding_box(), page.locator(".plane .card")
    nearest = model.latents.mean[np.linalg.norm(model.latents.mean, axis=1).argmin()].tolist()
    across, down = page.evaluate(f"(z) => {{ const v = {STAGE}.map.view; return [v.sx(z[0]), v.sy(z[1])]; }}", nearest)
    page.mouse.move(box["x"] + across, box["y"] + down, steps=4)
    expect(card.locator("canvas")).to_be_visible()
    assert card.locator("canvas").evaluate("(c) => [c.height, c.width]") == [84, 112]
    expect(card).to_contain_text("logP")


def test_the_structure_of_z_follows_when_a_hand_lets_go(page, model):
    at(page, "latent_space", "run-molecules")
    drawn = page.get_by_role("img", name="What is decoded from z").or_(page.get_by_text("no molecule"))
    expect(drawn.first).to_be_visible()
    box = page.locator(".plane .front").bounding_box()
    page.mouse.click(box["x"] + 0.6 * box["width"], box["y"] + 0.4 * box["height"])
    settled(page)
    expect(drawn.first).to_be_visible()
    expect(page.locator(".part-picture .row-figure.sentence")).to_be_visible()


@pytest.mark.parametrize("name", ["latent_space", "generate", "edits"])
def test_a_phone_holds_the_molecules(phone, name, model):
    at(phone, name, "run-molecules")
    assert fits(phone)
