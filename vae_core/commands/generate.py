"""`generate`: decoded samples from the prior, as a PNG file, or as a CSV file of rows."""

import argparse
from typing import Any

from vae_core.commands.argument_types import integer, number
from vae_core.commands.inputs_and_outputs import check_size, open_model, output_arguments, seed_argument, write
from vae_core.commands.shared_arguments import checkpoint_argument, print_json
from vae_core.messages import Message


def add_generate(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser("generate", help=Message("write decoded samples from the prior"))
    checkpoint_argument(parser)
    parser.add_argument("-n", type=integer(1, 10_000), default=64, help=Message("number of samples (default: 64)"))
    parser.add_argument(
        "--temperature",
        type=number(0, 100),
        default=1.0,
        help=Message("factor on the prior's standard deviation (default: 1)"),
    )
    output_arguments(parser)
    seed_argument(parser)
    parser.set_defaults(run=_generate)


def _generate(arguments: argparse.Namespace) -> int:
    model, label = open_model(arguments)
    check_size(model, arguments.n)
    z = model.prior_samples(arguments.n, arguments.seed, arguments.temperature)
    made = model.sampled(z, label, arguments.seed) if model.info.columns else model.decode(z, label)
    write(arguments.out, model, made, columns=max(1, round(arguments.n**0.5)))
    print_json(out=arguments.out, samples=arguments.n, seed=arguments.seed)
    return 0
