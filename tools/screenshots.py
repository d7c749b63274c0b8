"""Draw the pictures of the documentation anew, in each language: python -m tools.screenshots [NAME ...]

A server of its own is started with an empty home folder and no data set, so that no picture shows an image of MNIST: what stands for
test images there are reconstructions by the bundled models.
"""

import argparse
import io
import math
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tools import browser
from vae_core.translation.catalogues import LANGUAGES, SOURCE

ROOT = Path(__file__).resolve().parents[1]
WIDTH, HEIGHT = 1280, 720
COLOURS = 200  # of a palette: a quarter of the bytes, and no difference that is seen
PATIENCE = 120_000  # milliseconds, for a page to open and for a pair to be trained


@dataclass(frozen=True)
class Shot:
    """One picture: the address, and what a hand does there before it is taken."""

    address: str
    act: Callable[[Page], None] = lambda page: None
    languages: Sequence[str] = tuple(LANGUAGES)


def _train_pair(page: Page) -> None:
    """Train both programs, unless the picture in another language has done so."""
    start = page.get_by_test_id("stMain").get_by_test_id("stBaseButton-primary")
    start.or_(page.get_by_test_id("stMain").locator("img:not([hidden])")).first.wait_for(timeout=PATIENCE)
    if start.count():
        start.click()
    _wait_for_figures(page)


def _wait_for_figures(page: Page) -> None:
    page.get_by_test_id("stMain").locator("img:not([hidden])").first.wait_for(timeout=PATIENCE)


def _draw_nine(page: Page) -> None:
    """Draw a 9 on the empty pad, as a hand does: in two strokes."""
    page.get_by_role("button", name="Clear", exact=True).click(timeout=PATIENCE)
    pad = page.locator(".paper canvas").first
    box = pad.bounding_box()
    assert box is not None
    circle = [(0.5 + 0.17 * math.sin(turn), 0.34 - 0.19 * math.cos(turn)) for turn in np.linspace(0, 2 * np.pi, 24)]
    for stroke in (circle, [(0.67, 0.34), (0.62, 0.6), (0.56, 0.85)]):
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=4)
        page.mouse.up()


def _train(page: Page) -> None:
    """Start a training as the form stands, and let it go on for a while."""
    page.get_by_test_id("stMain").get_by_test_id("stBaseButton-primary").first.click(timeout=PATIENCE)
    page.wait_for_timeout(10_000)


SHOTS = {
    "start": Shot("?model=mnist-vae-2d"),
    "lesson": Shot("latent_space?model=mnist-vae-2d&lesson=01-two-numbers.4"),
    "experiment": Shot("experiments", _wait_for_figures),
    "break_it": Shot("break_it?mistake=no-kl", _train_pair),
    "latent_space": Shot("latent_space?model=mnist-vae-2d"),
    "reconstruct": Shot("reconstruct?model=mnist-vae-2d&source=draw", _draw_nine, languages=(SOURCE,)),
    "train": Shot("train?model=digits-vae-2d", _train, languages=(SOURCE,)),
}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _home() -> TemporaryDirectory[str]:
    # A training that was begun for a picture still writes there; it ends when its home is gone.
    return TemporaryDirectory(ignore_cleanup_errors=True)


@contextmanager
def _serving(home: str) -> Iterator[str]:
    """The address of a server that ends with the block."""
    command = [sys.executable, "-m", "vae_core", "serve", "--port", str(_free_port())]
    environment = {**os.environ, "LATENT_HOME": home, "LATENT_DATA": home, "OMP_NUM_THREADS": "1"}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        said = next(line for line in server.stdout if "http://" in line)
        yield re.findall(r"http://\S+", said)[0].rstrip("/")
    finally:
        server.terminate()
        server.wait(timeout=30)


def file_of(name: str, language: str) -> Path:
    """Where the picture lies: its name carries the language, unless that is English."""
    return ROOT / "docs" / (f"{name}.png" if language == SOURCE else f"{name}.{language}.png")


def _take(page: Page, address: str, shot: Shot, path: Path) -> None:
    page.goto(address, timeout=PATIENCE)
    page.get_by_test_id("stMain").locator("h1").wait_for(timeout=PATIENCE)
    shot.act(page)
    page.wait_for_timeout(5000)  # until pictures have come and nothing moves
    page.mouse.move(0, HEIGHT - 1)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS)
    picture.save(path, optimize=True)
    print(path.relative_to(ROOT), f"{path.stat().st_size / 1000:.0f} kB", flush=True)


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.screenshots", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SHOTS))
    names = parser.parse_args(words).names or list(SHOTS)
    if unknown := {*names} - {*SHOTS}:
        parser.error(f"there is no picture {', '.join(sorted(unknown))}; known are {', '.join(SHOTS)}")
    program = browser.find()
    if program is None:
        print(browser.MISSING, file=sys.stderr)
        return 1
    with _home() as home, _serving(home) as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for language in LANGUAGES:
            page = chromium.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
            for name, shot in ((name, SHOTS[name]) for name in names if language in SHOTS[name].languages):
                joint = "&" if "?" in shot.address else "?"
                _take(page, f"{server}/{shot.address}{joint}lang={language}", shot, file_of(name, language))
            page.close()
        chromium.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
