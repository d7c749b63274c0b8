"""What a training learns from, as `train` and `sweep` take it: a data set by name, or one's own pictures, table, text or molecules."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from vae_core.commands.argument_types import path
from vae_core.commands.shared_arguments import (
    check_columns,
    check_data_dir,
    check_picture_arguments,
    picture_arguments,
    text_arguments,
)
from vae_core.errors import UserError
from vae_core.messages import Message

if TYPE_CHECKING:
    from vae_core.config import DataConfig


def data_arguments(parser: argparse.ArgumentParser) -> None:
    """Which part of the data set, the file of one's own, and how pixels are read."""
    parser.add_argument(
        "--variant",
        default="",
        help=Message("which points, which part of emnist or medmnist, or the notation of molecules"),
    )
    parser.add_argument(
        "--pictures",
        type=path,
        metavar="PATH",
        help=Message("a folder, an archive or arrays, with --dataset pictures; see `data`"),
    )
    picture_arguments(parser)
    parser.add_argument(
        "--table", type=path, metavar="FILE", help=Message("a CSV, Excel or Parquet file, with --dataset table")
    )
    text_arguments(parser)
    parser.add_argument(
        "--text", type=path, metavar="FILE", help=Message("a text of lines, or a table with texts, with --dataset text")
    )
    parser.add_argument(
        "--molecules", type=path, metavar="FILE", help=Message("a .smi or .csv file, with --dataset molecules")
    )
    parser.add_argument(
        "--label-column", default="", metavar="NAME", help=Message("the column of a table whose values are the labels")
    )
    parser.add_argument(
        "--only-class",
        action="append",
        default=[],
        metavar="NAME",
        help=Message("train on this class, and on others that are named so; the rest is only in the test split"),
    )
    parser.add_argument(
        "--target", default="grey", choices=("grey", "static", "dynamic"), help=Message("default: grey")
    )


def data_config(arguments: argparse.Namespace) -> "DataConfig":
    """The data that `arguments.dataset` and the others name; raises UserError for one that would have no effect."""
    from vae_core.config import DataConfig
    from vae_core.utils.paths import name_folder

    _refuse_idle_options(arguments)
    if arguments.pictures:
        name_folder(Path(arguments.pictures))
    return DataConfig(
        dataset=arguments.dataset,
        variant=arguments.variant,
        path=arguments.pictures or arguments.table or arguments.text or arguments.molecules or "",
        text_column=arguments.text_column,
        label_column=arguments.label_column,
        size=arguments.size,
        channels=arguments.channels,
        target=arguments.target,
        only_classes=arguments.only_class,
    )


def _refuse_idle_options(arguments: argparse.Namespace) -> None:
    """Raise UserError for an option that would have no effect beside the others."""
    from vae_core.data import DATASETS

    family = DATASETS.get(arguments.dataset)
    if arguments.pictures is not None and arguments.dataset != "pictures":
        raise UserError(
            "--pictures: your own pictures need the data set 'pictures': give that, or leave --pictures out."
        )
    check_picture_arguments(arguments.dataset, arguments)
    if arguments.table is not None and arguments.dataset != "table":
        raise UserError("--table: your own table needs the data set 'table': give that, or leave --table out.")
    if arguments.text is not None and arguments.dataset != "text":
        raise UserError("--text: your own text needs the data set 'text': give that, or leave --text out.")
    if arguments.molecules is not None and arguments.dataset != "molecules":
        raise UserError(
            "--molecules: your own molecules need the data set 'molecules': give that, or leave --molecules out."
        )
    check_columns(arguments.dataset, arguments)
    if arguments.variant and family and not family.variants:
        raise UserError(
            "--variant: the data set '{dataset}' has no variants: leave it out, or give another data set.",
            dataset=arguments.dataset,
        )
    check_data_dir(arguments.dataset, arguments.data_dir)
