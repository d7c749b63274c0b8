"""What the sub-commands share: one JSON object per line, and a checkpoint by folder or by name."""

import argparse
import json
from pathlib import Path
from typing import Any


def say(**values: Any) -> None:
    """Print one JSON object on a line of its own, at once."""
    print(json.dumps(values, allow_nan=False), flush=True)


def checkpoint_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "checkpoint", metavar="CHECKPOINT", help="a checkpoint's folder, or the name of a bundled model"
    )


def checkpoint_folder(argument: str) -> Path:
    """The folder itself, or the bundled model of that name."""
    from vae_core.checkpoints import RUN, bundled

    folder = Path(argument)
    named = bundled() / folder.name
    return named if not (folder / RUN).exists() and folder.name == argument and named.is_dir() else folder


def data_dir_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data-dir", metavar="DIR", help="folder for data sets (default: $LATENT_DATA)")
