"""Noise taken away: `python -m benchmarks.denoising`, from MNIST's test pictures by a bundled model, and by scipy's filters.

Printed is the root mean squared error against the clean picture, in full pixels, mean over pictures, of the noisy pictures and of what
each method makes of them, on the same pictures with the same noise. The size of the median filter and the width of the Gaussian filter
are those with the least error on as many validation pictures, for each kind and strength of noise. The model and the filters are told
both, or have been chosen for both; the encoder alone is told neither.
"""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from vae_core import checkpoints
from vae_core.completion.denoising import (
    CORRUPTIONS,
    ENCODER,
    FITTED,
    NOISY,
    error,
    gaussian_filter,
    median_filter,
    restored,
    restored_by_encoder,
)
from vae_core.data import Split, load, to_input
from vae_core.models.vae import VAE
from vae_core.utils.paths import data_dir

STRENGTHS = (0.2, 0.4, 0.6)
Filter = Callable[[Tensor], Tensor]
PEERS: dict[str, tuple[Filter, ...]] = {
    "median filter": tuple(partial(median_filter, size=size) for size in (2, 3, 5, 7)),
    "Gaussian filter": tuple(partial(gaussian_filter, sigma=sigma) for sigma in (0.4, 0.7, 1.0, 1.5, 2.0)),
}


def mean_error(found: Tensor, clean: Tensor) -> float:
    return error(found, clean).mean().item()


def chosen(filters: tuple[Filter, ...], clean: Tensor, noisy: Tensor) -> Filter:
    """The filter with the least error on these pictures."""
    return min(filters, key=lambda one: mean_error(one(noisy), clean))


def errors(vae: VAE, data: tuple[Tensor, Tensor], kind: str, strength: float) -> dict[str, float]:
    """The mean error of each method on the test pictures, the second of `data`; the first are the validation pictures."""
    (val, noisy_val), (test, noisy) = ((x, CORRUPTIONS[kind](x, strength, seed)) for seed, x in enumerate(data))
    found = {
        NOISY: noisy,
        FITTED: restored(vae, noisy, kind, strength),
        ENCODER: restored_by_encoder(vae, noisy),
        **{name: chosen(filters, val, noisy_val)(noisy) for name, filters in PEERS.items()},
    }
    return {name: mean_error(one, test) for name, one in found.items()}


def pictures(split: Split, count: int) -> Tensor:
    return to_input(split.x[:count])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="mnist-vae-20d")
    parser.add_argument("--pictures", type=int, default=200)
    parser.add_argument("--data-dir")
    options = parser.parse_args()
    torch.set_num_threads(1)
    checkpoint = checkpoints.load(checkpoints.bundled() / Path(options.model).name)
    data = load(checkpoint.info.run.data, data_dir(options.data_dir))
    both = pictures(data.val, options.pictures), pictures(data.test, options.pictures)
    vae = checkpoint.vae.eval()
    for kind in CORRUPTIONS:
        for strength in STRENGTHS:
            found = errors(vae, both, kind, strength)
            best = min(found, key=found.__getitem__)
            shown = "  ".join(f"{name} {value:.3f}" for name, value in found.items())
            print(f"{kind:8} {strength}  {shown}  best: {best}", flush=True)


if __name__ == "__main__":
    main()
