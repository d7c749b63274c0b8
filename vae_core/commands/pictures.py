"""`reconstruct`, `generate` and `interpolate`: pictures written as PNG files."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae_core.commands.say import checkpoint_argument, checkpoint_folder, say
from vae_core.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from vae_core.explorer import Explorer

SCALE = 4  # screen pixels for each of the model's


def add_reconstruct(sub: Any) -> None:
    parser = sub.add_parser("reconstruct", help="a picture, its reconstruction and samples beside it")
    checkpoint_argument(parser)
    parser.add_argument("file", metavar="FILE", help="a picture")
    parser.add_argument("--samples", type=int, default=6, help="posterior samples shown (default: 6)")
    _output(parser)
    parser.set_defaults(run=_reconstruct)


def _reconstruct(arguments: argparse.Namespace) -> int:
    import numpy as np

    model = _open(arguments)
    x = _read(model, arguments.file)
    reading = model.read(x, arguments.label, samples=arguments.samples, seed=arguments.seed)
    first = x.astype(np.float32) / (255 if x.dtype == np.uint8 else 1)
    _write(arguments.out, np.concatenate([first[None], reading.reconstruction[None], reading.samples]))
    terms = {"distortion": reading.distortion, "rate": reading.rate, "elbo": reading.elbo}
    say(out=arguments.out, mean=reading.mean.tolist(), scale=reading.scale.tolist(), **terms)
    return 0


def add_generate(sub: Any) -> None:
    parser = sub.add_parser("generate", help="a sheet of samples from the prior")
    checkpoint_argument(parser)
    parser.add_argument("-n", type=int, default=64, help="how many (default: 64)")
    parser.add_argument("--temperature", type=float, default=1.0, help="factor on the prior's spread (default: 1)")
    _output(parser)
    parser.set_defaults(run=_generate)


def _generate(arguments: argparse.Namespace) -> int:
    if not 1 <= arguments.n <= 10_000:
        raise UserError("-n: give a number from 1 to 10,000.")
    model = _open(arguments)
    z = model.prior_samples(arguments.n, arguments.seed, arguments.temperature)
    _write(arguments.out, model.decode(z, arguments.label), columns=max(1, round(arguments.n**0.5)))
    say(out=arguments.out, samples=arguments.n, seed=arguments.seed)
    return 0


def add_interpolate(sub: Any) -> None:
    parser = sub.add_parser("interpolate", help="the strip between two pictures")
    checkpoint_argument(parser)
    parser.add_argument("a", metavar="A", help="a picture, or the number of a test image")
    parser.add_argument("b", metavar="B", help="likewise")
    parser.add_argument("--steps", type=int, default=11, help="default: 11")
    parser.add_argument("--path", choices=("linear", "spherical"), default="linear", help="default: linear")
    _output(parser)
    parser.set_defaults(run=_interpolate)


def _interpolate(arguments: argparse.Namespace) -> int:
    from vae_core.latent import interpolate

    if not 2 <= arguments.steps <= 1000:
        raise UserError("--steps: give a number from 2 to 1000.")
    model = _open(arguments)
    a, b = (_code(model, name, arguments.label) for name in (arguments.a, arguments.b))
    walk = interpolate(a, b, arguments.steps, arguments.path)
    _write(arguments.out, model.decode(walk, arguments.label))
    say(out=arguments.out, a=a.tolist(), b=b.tolist(), path=arguments.path)
    return 0


def _output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", required=True, metavar="PNG", help="the file to write")
    parser.add_argument("--label", type=int, default=0, help="for a conditional model")
    parser.add_argument("--seed", type=int, default=0)


def _open(arguments: argparse.Namespace) -> "Explorer":
    from vae_core.explorer import Explorer

    model = Explorer.open(checkpoint_folder(arguments.checkpoint))
    classes = model.info.run.model.classes
    if classes and not 0 <= arguments.label < classes:
        raise UserError(f"--label: give a number from 0 to {classes - 1}.")
    return model


def _read(model: "Explorer", file: str) -> "NDArray[np.uint8]":
    from vae_core import images

    return images.prepare(images.read(Path(file)), model.shape, dataset=model.info.run.data.dataset)[0]


def _code(model: "Explorer", name: str, label: int) -> "NDArray[np.float32]":
    """The code of a test image by its number, or of a picture by its file."""
    if not name.isdecimal():
        return model.encode(_read(model, name)[None], label)[0][0]
    if int(name) >= len(model.latents.mean):
        raise UserError(f"There is no test image {name}: the last one is {len(model.latents.mean) - 1}.")
    return model.latents.mean[int(name)]


def _write(out: str, x: "NDArray[np.float32]", columns: int | None = None) -> None:
    from vae_core import images
    from vae_core.files import write_whole

    sheet = images.sheet(images.pictures(x), columns or len(x))
    try:
        write_whole({Path(out): images.png(images.upscale(sheet, SCALE))})
    except OSError as error:
        raise UserError(f"Cannot write {out}: {error.strerror}.") from None
