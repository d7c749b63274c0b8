"""Folders of the user's runs and data sets (LATENT_HOME and LATENT_DATA, or a folder in the home directory), and of the app."""

import os
import tomllib
from pathlib import Path
from typing import Any

from vae_core.errors import UserError


def home(explicit: str | Path | None = None) -> Path:
    """Folder for runs: `explicit`, else $LATENT_HOME, else ~/.latent-explorer (not created here)."""
    return _expanded(Path(explicit or os.environ.get("LATENT_HOME") or Path.home() / ".latent-explorer"))


def data_dir(explicit: str | Path | None = None) -> Path:
    """Folder for data sets in torchvision's layout: `explicit`, else $LATENT_DATA, else home()/data."""
    return _expanded(Path(explicit or os.environ.get("LATENT_DATA") or home() / "data"))


def _expanded(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:
        raise UserError("{path} is not a folder: there is no such user on this computer.", path=path) from None


def app_root() -> Path:
    """Folder that holds app.py, pages/, checkpoints/ and .streamlit/, in a checkout and in an installed package."""
    beside = Path(__file__).resolve().parents[2]
    installed = beside / "latent_explorer_app"
    return installed if installed.is_dir() else beside


def app_settings() -> dict[str, Any]:
    """The app's config.toml: how it is served, and the colours of its two themes."""
    with open(app_root() / ".streamlit" / "config.toml", "rb") as file:
        return tomllib.load(file)
