"""What light and a phone's camera do to a scene: uneven light, a hard shadow, vignetting, blur, noise, and JPEG."""

import io

import numpy as np
from numpy.random import Generator
from PIL import Image
from scipy import ndimage

from benchmarks.made_photos.ink import Floats


def light(rng: Generator, height: int, width: int) -> Floats:
    """The light (H, W, 3) on a scene: a ramp in any direction, darker towards the corners, warm or cold."""
    down, over = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    angle, slope = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.15)
    ramp = 1 + slope * (down * np.sin(angle) + over * np.cos(angle))
    vignette = 1 - rng.uniform(0.05, 0.25) * (down**2 + over**2) / 2
    warmth = rng.uniform(-0.08, 0.1)
    colour = np.array([1, 1 - 0.4 * abs(warmth), 1 - warmth], np.float32)
    return rng.uniform(0.72, 0.95) * (ramp * vignette)[..., None] * colour


def hard_shadow(rng: Generator, height: int, width: int) -> Floats:
    """The share of light (H, W, 1) that is left where a hand or a phone casts a shadow with a sharp edge across the middle."""
    down, over = np.mgrid[:height, :width].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    row, column = height * rng.uniform(0.35, 0.65), width * rng.uniform(0.35, 0.65)
    across = (down - row) * np.sin(angle) + (over - column) * np.cos(angle)
    along = (down - row) * np.cos(angle) - (over - column) * np.sin(angle)
    across += rng.uniform(10, 40) * np.sin(along / rng.uniform(90, 200))
    shade = 0.5 + 0.5 * np.tanh(across / rng.uniform(2.0, 8.0))
    return (1 - rng.uniform(0.35, 0.6) * shade)[..., None].astype(np.float32)


def taken(rng: Generator, scene: Floats) -> bytes:
    """The scene (H, W, 3) with values in [0, 1] as a camera stores it: the bytes of a JPEG file."""
    blurred = ndimage.gaussian_filter(scene, (s := rng.uniform(0.5, 1.8), s, 0))
    grain = rng.normal(0, rng.uniform(0.008, 0.025), scene.shape).astype(np.float32)
    levels = np.rint(255 * (blurred + grain * np.sqrt(blurred.clip(0.05)))).clip(0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(levels).save(out, "JPEG", quality=int(rng.integers(70, 93)))
    return out.getvalue()
