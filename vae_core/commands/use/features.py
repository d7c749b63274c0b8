"""`features`: the codes of a data set as a file, and how well predictors learn from them."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae_core.commands.argument_types import new_file
from vae_core.commands.shared_arguments import (
    check_data_dir,
    checkpoint_argument,
    checkpoint_folder,
    data_dir_argument,
    print_json,
)
from vae_core.commands.use.writing import write_bytes
from vae_core.errors import UserError
from vae_core.messages import Message

if TYPE_CHECKING:
    from vae_core.data import Dataset
    from vae_core.explore.explorer import Explorer


def add_features(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser(
        "features", help=Message("write the codes of a data set to a file, for other programs to learn from")
    )
    checkpoint_argument(parser)
    parser.add_argument(
        "data", metavar="DATA", help=Message("a data set's name, or 'own' for the data that the model was trained on")
    )
    parser.add_argument("out", type=new_file, metavar="OUT", help=Message("the .csv, .parquet or .npz file to write"))
    parser.add_argument(
        "--target",
        metavar="NAME",
        help=Message(
            "also print how well it is predicted from codes, from the data and from PCA: label, a factor, or a column"
        ),
    )
    parser.add_argument(
        "--predictor", metavar="NAME", help=Message("by which to predict (default: all that suit the target)")
    )
    parser.add_argument(
        "--code", action="store_true", help=Message("also print Python code that reads OUT and comes to the same score")
    )
    data_dir_argument(parser)
    parser.set_defaults(run=_features)


def _features(arguments: argparse.Namespace) -> int:
    from vae_core.explore.explorer import Explorer
    from vae_core.features.feature_table import content, feature_table
    from vae_core.features.targets import chosen

    if arguments.target is None and (arguments.predictor or arguments.code):
        raise UserError("--predictor and --code: they need a target: give --target.")
    model = Explorer.open(checkpoint_folder(arguments.checkpoint))
    data = _data(model, arguments)
    target = None if arguments.target is None else chosen(data, arguments.target)
    table = feature_table(model, data, target)
    write_bytes(arguments.out, content(table.table, Path(arguments.out)))
    print_json(out=arguments.out, examples=len(table.codes), numbers=table.codes.shape[1])
    if target is not None:
        from vae_core.features.comparison import compare
        from vae_core.features.pipeline_code import code
        from vae_core.features.predictors import suited

        names = [arguments.predictor] if arguments.predictor else suited(target.kind)
        for score in compare(table, target, names):
            said: dict[str, Any] = {"predictor": score.predictor, "on": score.place}
            said |= {"accuracy" if target.kind == "class" else "r2": score.mean}
            print_json(**said, lowest=min(score.folds), highest=max(score.folds), examples=score.examples)
            if arguments.code and score.place == "codes":
                suffix = Path(arguments.out).suffix
                print_json(code=code(arguments.out, suffix, target, score.predictor, len(score.folds)))
    return 0


def _data(model: "Explorer", arguments: argparse.Namespace) -> "Dataset":
    from vae_core.config import DataConfig
    from vae_core.data import DATASETS, load

    own = model.info.run.data
    if arguments.data not in ("own", own.dataset, *DATASETS):
        raise UserError("There is no data set '{name}'; `datasets` lists them.", name=arguments.data)
    config = own if arguments.data in ("own", own.dataset) else DataConfig(dataset=arguments.data)
    check_data_dir(config.dataset, arguments.data_dir)
    return load(config, arguments.data_dir)
