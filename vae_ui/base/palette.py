"""The colours of every page, figure and saved file, defined once; one thing has one colour everywhere."""

from vae_core.utils.paths import app_settings

# Found by search: the smallest OKLab distance between any two, seen with normal, protan, deutan or tritan vision
# (Machado et al. 2009), is 0.13 here, 0.06 for Petroff's ten and 0.05 for Tol's "muted"; each has a contrast of at
# least 1.5 on white and 2 on the dark theme. The order sets digits that are often mixed up (4 and 9, 3, 5 and 8) apart.
CLASSES = ("#2a809d", "#dd2109", "#46b498", "#9500f8", "#e38a26", "#eace29", "#4047a7", "#bd7af6", "#873151", "#6adbff")

_THEMES = app_settings()["theme"]


def themed(name: str) -> tuple[str, str]:
    """A colour of .streamlit/config.toml, such as "red" or "background": on the light theme, on the dark theme."""
    light, dark = (str(_THEMES[theme][f"{name}Color"]) for theme in ("light", "dark"))
    return light, dark


GROUND, INK = themed("background"), themed("text")

# name: (on the light theme, on the dark theme)
LANGUAGE: dict[str, tuple[str, str]] = {
    "x": themed("red"),  # what goes in: rose
    "q": themed("yellow"),  # q(z given x), its mean, ellipse and deviation: amber
    "eps": themed("orange"),  # chance: coral
    "z": themed("blue"),  # the chosen code
    "out": themed("green"),  # x', what comes out
    "prior": themed("gray"),  # p(z)
    "distortion": ("#0e7490", "#22d3ee"),
    "rate": themed("violet"),
    "loss": ("#334155", "#cbd5e1"),
}

# Values from low to high: viridis (Smith and van der Walt 2015) without its last part, which is too pale for dots on white.
VALUES = ("#440154", "#46327e", "#365c8d", "#277f8e", "#1fa187", "#4ac16d", "#a0da39", "#d0e11c")


def class_colours(count: int) -> list[str]:
    """`count` hex colours, one a class; after ten they begin again (the class's name on the map tells them apart)."""
    return [CLASSES[i % len(CLASSES)] for i in range(count)]


def colour(name: str, dark: bool = False) -> str:
    """The hex colour of a part of the model, such as "x", "q", "z" or "rate", on the light or the dark theme."""
    return LANGUAGE[name][1 if dark else 0]


def entry_colour(number: int) -> tuple[str, str]:
    """Ground and ink of a codebook's entry of that number, on either theme: neighbours in number lie far apart in hue.

    Hues go on by the golden angle and lightness by thirds; the ink keeps a contrast of at least 4.5.
    """
    light = (0.5, 0.66, 0.8)[number % 3]
    return f"oklch({light} 0.12 {number * 137.508 % 360:.1f})", "#fff" if light < 0.6 else "#000"
