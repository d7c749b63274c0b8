"""`reconstruct`: a picture, its reconstruction and samples of it, as a PNG file."""

import argparse
from typing import Any

from vae_core.commands.argument_types import integer, path
from vae_core.commands.png_output import open_model, output_arguments, read_picture, seed_argument, write_png
from vae_core.commands.shared_arguments import checkpoint_argument, print_json
from vae_core.errors import UserError

SAMPLES = 6


def add_reconstruct(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser("reconstruct", help="write a picture, its reconstruction and samples from its posterior")
    checkpoint_argument(parser)
    parser.add_argument("file", type=path, metavar="FILE", help="a picture")
    parser.add_argument("--samples", type=integer(0, 64), help=f"number of posterior samples (default: {SAMPLES})")
    output_arguments(parser)
    seed_argument(parser)
    parser.set_defaults(run=_reconstruct)


def _reconstruct(arguments: argparse.Namespace) -> int:
    import numpy as np

    model, label = open_model(arguments)
    if arguments.samples is not None and not model.has_density:
        raise UserError("--samples: a plain autoencoder has one code per picture and no posterior: leave it out.")
    samples = SAMPLES if arguments.samples is None else arguments.samples
    x = read_picture(model, arguments.file)
    reading = model.analyse(x, label, samples=samples, seed=arguments.seed)
    first = x.astype(np.float32) / (255 if x.dtype == np.uint8 else 1)
    write_png(arguments.out, np.concatenate([first[None], reading.reconstruction[None], reading.samples]))
    terms = {"distortion": reading.distortion, "rate": reading.rate, "elbo": reading.elbo}
    print_json(out=arguments.out, mean=reading.mean.tolist(), scale=reading.scale.tolist(), **terms)
    return 0
