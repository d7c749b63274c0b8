"""Bytes and processor time of a .vae file of test images, beside other lossless formats of the same levels, and the bars.

python -m benchmarks.lossless_compression CHECKPOINT [--images 10000] [--target static] [--data-dir DIR]

CHECKPOINT is a folder or the name of a bundled model; its likelihood decides whether two or 256 levels are coded. Of two levels,
`static` draws each pixel black or white with its grey level as probability, as the literature does; `threshold` cuts at 127. The models
of the bars are trained, and their files measured, by `python -m benchmarks.figures lossless-binary lossless-grey`.
"""

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import Generator

from vae_core.checkpoints import WEIGHTS, Checkpoint, load
from vae_core.commands.shared_arguments import checkpoint_folder
from vae_core.compression import bits_back
from vae_core.compression.code_frequencies import GRID
from vae_core.compression.codec import compress, decompress
from vae_core.compression.integer_vae import IntegerVae, levels_in, measure
from vae_core.compression.ledger import bits_of
from vae_core.compression.other_formats import FORMATS
from vae_core.data import Split, to_input
from vae_core.data import load as load_data
from vae_core.metrics.elbo_nll_bits_per_dim import terms_of
from vae_core.models.vae import evaluation
from vae_core.utils.arrays import UInt8

BARS = {  # figure -> its highest value
    "above -ELBO": 0.005,
    "bits per dimension, 2 levels": 0.17,
    "bits per dimension, 256 levels": 1.38,
    "bytes of one picture of 2 levels, without header": 24,
    "seconds to decompress 10,000 pictures of 2 levels": 2.0,
}
ALONE = 100  # pictures that are compressed one by one
MEASURED, PART = 1000, 100  # pictures for which the networks are compared, and so many at a time


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--target", choices=("static", "threshold"), default="static")
    parser.add_argument("--data-dir")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    checkpoint = load(checkpoint_folder(arguments.checkpoint))
    split = load_data(checkpoint.info.run.data, arguments.data_dir).test
    x = levels_for(checkpoint, Split(split.x[: arguments.images], split.labels[: arguments.images]), arguments.target)
    rows(checkpoint, x)


def levels_for(checkpoint: Checkpoint, split: Split, target: str) -> UInt8:
    """The test images as levels of the model."""
    if levels_in(checkpoint.vae) == 256:
        return split.x.numpy()
    if target == "threshold":
        return (split.x > 127).byte().numpy()
    return to_input(split.x, "dynamic", Generator().manual_seed(0)).byte().numpy()


def rows(checkpoint: Checkpoint, x: UInt8) -> None:
    """Print a line for each format and each bar."""
    levels = levels_in(checkpoint.vae)
    pictures = x * np.uint8(255 // (levels - 1))
    start = time.process_time()
    file = compress(checkpoint, pictures)
    middle = time.process_time()
    assert np.array_equal(decompress(checkpoint, file).pictures, pictures)
    decoding = time.process_time() - middle
    say(
        format="vae", bytes=len(file), bits_per_dim=8 * len(file) / x.size, compress=middle - start, decompress=decoding
    )
    for name, make in FORMATS.items():
        size = len(make(x, levels))
        say(format=name, bytes=size, bits_per_dim=8 * size / x.size)
    say(figure="integer decoder above the float one", value=integer_cost(checkpoint, x[:MEASURED], pictures[:MEASURED]))
    say(model_bytes=(Path(checkpoint.info.folder) / WEIGHTS).stat().st_size)
    bar("above -ELBO", 8 * len(file) / bits_of_elbo(checkpoint, pictures) - 1)
    bar(f"bits per dimension, {levels} levels", 8 * len(file) / x.size)
    if levels == 2:
        bar("bytes of one picture of 2 levels, without header", bytes_alone(checkpoint, x[:ALONE]))
        bar("seconds to decompress 10,000 pictures of 2 levels", decoding * 10_000 / len(x))


def integer_cost(checkpoint: Checkpoint, x: UInt8, pictures: UInt8) -> float:
    """By what share of the file the integer decoder takes more bits than the float one, for the same codes, the rounded means."""
    vae, coder = checkpoint.vae, IntegerVae(checkpoint.vae, measure(checkpoint.vae, x))
    grid, levels = coder.q(x).middle, x.astype(np.int64)
    parts = range(0, len(x), PART)
    whole = sum(bits_of(coder.p(grid[i : i + PART]), levels[i : i + PART].ravel()) for i in parts)
    with evaluation(vae):
        given = to_input(torch.from_numpy(pictures), "grey", None)
        exact = -vae.decode(torch.from_numpy(grid / GRID).float()).log_prob(given).double().sum().item() / math.log(2)
    rate = terms_of(vae, Split(torch.from_numpy(pictures), torch.zeros(len(x)).long()), "grey", 0).rate
    assert rate is not None
    return (whole - exact) / (exact + rate.sum().item() / math.log(2))


def bits_of_elbo(checkpoint: Checkpoint, pictures: UInt8) -> float:
    """-ELBO of all pictures in bits, by the float network."""
    bound = terms_of(
        checkpoint.vae, Split(torch.from_numpy(pictures), torch.zeros(len(pictures)).long()), "grey", 0
    ).elbo
    assert bound is not None
    return -bound.sum().item() / math.log(2)


def bytes_alone(checkpoint: Checkpoint, x: UInt8) -> float:
    """The mean payload of pictures that are compressed each by itself."""
    coder = IntegerVae(checkpoint.vae, measure(checkpoint.vae, x))
    return float(np.mean([len(bits_back.encode(coder, one[None], 1).data) for one in x]))


def bar(name: str, value: float) -> None:
    say(figure=name, value=value, bar=BARS[name], reached=value <= BARS[name])


def say(**values: object) -> None:
    print(json.dumps(values), flush=True)


if __name__ == "__main__":
    main()
