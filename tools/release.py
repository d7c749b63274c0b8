"""Build the release and try it in a place that has nothing else: `make release`.

The sdist is built from this checkout and the wheel from the sdist, so that a file which the sdist lacks is noticed. The wheel is
installed into a new virtual environment with the tested versions of what it needs. The app is started from there, in an empty
folder, and a headless browser opens each page. All lies in dist/, with the release notes for the tag.
"""

import re
import subprocess
import sys
import tarfile
import venv
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.conftest import PATIENCE, PROJECTOR, QUIETLY
from tests.browser.page_watch import settled, watch
from tests.browser.server import Server, start
from tools.browser import MISSING, find
from vae_core.about import COMMAND, VERSION

ROOT = Path(__file__).resolve().parent.parent
PAGES = [path.stem for path in sorted((ROOT / "pages").rglob("*.py"))]


def notes(changelog: str, version: str = VERSION) -> str:
    """The changelog's section on `version`, without its heading; exits with a sentence where there is none."""
    found = re.search(rf"^## \[{re.escape(version)}\][^\n]*\n(.*?)(?=^## \[|\Z)", changelog, re.M | re.S)
    if not found:
        raise SystemExit(f"CHANGELOG.md has no section on {version}: write it first.")
    return found.group(1).strip() + "\n"


def build(kind: str, source: Path, out: Path) -> Path:
    """Build `kind` ("sdist" or "wheel") of the project in `source`; its file in `out`."""
    pattern = {"sdist": f"*-{VERSION}.tar.gz", "wheel": f"*-{VERSION}-*.whl"}[kind]
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(out)]
    subprocess.run(command, cwd=source, check=True, stdout=subprocess.DEVNULL)
    return next(out.glob(pattern))


def unpack(sdist: Path, folder: Path) -> Path:
    """The folder that the sdist holds, unpacked in `folder`."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    return folder / sdist.name.removesuffix(".tar.gz")


def install(wheel: Path, folder: Path) -> Path:
    """A new virtual environment in `folder` with the wheel alone; the command that the wheel brings."""
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-c", str(ROOT / "requirements.lock"), str(wheel)], check=True)
    return folder / "bin" / COMMAND


def look(browser: Browser, server: Server) -> list[str]:
    """Open each page of the served app; what went wrong in the browser and in the server's log."""
    with browser.new_context(base_url=server.url, **PROJECTOR) as context:
        context.set_default_timeout(PATIENCE)
        problems = watch(context, server.url.removeprefix("http://"))
        page = context.new_page()
        for name in PAGES:
            page.goto("/" if name == "start" else f"/{name}")
            settled(page, timeout=60)
            expect(page.get_by_role("heading", level=1)).to_have_count(1)
            expect(page.get_by_test_id("stException")).to_have_count(0)
        return problems() + server.complaints()


def serve_and_look(command: Path, folder: Path) -> None:
    """Start the installed app in `folder` and look at it; exits with what went wrong."""
    browser_path = find()
    if not browser_path:
        raise SystemExit(MISSING)
    server = start(folder, program=[str(command)], cwd=folder)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path, args=QUIETLY)
            problems = look(browser, server)
    finally:
        server.stop()
    if problems:
        raise SystemExit("The installed app has problems:\n" + "\n".join(problems))


def main() -> None:
    dist = ROOT / "dist"
    dist.mkdir(exist_ok=True)
    written = dist / f"notes-{VERSION}.md"
    written.write_text(notes((ROOT / "CHANGELOG.md").read_text(encoding="utf-8")), encoding="utf-8")
    with TemporaryDirectory() as scratch:
        sdist = build("sdist", ROOT, dist)
        wheel = build("wheel", unpack(sdist, Path(scratch)), dist)
        print(f"Built {sdist.name} ({_mb(sdist)}) and {wheel.name} ({_mb(wheel)}); now installing.", flush=True)
        command = install(wheel, Path(scratch) / "venv")
        said = subprocess.run([str(command), "--version"], cwd=scratch, check=True, capture_output=True, text=True)
        home = Path(scratch) / "home"
        home.mkdir()
        serve_and_look(command, home)
    print(f"{said.stdout.strip()}: installed from the wheel, {len(PAGES)} pages opened in a browser without an error.")
    print(f"To tag it: git tag -a v{VERSION} -F {written.relative_to(ROOT)}")


def _mb(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.1f} MB"


if __name__ == "__main__":
    main()
