"""The ring around what a card speaks of, and how far the rest of the page is dimmed."""

import re

import pytest

from vae_core.lessons.lesson import RINGS
from vae_ui.base.palette import GROUND, INK
from vae_ui.lessons import rings


def contrast(front: str, ground: str, opacity: float) -> float:
    """The contrast of WCAG 2.2 of a text with an opacity on a ground."""

    def levels(colour: str) -> list[float]:
        return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]

    def luminance(values: list[float]) -> float:
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
        return sum(share * v for share, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    mixed = [opacity * a + (1 - opacity) * b for a, b in zip(levels(front), levels(ground), strict=True)]
    low, high = sorted((luminance(mixed), luminance(levels(ground))))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("opacity", [rings.TEXT, rings.CAPTION])
def test_dimmed_text_keeps_its_contrast(theme, opacity):
    assert contrast(INK[theme], GROUND[theme], opacity) >= 4.5


@pytest.mark.parametrize("ring", RINGS)
def test_each_ring_dims_the_rest_until_the_step_is_done(ring):
    asked, done = rings.style(ring, dimmed=True), rings.style(ring, dimmed=False)
    assert rings.LINE in asked and rings.LINE in done
    assert "opacity" in asked and "opacity" not in done and "forced-colors: none" in asked
    assert f"--dim-{ring}" not in asked  # what has the ring is not dimmed
    others = asked.split("@media")[1].replace(rings.ON_THE_PAGE.get(ring, "-"), "")
    assert not re.search(r"stButton|stSlider|stSelectbox|input|button", others)  # what one presses is as it was


def test_no_ring_is_no_style():
    assert rings.style("", dimmed=True) == ""
