"""What the sub-commands share: one JSON object per line, and a checkpoint by folder or by name."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae_core.commands.argument_types import folder, path
from vae_core.errors import UserError

if TYPE_CHECKING:
    from vae_core.presets.run_config import RunConfig


def say(**values: Any) -> None:
    """Print one JSON object on a line of its own, at once."""
    print(json.dumps(values, allow_nan=False), flush=True)


def checkpoint_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "checkpoint", type=path, metavar="CHECKPOINT", help="a checkpoint's folder, or the name of a bundled model"
    )


def checkpoint_folder(argument: str) -> Path:
    """The folder itself, or the bundled model of that name."""
    from vae_core.checkpoints import RUN, bundled

    there = Path(argument)
    named = bundled() / there.name
    return named if not (there / RUN).exists() and there.name == argument and named.is_dir() else there


def data_dir_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data-dir", type=folder, metavar="DIR", help="folder for data sets (default: $LATENT_DATA)")


def home_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--home", type=folder, metavar="DIR", help="folder for runs (default: $LATENT_HOME)")


def label_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--label", type=int, help="for a conditional model (default: 0)")


def label_of(run: "RunConfig", given: int | None) -> int:
    """The label to tell the model; raises UserError for one that it does not have, or where it is told none."""
    classes = run.model.classes
    if given is not None and not classes:
        raise UserError("--label: this model is told no label: leave it out.")
    if given is not None and not 0 <= given < classes:
        raise UserError(f"--label: give a number from 0 to {classes - 1}.")
    return given or 0


def refuse_data_dir(dataset: str, given: str | None) -> None:
    """Raise UserError for a folder of data sets where none is read from it."""
    from vae_core.data import DATASETS

    if given is not None and dataset in DATASETS and not DATASETS[dataset].needs_download:
        raise UserError(f"--data-dir: the data set '{dataset}' is not read from a data folder: leave it out.")
