"""Installs optional parts of the app into this environment, beside what is pinned: python tools/extras.py molecules,umap."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOR_PEOPLE = (
    "cluster",
    "compression",
    "heic",
    "jupyter",
    "molecules",
    "names",
    "umap",
)  # the others are for those who change the code: make test, make docs


def requirements(names: str) -> list[str]:
    """The requirements of the extras of these names, with commas between; exits with a sentence for an unknown one."""
    known = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    asked = [name.strip() for name in names.split(",") if name.strip()]
    for name in asked:
        if name not in FOR_PEOPLE:
            raise SystemExit(f"EXTRAS={names}: there is no extra '{name}': choose from {', '.join(FOR_PEOPLE)}.")
    return [one for name in asked for one in known[name]]


def main(names: str) -> int:
    """Install them; gives pip's exit status."""
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    return subprocess.call([*pip, "-c", str(ROOT / "requirements.lock"), *requirements(names)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
