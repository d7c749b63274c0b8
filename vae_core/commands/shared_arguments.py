"""Shared parts of the sub-commands: arguments that several of them have, and the output of one JSON object per line."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from vae_core.commands.argument_types import folder, integer, path
from vae_core.config import DeviceName
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.translation.catalogues import SOURCE
from vae_core.translation.terminal import can_write, language, say

if TYPE_CHECKING:
    from vae_core.presets.run_config import RunConfig


def print_json(**values: Any) -> None:
    """Print one JSON object on a line of its own, and flush it; its messages in the terminal's language."""
    said = _said(values)
    text = json.dumps(said, allow_nan=False, ensure_ascii=language() == SOURCE)
    print(text if can_write(sys.stdout, text) else json.dumps(said, allow_nan=False), flush=True)


def _said(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _said(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_said(part) for part in value]
    return say(value) if isinstance(value, Message) else value


def checkpoint_argument(parser: argparse.ArgumentParser) -> None:
    """CHECKPOINT."""
    parser.add_argument(
        "checkpoint",
        type=path,
        metavar="CHECKPOINT",
        help=Message("a checkpoint's folder, or the name of a bundled model"),
    )


def checkpoint_folder(argument: str) -> Path:
    """The folder itself, or the folder of the bundled model of that name."""
    from vae_core.checkpoints import RUN, bundled

    given = Path(argument)
    named = bundled() / given.name
    return named if not (given / RUN).exists() and given.name == argument and named.is_dir() else given


def data_dir_argument(parser: argparse.ArgumentParser) -> None:
    """--data-dir."""
    parser.add_argument(
        "--data-dir", type=folder, metavar="DIR", help=Message("folder for data sets (default: $LATENT_DATA)")
    )


def picture_arguments(parser: argparse.ArgumentParser) -> None:
    """--size and --channels, for one's own pictures."""
    parser.add_argument(
        "--size", type=integer(8, 128), help=Message("width and height in pixels (default: as the pictures are)")
    )
    parser.add_argument(
        "--channels", type=int, choices=(1, 3), help=Message("1: grey, 3: colour (default: as the pictures are)")
    )


def check_picture_arguments(dataset: str, arguments: argparse.Namespace) -> None:
    """Raise UserError for --size or --channels of a data set that has its own."""
    for option in ("size", "channels"):
        if getattr(arguments, option) is not None and dataset != "pictures":
            raise UserError(
                "--{option}: the data set '{dataset}' has one of its own: leave it out, or give your own pictures.",
                option=option,
                dataset=dataset,
            )


def text_arguments(parser: argparse.ArgumentParser) -> None:
    """--text-column."""
    parser.add_argument(
        "--text-column",
        default="",
        metavar="NAME",
        help=Message("the column of a table that holds the texts, with --dataset text (default: what looks like text)"),
    )


def check_columns(dataset: str, arguments: argparse.Namespace) -> None:
    """Raise UserError for --label-column or --text-column of a data set that has no such columns."""
    from vae_core.data.tables.built_in import TABLES

    if arguments.label_column and dataset not in (*TABLES, "text"):
        raise UserError("--label-column: the data set '{dataset}' is no table: leave it out.", dataset=dataset)
    if arguments.text_column and dataset != "text":
        raise UserError("--text-column: only your own text has one: add --dataset text, or leave it out.")


def device_argument(parser: argparse.ArgumentParser) -> None:
    """--device."""
    parser.add_argument(
        "--device",
        choices=get_args(DeviceName),
        default=argparse.SUPPRESS,
        help=Message("where it computes (default: auto, a GPU where there is one, else the cpu)"),
    )


def home_argument(parser: argparse.ArgumentParser) -> None:
    """--home."""
    parser.add_argument("--home", type=folder, metavar="DIR", help=Message("folder for runs (default: $LATENT_HOME)"))


def label_argument(parser: argparse.ArgumentParser) -> None:
    """--label."""
    parser.add_argument("--label", type=int, help=Message("class number, for a conditional model (default: 0)"))


def check_label(run: "RunConfig", given: int | None) -> int:
    """The label that conditions the model; raises UserError where the model has no such class or is not conditional."""
    classes = run.model.classes
    if given is not None and not classes:
        raise UserError("--label: this model is not conditional, so it takes no label: leave it out.")
    if given is not None and not 0 <= given < classes:
        raise UserError("--label: give a number from 0 to {classes}.", classes=classes - 1)
    return given or 0


def check_data_dir(dataset: str, given: str | None) -> None:
    """Raise UserError where a data folder is given for a data set that is not read from one."""
    from vae_core.data import DATASETS

    if given is not None and dataset in DATASETS and not DATASETS[dataset].needs_download:
        raise UserError(
            "--data-dir: the data set '{dataset}' is not read from a data folder: leave it out.", dataset=dataset
        )
