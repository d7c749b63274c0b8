"""Lossless compression: the bits per dimension of a model's bound, beside those of PNG and gzip files of the same images."""

import gzip
import io
import math
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Generator, Tensor

from vae_core.data import Split, to_input
from vae_core.distributions.levels.pixel_levels import LEVELS
from vae_core.errors import UserError
from vae_core.metrics.confidence_intervals import Estimate, mean_of
from vae_core.metrics.elbo_nll_bits_per_dim import terms_of
from vae_core.models.vae import VAE


@dataclass(frozen=True)
class Compression:
    """Bits per dimension of several codes.

    `model`: -ELBO, which bits-back coding reaches (Townsend et al. 2019, arXiv:1901.04866); `png`, `gzip`: the mean over one file per
    image, headers included; `gzip_together`: one file of all images; `png_sheet`: one PNG with all images below each other. `levels`:
    the number of values of a pixel, 2 for binary images, else 256.
    """

    levels: int
    model: Estimate
    png: Estimate
    gzip: Estimate
    gzip_together: float
    png_sheet: float

    @property
    def ratio(self) -> float:
        """The size of the smaller of the two files of all images over that of the model; above 1 the model compresses better."""
        return min(self.gzip_together, self.png_sheet) / self.model.value


def compression(vae: VAE, split: Split, seed: int = 0) -> Compression:
    """Bits per dimension of the model and of files, on the images of a split.

    A Bernoulli likelihood codes binary images, so grey images are made binary first (the target "dynamic"). A mass on 256 levels codes
    the images as they are. A density on [0, 1] codes them with uniform noise of one level's width, 1/256, which adds 8 bits (Theis et
    al. 2016, arXiv:1511.01844, sec. 3.1).
    Raises UserError for a plain autoencoder, which has no bound, and for points.
    """
    if vae.config.kind != "picture" or not vae.posterior.has_density:
        raise UserError(
            "Compression needs a model of images that has a bound: neither points, nor a table, nor a plain autoencoder."
        )
    x, shown, extra = _coded(split.x, vae.likelihood.levels, Generator().manual_seed(seed))
    levels = vae.likelihood.levels or LEVELS
    found = terms_of(vae, Split(shown, split.labels), "grey", seed)
    assert found.elbo is not None
    dimensions = math.prod(vae.config.shape)
    bits = mean_of(-found.elbo / (math.log(2) * dimensions) + extra)
    pictures = x.numpy()
    raw = [_packed(picture, levels) for picture in pictures]
    sheet = _png(_sheet(pictures), levels)
    return Compression(
        levels,
        bits,
        mean_of(np.array([len(_png(picture, levels)) for picture in pictures]) * 8 / dimensions),
        mean_of(np.array([len(gzip.compress(data, 9, mtime=0)) for data in raw]) * 8 / dimensions),
        len(gzip.compress(b"".join(raw), 9, mtime=0)) * 8 / (dimensions * len(pictures)),
        len(sheet) * 8 / (dimensions * len(pictures)),
    )


def _coded(x: Tensor, levels: int | None, generator: Generator) -> tuple[Tensor, Tensor, float]:
    """The images that files hold, uint8; what the model is shown of them; and the bits a dimension to add to its own."""
    if levels == LEVELS:
        return x, x, 0.0
    if levels == 2:
        binary = (to_input(x, "dynamic", generator) * 255).byte()
        return binary, binary, 0.0
    return x, (x + torch.rand(x.shape, generator=generator)) / LEVELS, 8.0


def _packed(picture: np.ndarray, levels: int) -> bytes:
    return np.packbits(picture > 127).tobytes() if levels == 2 else picture.tobytes()


def _png(picture: np.ndarray, levels: int) -> bytes:
    """A PNG file of an image (C, H, W), with one bit per pixel for binary images."""
    grey = picture[0] if len(picture) == 1 else picture.transpose(1, 2, 0)
    image = Image.fromarray(np.ascontiguousarray(grey))
    file = io.BytesIO()
    (image.convert("1", dither=Image.Dither.NONE) if levels == 2 and len(picture) == 1 else image).save(
        file, "PNG", optimize=True
    )
    return file.getvalue()


def _sheet(pictures: np.ndarray) -> np.ndarray:
    """All images (N, C, H, W) below each other in one image, (C, N * H, W)."""
    return np.concatenate(list(pictures), axis=1)
