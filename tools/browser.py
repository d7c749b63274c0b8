"""Finds a Chromium for the browser tests; run as a program, installs Debian's Chromium where there is none.

The headless shell is the same engine without the windows of a desktop: a page opens in two thirds of the processor time.
"""

import os
import shutil
import subprocess

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "No Chromium was found, so the browser tests are skipped: install one, or set LATENT_BROWSER to its path."


def find() -> str | None:
    """Path of a Chromium: $LATENT_BROWSER, else the system's, else Playwright's own; None without one."""
    chosen = os.environ.get("LATENT_BROWSER")
    if chosen:
        return shutil.which(chosen)
    return next((path for name in NAMES if (path := shutil.which(name))), None) or _playwrights()


def _playwrights() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) else None


def install() -> bool:
    """Install Debian's headless shell, or its whole Chromium where that is not packaged; False where that is not possible.

    It needs root, or a sudo that asks for no password.
    """
    if not (os.path.exists("/etc/debian_version") and shutil.which("apt-get")):
        return False
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and (not shutil.which("sudo") or subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL)):
        return False
    print("Installing Debian's chromium for the browser tests.", flush=True)
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
    subprocess.call([*apt, "update"], stdout=subprocess.DEVNULL)
    wanted = [[*apt, "install", "--no-install-recommends", name] for name in NAMES[:2]]
    return any(subprocess.call(words, stdout=subprocess.DEVNULL) == 0 for words in wanted)


if __name__ == "__main__":
    if not find() and not (install() and find()):
        print(MISSING)
