"""Autoregressive networks (PixelCNN): of pixels given a decoder's output, and of the entries of a VQ-VAE's code map."""

from collections.abc import Callable
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Generator, Size, Tensor, nn
from torch.distributions import Bernoulli, Distribution

CHANNELS, WINDOW = 16, 5
WIDE, DEEP = 64, 2  # channels and further layers of the network over a code map


class MaskedConv2d(nn.Conv2d):
    """A masked convolution: it sees the pixels above, those to the left in the same row, and the pixel itself if `own`."""

    mask: Tensor

    def __init__(self, before: int, after: int, size: int, own: bool) -> None:
        super().__init__(before, after, size, padding=size // 2)
        mask = torch.ones(size, size)
        mask[size // 2, size // 2 + own :] = 0
        mask[size // 2 + 1 :] = 0
        self.register_buffer("mask", mask, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(x, self.weight * self.mask, self.bias, padding=self.padding)


class PixelCnn(nn.Module):
    """Logits (B, C, H, W) of each pixel from the decoder's output `raw` and the earlier pixels of x, both (B, C, H, W).

    Its receptive field is a few pixels, so that global structure is left to the code (masks: van den Oord et al. 2016,
    arXiv:1601.06759; in a VAE: Gulrajani et al. 2017, arXiv:1611.05013; Chen et al. 2017, arXiv:1611.02731).
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = MaskedConv2d(channels, CHANNELS, WINDOW, own=False)
        self.code = nn.Conv2d(channels, CHANNELS, 1)
        self.second = MaskedConv2d(CHANNELS, CHANNELS, 3, own=True)
        self.out = nn.Conv2d(CHANNELS, channels, 1)
        with torch.no_grad():
            self.out.weight.mul_(0.1)  # at initialisation the logits are nearly the decoder's output

    def forward(self, x: Tensor, raw: Tensor) -> Tensor:
        h = F.silu(self.first(x - 0.5) + self.code(raw))
        return raw + self.out(F.silu(h + self.second(h))).to(raw.dtype)


class AutoregressiveBernoulli(Distribution):
    """p(x) = prod p(x_i | x_<i) with Bernoulli pixels whose logits (B, C, H, W) are `logits_of`(x)."""

    arg_constraints: ClassVar = {}

    def __init__(self, logits_of: Callable[[Tensor], Tensor], like: Tensor) -> None:
        self.logits_of, self.like = logits_of, like
        super().__init__(like.shape[:1], like.shape[1:], validate_args=False)

    def log_prob(self, value: Tensor) -> Tensor:
        return self.log_prob_of_pixels(value).flatten(1).sum(1)

    def log_prob_of_pixels(self, value: Tensor) -> Tensor:
        """ln p(x_i | x_<i) of each pixel, (B, C, H, W)."""
        return Bernoulli(logits=self.logits_of(value), validate_args=False).log_prob(value)

    @property
    def mean(self) -> Tensor:
        """An image of probabilities, each given the probabilities of the earlier pixels; E[x] itself has no closed form."""
        return self._unrolled(lambda shares: shares)

    def sample(self, sample_shape: Size | list[int] | tuple[int, ...] = ()) -> Tensor:
        """A binary image, each pixel sampled given the earlier ones, with torch's global generator."""
        level = torch.rand_like(self.like)
        return self._unrolled(lambda shares: (shares > level).to(shares))

    def _unrolled(self, choose: Callable[[Tensor], Tensor]) -> Tensor:
        """The image by fixed-point iteration over all pixels at once, which gives the same image as pixel by pixel, but faster.

        After n iterations at least the first n pixels are final (Song et al. 2021, arXiv:2002.03629).
        """
        picture = choose(self.like.sigmoid())
        for _ in range(self.like.shape[-1] * self.like.shape[-2]):
            again = choose(self.logits_of(picture).sigmoid())
            still = bool((again - picture).abs().max() < 1e-4)
            picture = again
            if still:
                break
        return picture


class CodeMapCnn(nn.Module):
    """A PixelCNN over the code map of a VQ-VAE: each entry given those above it and to its left.

    A prior that is learnt after the model (van den Oord et al. 2017, arXiv:1711.00937, sec. 3.3). `entries` (K, D) is the codebook;
    maps have `rows` and `columns`.
    """

    entries: Tensor

    def __init__(self, entries: Tensor, rows: int, columns: int) -> None:
        super().__init__()
        count, size = entries.shape
        self.register_buffer("entries", (entries - entries.mean(0)) / entries.std(0).clamp(min=1e-6))
        self.place = nn.Parameter(torch.zeros(WIDE, rows, columns))
        self.first = MaskedConv2d(size, WIDE, WINDOW, own=False)
        self.further = nn.ModuleList(MaskedConv2d(WIDE, WIDE, 3, own=True) for _ in range(DEEP))
        self.out = nn.Conv2d(WIDE, count, 1)

    def forward(self, choices: Tensor) -> Tensor:
        """Logits of each entry at each position, (N, K, rows, columns), for maps of entry indices (N, rows, columns)."""
        h = self.first(self.entries[choices].movedim(-1, 1)) + self.place
        for layer in self.further:
            h = h + layer(F.silu(h))
        return self.out(F.silu(h))

    @torch.no_grad()
    def draw(self, count: int, generator: Generator) -> Tensor:
        """Sampled maps of entry indices, (count, rows, columns), by fixed-point iteration as in `AutoregressiveBernoulli`."""
        rows, columns = self.place.shape[1:]
        level = torch.empty(count, len(self.entries), rows, columns).exponential_(generator=generator).log()
        choices = (-level).argmax(1)
        for _ in range(rows * columns):
            again = (self(choices) - level).argmax(1)
            if torch.equal(again, choices):
                break
            choices = again
        return choices
