"""Play the lessons as a student does; prints a line for each lesson, language and screen.

Each language and screen is a visitor of their own, who plays the lessons in order and downloads the answers at the end.
"""

import argparse
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.browser.conftest import PATIENCE, QUIETLY
from tests.browser.server import start
from tests.conftest import DATA
from tools.browser import MISSING, find
from tools.play_lessons.screens import LOCALES, SCREENS
from vae_core.lessons.folders import find_lessons
from vae_core.lessons.lesson import Lesson
from vae_core.utils.paths import home


def main(arguments: Sequence[str] | None = None) -> int:
    """The number of what failed."""
    asked = _parser().parse_args(arguments)
    if not (path := find()):
        sys.exit(MISSING)
    logging.disable(
        logging.WARNING
    )  # Streamlit warns, also when it is imported, that no page is being drawn in this process
    from tools.play_lessons.visit import visit

    folder = _home()
    server = start(folder, DATA if (DATA / "MNIST").is_dir() else None)
    failed = 0
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=QUIETLY)
            expect.set_options(timeout=PATIENCE)
            for language in asked.languages:
                for screen in asked.screens:
                    lessons = chosen(asked.lessons, language)
                    failed += visit(browser, server, lessons, language, screen, asked.pictures)
    finally:
        server.stop()
    print(f"{failed} failed" if failed else "Everything was played to its end.", flush=True)
    return failed


def _home() -> Path:
    """A new home folder for server and search, with this person's own lessons."""
    own, folder = home() / "lessons", Path(tempfile.mkdtemp(prefix="played-lessons-"))
    if own.is_dir():
        shutil.copytree(own, folder / "lessons")
    os.environ["LATENT_HOME"] = str(folder)
    return folder


def chosen(names: Sequence[str], language: str) -> list[Lesson]:
    """The lessons whose ids begin with one of these names, or all; exits where a name begins none."""
    known = find_lessons().by_id
    for name in names:
        if not any(id.startswith(name) for id in known):
            sys.exit(f"There is no lesson {name}; there are: {', '.join(known)}.")
    return [
        known[id][language if language in known[id] else "en"]
        for id in known
        if not names or any(id.startswith(name) for name in names)
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.play_lessons", description=__doc__)
    parser.add_argument("--lessons", nargs="+", default=[], metavar="NAME", help="how their names begin, such as 01 04")
    parser.add_argument("--languages", nargs="+", default=[*LOCALES], choices=[*LOCALES])
    parser.add_argument("--screens", nargs="+", default=[*SCREENS], choices=[*SCREENS])
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="where to put a screenshot of each step")
    return parser


if __name__ == "__main__":
    sys.exit(min(1, main()))
