"""Folders of the user's runs and data sets (LATENT_HOME and LATENT_DATA, or a folder in the home directory), and of the app."""

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from vae_core.errors import UserError


def home(explicit: str | Path | None = None) -> Path:
    """Folder for runs: `explicit`, else $LATENT_HOME, else ~/.latent-explorer (not created here)."""
    return _expanded(Path(explicit or os.environ.get("LATENT_HOME") or Path.home() / ".latent-explorer"))


def data_dir(explicit: str | Path | None = None) -> Path:
    """Folder for data sets in torchvision's layout: `explicit`, else $LATENT_DATA, else home()/data."""
    return _expanded(Path(explicit or os.environ.get("LATENT_DATA") or home() / "data"))


def named_folders() -> dict[str, Path]:
    """Folders and files of data that the owner of this computer has named in $LATENT_FOLDERS, by their last name.

    Only what lies in them may be read by a path, and may be larger than an upload; a browser chooses among the names.
    """
    found = (Path(entry) for entry in os.environ.get("LATENT_FOLDERS", "").split(os.pathsep) if entry)
    return {path.name: path for path in found}


def name_folder(path: Path) -> None:
    """Add a folder or a file of data to those that the owner has named, for this process and those that it starts."""
    known = [entry for entry in os.environ.get("LATENT_FOLDERS", "").split(os.pathsep) if entry]
    os.environ["LATENT_FOLDERS"] = os.pathsep.join(dict.fromkeys([*known, str(_expanded(path).resolve())]))


def is_named(path: Path) -> bool:
    """Whether a path lies in what the owner has named, links followed."""
    place = path.resolve()
    return any(place.is_relative_to(folder) for folder in named_folders().values())


def _expanded(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:
        raise UserError("{path} is not a folder: there is no such user on this computer.", path=path) from None


def app_root() -> Path:
    """Folder that holds app.py, pages/, checkpoints/ and .streamlit/, in a checkout and in an installed package."""
    return _root_above(__file__)


@cache  # each page asks many times, and each answer looks at every folder of the path
def _root_above(module: str) -> Path:
    beside = Path(module).resolve().parents[2]
    installed = beside / "latent_explorer_app"
    return installed if installed.is_dir() else beside


def app_settings() -> dict[str, Any]:
    """The app's config.toml: how it is served, and the colours of its two themes."""
    with open(app_root() / ".streamlit" / "config.toml", "rb") as file:
        return tomllib.load(file)
