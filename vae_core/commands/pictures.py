"""`reconstruct`, `generate` and `interpolate`: pictures written as PNG files."""

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae_core.commands.argument_types import new_file, number, path, whole
from vae_core.commands.output import checkpoint_argument, checkpoint_folder, label_argument, label_of, say
from vae_core.config import LARGEST_SEED
from vae_core.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from vae_core.explore.explorer import Explorer

SCALE = 4  # screen pixels for each of the model's
DOT = 64 * 64  # pixels in which a point is drawn
LARGEST = 2**30  # bytes of a sheet


def add_reconstruct(sub: Any) -> None:
    parser = sub.add_parser("reconstruct", help="a picture, its reconstruction and samples beside it")
    checkpoint_argument(parser)
    parser.add_argument("file", type=path, metavar="FILE", help="a picture")
    parser.add_argument("--samples", type=whole(0, 64), help="posterior samples shown (default: 6)")
    _output(parser)
    _seed(parser)
    parser.set_defaults(run=_reconstruct)


def _reconstruct(arguments: argparse.Namespace) -> int:
    import numpy as np

    model, label = _open(arguments)
    if arguments.samples is not None and not model.has_density:
        raise UserError("--samples: a plain autoencoder has one code for a picture, and nothing to draw: leave it out.")
    samples = 6 if arguments.samples is None else arguments.samples
    x = _read(model, arguments.file)
    reading = model.analyse(x, label, samples=samples, seed=arguments.seed)
    first = x.astype(np.float32) / (255 if x.dtype == np.uint8 else 1)
    _write(arguments.out, np.concatenate([first[None], reading.reconstruction[None], reading.samples]))
    terms = {"distortion": reading.distortion, "rate": reading.rate, "elbo": reading.elbo}
    say(out=arguments.out, mean=reading.mean.tolist(), scale=reading.scale.tolist(), **terms)
    return 0


def add_generate(sub: Any) -> None:
    parser = sub.add_parser("generate", help="a sheet of samples from the prior")
    checkpoint_argument(parser)
    parser.add_argument("-n", type=whole(1, 10_000), default=64, help="how many (default: 64)")
    parser.add_argument(
        "--temperature", type=number(0, 100), default=1.0, help="factor on the prior's spread (default: 1)"
    )
    _output(parser)
    _seed(parser)
    parser.set_defaults(run=_generate)


def _generate(arguments: argparse.Namespace) -> int:
    model, label = _open(arguments)
    _refuse_large(model, arguments.n)
    z = model.prior_samples(arguments.n, arguments.seed, arguments.temperature)
    _write(arguments.out, model.decode(z, label), columns=max(1, round(arguments.n**0.5)))
    say(out=arguments.out, samples=arguments.n, seed=arguments.seed)
    return 0


def add_interpolate(sub: Any) -> None:
    parser = sub.add_parser("interpolate", help="the strip between two pictures")
    checkpoint_argument(parser)
    parser.add_argument("a", type=path, metavar="A", help="a picture, or the number of a test image")
    parser.add_argument("b", type=path, metavar="B", help="likewise")
    parser.add_argument("--steps", type=whole(2, 1000), default=11, help="default: 11")
    parser.add_argument("--path", choices=("linear", "spherical"), default="linear", help="default: linear")
    _output(parser)
    parser.set_defaults(run=_interpolate)


def _interpolate(arguments: argparse.Namespace) -> int:
    from vae_core.explore.interpolation import interpolate

    model, label = _open(arguments)
    _refuse_large(model, arguments.steps)
    a, b = (_code(model, name, label) for name in (arguments.a, arguments.b))
    walk = interpolate(a, b, arguments.steps, arguments.path)
    _write(arguments.out, model.decode(walk, label))
    say(out=arguments.out, a=a.tolist(), b=b.tolist(), path=arguments.path)
    return 0


def _output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=new_file, required=True, metavar="PNG", help="the file to write")
    label_argument(parser)


def _seed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=whole(0, LARGEST_SEED), default=0, help="default: 0")


def _open(arguments: argparse.Namespace) -> tuple["Explorer", int]:
    """The model, and the label it is told."""
    from vae_core.explore.explorer import Explorer

    model = Explorer.open(checkpoint_folder(arguments.checkpoint))
    return model, label_of(model.info.run, arguments.label)


def _refuse_large(model: "Explorer", count: int) -> None:
    numbers = math.prod(model.shape) if len(model.shape) > 1 else DOT
    if count * numbers * SCALE**2 > LARGEST:
        raise UserError(f"That makes too large a picture: give at most {LARGEST // (numbers * SCALE**2):,}.")


def _read(model: "Explorer", file: str) -> "NDArray[np.uint8]":
    from vae_core.images import preparation, reading

    return preparation.prepare(reading.read(Path(file)), model.shape, dataset=model.info.run.data.dataset)[0]


def _code(model: "Explorer", name: str, label: int) -> "NDArray[np.float32]":
    """The code of a test image by its number, or of a picture by its file."""
    if not name.isdecimal():
        return model.encode(_read(model, name)[None], label)[0][0]
    if len(name) > 18 or int(name) >= len(model.latents.mean):
        raise UserError(f"There is no test image {name}: the last one is {len(model.latents.mean) - 1}.")
    return model.latents.mean[int(name)]


def _write(out: str, x: "NDArray[np.float32]", columns: int | None = None) -> None:
    from vae_core.images import writing
    from vae_core.utils.files import write_whole

    sheet = writing.sheet(writing.pictures(x), columns or len(x))
    try:
        write_whole({Path(out): writing.png(writing.upscale(sheet, SCALE))})
    except OSError as error:
        raise UserError(f"Cannot write {out}: {error.strerror}.") from None
