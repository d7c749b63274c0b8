"""Quality against bytes with loss: rounded codes of a VAE beside JPEG, JPEG 2000, WebP and AVIF, on single grey test images.

python -m benchmarks.lossy_compression CHECKPOINT [--images 200] [--data-dir DIR]

CHECKPOINT is a folder or the name of a bundled model. Headers are counted apart in every format, see `picture_formats.of_format`. For
each step of z, each format has for each image its best setting that takes no more bytes than ours; `fits` is the share of images that
have one, and the others are in their smallest, which takes more. `won`: whether each format has a larger mean squared error, or does
not fit all images into so few bytes. The last lines are each format in all its settings.
"""

import argparse
import json

import torch

from vae_core.checkpoints import load
from vae_core.commands.shared_arguments import checkpoint_folder
from vae_core.compression.lossy.picture_formats import LOSSY, of_format
from vae_core.compression.lossy.rounded_codes import STEPS, of_model
from vae_core.data import load as load_data
from vae_core.models.vae import VAE
from vae_core.utils.arrays import UInt8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("--images", type=int, default=200)
    parser.add_argument("--data-dir")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    checkpoint = load(checkpoint_folder(arguments.checkpoint))
    rows(checkpoint.vae, load_data(checkpoint.info.run.data, arguments.data_dir).test.x[: arguments.images].numpy())


def rows(vae: VAE, x: UInt8) -> None:
    """Print a line for each step of z and format."""
    others = {name: of_format(name, x) for name in LOSSY}
    for step in STEPS:
        ours = of_model(vae, x, step)
        found = {name: settings.at_most(ours.bytes) for name, settings in others.items()}
        won = all(fits < 1 or ours.mse < coded.mse for coded, fits in found.values())
        say(step=step, format="vae", bytes=ours.bytes.mean(), mse=ours.mse, psnr=ours.psnr, won=won)
        for name, (coded, fits) in found.items():
            say(step=step, format=name, bytes=coded.bytes.mean(), mse=coded.mse, psnr=coded.psnr, fits=fits)
    for name, settings in others.items():
        for coded in settings.each():
            say(format=name, bytes=coded.bytes.mean(), mse=coded.mse, psnr=coded.psnr)


def say(**values: object) -> None:
    print(
        json.dumps({name: round(each, 3) if isinstance(each, float) else each for name, each in values.items()}),
        flush=True,
    )


if __name__ == "__main__":
    main()
