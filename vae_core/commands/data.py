"""`data`: what would be read from a person's own files, or what is in a data set, before anything is trained."""

import argparse
from pathlib import Path
from typing import Any

from vae_core.commands.argument_types import integer, path
from vae_core.commands.shared_arguments import (
    check_columns,
    check_data_dir,
    check_picture_arguments,
    data_dir_argument,
    picture_arguments,
    print_json,
    text_arguments,
)
from vae_core.config import LARGEST_SEED
from vae_core.errors import UserError
from vae_core.messages import Message

TABLES = (".xlsx", ".xls", ".parquet", ".tab")  # files that can be nothing else


def add_data(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser(
        "data", help=Message("show what is recognised in your own pictures, or what a data set holds")
    )
    parser.add_argument(
        "file",
        type=path,
        metavar="FILE",
        help=Message("pictures as a folder, an archive or arrays, a table, a .smi file, or a data set's name"),
    )
    picture_arguments(parser)
    parser.add_argument(
        "--label-column", default="", metavar="NAME", help=Message("the column of a table to take as the label")
    )
    parser.add_argument(
        "--text", action="store_true", help=Message("read FILE as your own text: its lines, or a column of a table")
    )
    text_arguments(parser)
    parser.add_argument(
        "--variant",
        default="",
        help=Message("which points, which part of emnist or medmnist, or the notation of molecules"),
    )
    parser.add_argument("--seed", type=integer(0, LARGEST_SEED), default=0, help=Message("of the splits (default: 0)"))
    data_dir_argument(parser)
    parser.set_defaults(run=_data)


def _data(arguments: argparse.Namespace) -> int:
    from vae_core.config import DataConfig
    from vae_core.data import DATASETS, load
    from vae_core.data.own.pictures.json_report import of_dataset, of_pictures
    from vae_core.data.own.pictures.own_pictures import is_table, look
    from vae_core.data.text.molecule_files import LINES
    from vae_core.utils.paths import name_folder

    file = Path(arguments.file).expanduser()
    named = arguments.file in DATASETS and not file.exists()
    text = not named and (arguments.text or bool(arguments.text_column))
    molecules = not named and not text and file.suffix.lower() in LINES
    table = not named and not text and not molecules and (file.suffix.lower() in TABLES or is_table(file))
    dataset = (
        arguments.file if named else "text" if text else "molecules" if molecules else "table" if table else "pictures"
    )
    check_picture_arguments(dataset, arguments)
    if arguments.variant and not DATASETS[dataset].variants:
        raise UserError("--variant: '{dataset}' has no variants: leave it out.", dataset=arguments.file)
    if arguments.text and named:
        raise UserError("--text: '{dataset}' is the name of a data set: give a file, or leave it out.", dataset=dataset)
    check_columns(dataset, arguments)
    check_data_dir(dataset, arguments.data_dir)
    if named:
        config = DataConfig(
            dataset=dataset, variant=arguments.variant, label_column=arguments.label_column, seed=arguments.seed
        )
        print_json(dataset=dataset, **of_dataset(load(config, arguments.data_dir)))
        return 0
    name_folder(file)
    if table or text or molecules:
        data = load(
            DataConfig(
                dataset=dataset,
                path=arguments.file,
                variant=arguments.variant,
                text_column=arguments.text_column,
                label_column=arguments.label_column,
                seed=arguments.seed,
            )
        )
        columns = {} if molecules else {"label_columns": data.label_columns}
        print_json(file=arguments.file, dataset=dataset, **columns, **of_dataset(data))
        return 0
    own = look(
        DataConfig(
            dataset=dataset,
            path=arguments.file,
            size=arguments.size,
            channels=arguments.channels,
            seed=arguments.seed,
        )
    )
    print_json(file=arguments.file, **of_pictures(own))
    return 0
