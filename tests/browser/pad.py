"""What is on the Reconstruct page's stage, and whether torch says the same; and a hand that draws."""

import re
from typing import NamedTuple

import numpy as np
import torch
from playwright.sync_api import Page, expect

from tests.browser.page_watch import settled
from tests.browser.pixel_helpers import STAGE, drawn
from tests.helpers.export_helpers import Reference, reference
from vae_core import checkpoints
from vae_core.explore.nearest_codes import nearest_codes
from vae_core.export.eight_bit_weights import in_browser_weights
from vae_ui.widgets import model_cache

RESTED = f"() => {{ const s = {STAGE}; return !!s?.times.paint && !!s.scene.out && !!s.scene.x && !s.frames.handle; }}"
PAD, OUT = ".paper canvas", ".part-picture canvas"
FLAT = "mnist-vae-2d"
HALF = 2e-3  # weights in float16


class Scene(NamedTuple):
    """The numbers on the stage, in the browser's own precision."""

    x: np.ndarray
    mean: np.ndarray
    logvar: np.ndarray | None
    eps: np.ndarray
    z: np.ndarray


def rested(page: Page) -> None:
    """Wait until the stage is whole and has nothing more to draw."""
    page.wait_for_function(RESTED)


def scene(page: Page) -> Scene:
    rested(page)
    parts = "[s.x, s.q.mean, s.q.logvar, s.eps, s.z].map(v => v && [...v])"
    found = page.evaluate(f"() => {{ const s = {STAGE}.scene; return {parts}; }}")
    return Scene(*(None if values is None else np.array(values, np.float32) for values in found))


def grey(page: Page, canvas: str = OUT) -> np.ndarray:
    rested(page)
    return drawn(page, canvas).astype(int)


def figures(page: Page) -> list[float]:
    """Distortion, rate and -ELBO as they are written on the page."""
    return [number(text) for text in page.locator(".term:visible output").all_inner_texts()]


def table(page: Page) -> np.ndarray:
    """The lines of the code's table: mean, log-variance, deviation, eps, z."""
    rows = page.locator(".part-numbers tbody tr").all()
    return np.array([[number(cell) for cell in row.locator("td").all_inner_texts()] for row in rows])


def number(text: str) -> float:
    return float(text.replace("\u2212", "-"))


def truth(model: str, now: Scene, label: int | None = None) -> Reference:
    """What torch says of the very picture and code that are on the stage, with the weights that the browser has."""
    found = checkpoints.load(model_cache.models()[model].folder)
    vae, _ = in_browser_weights(found.vae, found.latents)
    x = torch.from_numpy(now.x).reshape(1, *vae.config.shape)
    return reference(vae, x, torch.from_numpy(now.z)[None], None if label is None else torch.tensor([label]))


def agrees(page: Page, model: str = FLAT, label: int | None = None) -> Scene:
    """Pad, picture, code and terms on the screen are torch's; gives what is on the stage."""
    now = scene(page)
    torchs = truth(model, now, label)
    np.testing.assert_allclose(now.mean, torchs.mean[0], atol=HALF)
    loss = [torchs.distortion[0]]
    if now.logvar is not None:
        np.testing.assert_allclose(now.logvar, torchs.logvar[0], atol=HALF)
        loss += [torchs.kl.sum(), torchs.distortion[0] + torchs.kl.sum()]
    np.testing.assert_allclose(figures(page), loss, rtol=5e-4, atol=0.15)
    if len(now.x) > 2:
        assert np.abs(grey(page) - 255 * torchs.picture[0, 0]).max() <= 1.5
    return now


def spot(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where on the screen a place of the pad is, given in shares of its side."""
    box = page.locator(PAD).bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def stroke(page: Page, *places: tuple[float, float]) -> None:
    """The mouse draws through these places of the pad and lets go; Python answers."""
    page.mouse.move(*spot(page, *places[0]))
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*spot(page, *place), steps=4)
    page.mouse.up()
    settled(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def near(page: Page, model: str, code: np.ndarray) -> None:
    """Python shows the test images whose codes are nearest to this one: it has heard of the picture."""
    shown = page.locator('img[alt^="Test image"]')
    for i, index in enumerate(nearest_codes(model_cache.explorer(model).latents.mean, code, 6)):
        expect(shown.nth(i)).to_have_attribute("alt", re.compile(rf"^Test image {index}\b"))


def sent(page: Page) -> list[int]:
    """Grows with each message to the server."""
    frames: list[int] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: frames.append(1)))
    return frames
