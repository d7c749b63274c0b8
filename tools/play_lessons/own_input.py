"""What a student gives of their own: a drawing on the pad, a picture as a file, points painted on the Data page."""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image
from playwright.sync_api import Locator

from tools.play_lessons.hand import Hand, bring
from vae_core.data import DATASETS
from vae_core.lessons.measuring import digit_probabilities
from vae_ui.widgets import model_cache

Words = Callable[[str], str]
HOUSE = (
    ((0.25, 0.8), (0.25, 0.45), (0.5, 0.2), (0.75, 0.45), (0.75, 0.8), (0.25, 0.8)),
    ((0.42, 0.8), (0.42, 0.6), (0.58, 0.6), (0.58, 0.8)),
)
CLOUD = (((0.25, 0.3), (0.4, 0.45), (0.3, 0.6)), ((0.6, 0.4), (0.75, 0.55), (0.65, 0.75)))


def draw_picture(hand: Hand, words: Words) -> None:
    """Choose Draw on Reconstruct, clear the pad and draw a house on it."""
    _press_source(hand, words("Draw"))
    pad = hand.page.locator(".part-pad canvas").first
    clear = hand.page.locator(".part-pad").get_by_role("button", name=words("Clear"), exact=True)
    if clear.count() and clear.first.is_enabled():
        hand.press(clear.first)
    strokes(hand, pad, HOUSE)


def upload_digit(hand: Hand, name: str, words: Words, digit: int) -> None:
    """Choose Upload on Reconstruct and give a test image of a digit, as dark ink on light paper."""
    _press_source(hand, words("Upload"))
    hand.page.locator(".st-key-reconstruct-file input[type=file]").set_input_files(
        {"name": "digit.png", "mimeType": "image/png", "buffer": picture_of(name, digit)}
    )
    hand.wait()


def paint_points(hand: Hand, words: Words) -> None:
    """Choose points that are drawn on the Data page, and paint where they lie."""
    hand.choose(hand.page.locator(".st-key-train-data"), words(DATASETS["points"].title))
    hand.choose(hand.page.locator(".st-key-train-points-variant"), words("drawn"))
    strokes(hand, hand.page.locator(".density-pad canvas").first, CLOUD)


def strokes(hand: Hand, pad: Locator, lines: tuple[tuple[tuple[float, float], ...], ...]) -> None:
    """Draw lines on a pad, whose places are shares of its sides."""
    for line in lines:
        bring(pad)
        box = pad.bounding_box()
        assert box, "the pad is in sight"
        hand.draw([(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in line])


def picture_of(name: str, digit: int) -> bytes:
    """A PNG of a test image that the model draws as this digit, three hundred pixels wide."""
    model, images = model_cache.explorer(name), model_cache.test_images(name)
    of_class = np.flatnonzero(model.latents.labels == digit)[:100]
    label = np.full(len(of_class), digit) if model.conditional else None
    sure = digit_probabilities(model.decode(model.latents.mean[of_class], label))[:, digit]
    picture = 255 - images[of_class[sure.argmax()]][0].astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(picture).resize((300, 300)).save(file, "PNG")
    return file.getvalue()


def _press_source(hand: Hand, words: str) -> None:
    hand.press(hand.page.locator(".st-key-reconstruct-source").get_by_text(words, exact=True))
