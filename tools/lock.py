"""Writes the three lock files from this environment: the requirements of pyproject.toml and their dependencies, with exact versions."""

import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
APP = "# The app and all that it needs, as tested. Written by: make lock\n"
TEST = "# What the tests need beside requirements.lock. Written by: make lock\n"
DOCS = "# What the documentation needs beside requirements.lock. Written by: make lock\n"


def pins(asked: list[str]) -> dict[str, str]:
    """Name -> version of the requested packages and all their dependencies, without a local part such as +cpu.

    CUDA packages are left out: torch requires those of its own build, and a CPU build requires none.
    """
    found: dict[str, str] = {}
    queue = [Requirement(one) for one in asked]
    while queue:
        requirement = queue.pop()
        name = canonicalize_name(requirement.name)
        extras = {"", *requirement.extras}
        if name in found or name.startswith(("nvidia-", "cuda-", "triton")):
            continue
        try:
            package = distribution(name)
        except PackageNotFoundError:
            raise SystemExit(f"{name} is needed and not installed: pip install '{requirement}', then again.") from None
        found[name] = package.version.partition("+")[0]
        needs = [Requirement(one) for one in package.requires or ()]
        queue += [one for one in needs if not one.marker or any(one.marker.evaluate({"extra": e}) for e in extras)]
    return found


def write(name: str, head: str, versions: dict[str, str]) -> None:
    (ROOT / name).write_text(head + "".join(f"{one}=={versions[one]}\n" for one in sorted(versions)))


def beside(app: dict[str, str], asked: list[str]) -> dict[str, str]:
    """What `asked` needs and the app does not."""
    return {name: version for name, version in pins(asked).items() if name not in app}


if __name__ == "__main__":
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    app = pins(project["dependencies"])
    write("requirements.lock", APP, app)
    write("requirements-test.lock", TEST, beside(app, extras["test"]))
    write("requirements-docs.lock", DOCS, beside(app, extras["docs"]))
