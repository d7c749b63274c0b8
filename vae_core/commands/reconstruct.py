"""`reconstruct`: a picture, its reconstruction and samples of it, as a PNG file; or the rows of a table, as a CSV file."""

import argparse
from typing import TYPE_CHECKING, Any

import numpy as np

from vae_core.commands.argument_types import integer, path
from vae_core.commands.inputs_and_outputs import open_model, output_arguments, read_inputs, seed_argument, write
from vae_core.commands.shared_arguments import checkpoint_argument, print_json
from vae_core.errors import UserError
from vae_core.messages import Message

if TYPE_CHECKING:
    from vae_core.explore.explorer import Explorer

SAMPLES = 6


def add_reconstruct(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser(
        "reconstruct", help=Message("write a picture, its reconstruction and samples from its posterior")
    )
    checkpoint_argument(parser)
    parser.add_argument(
        "file",
        type=path,
        metavar="FILE",
        help=Message("a picture, a table with the model's columns, or a text file with one sentence on each line"),
    )
    parser.add_argument(
        "--samples", type=integer(0, 64), help=Message("number of posterior samples (default: {count})", count=SAMPLES)
    )
    output_arguments(parser)
    seed_argument(parser)
    parser.set_defaults(run=_reconstruct)


def _reconstruct(arguments: argparse.Namespace) -> int:
    model, label = open_model(arguments)
    if arguments.samples is not None and not model.has_density:
        raise UserError("--samples: a plain autoencoder has one code per picture and no posterior: leave it out.")
    samples = SAMPLES if arguments.samples is None else arguments.samples
    if model.info.columns or model.info.vocabulary is not None:
        return _rows(model, arguments, label)
    [x] = read_inputs(model, arguments.file)
    reading = model.analyse(x, label, samples=samples, seed=arguments.seed)
    first = x.astype(np.float32) / (255 if x.dtype == np.uint8 else 1)
    write(arguments.out, model, np.concatenate([first[None], reading.reconstruction[None], reading.samples]))
    terms = {"distortion": reading.distortion, "rate": reading.rate, "elbo": reading.elbo}
    print_json(out=arguments.out, mean=reading.mean.tolist(), scale=reading.scale.tolist(), **terms)
    return 0


def _rows(model: "Explorer", arguments: argparse.Namespace, label: int) -> int:
    """The reconstruction of every row of a table or line of a text, and a line with its code and its loss (-ELBO, in nats) for each."""
    if arguments.samples is not None:
        raise UserError(
            "--samples: the reconstructions of rows or sentences are rows again, without samples: leave it out."
        )
    x = read_inputs(model, arguments.file)
    means, scales = model.encode(x, label)
    write(arguments.out, model, model.decode(means, label))
    losses = model.losses(x, np.full(len(x), label) if model.conditional else None, arguments.seed)
    for row, (mean, scale, loss) in enumerate(zip(means.tolist(), scales.tolist(), losses.tolist(), strict=True)):
        print_json(row=row, mean=mean, scale=scale, loss=loss)
    print_json(out=arguments.out, rows=len(x), loss=float(losses.mean()))
    return 0
