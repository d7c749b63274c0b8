"""Vector quantisation (VQ-VAE): the codebook, codes that consist of its entries, and the uniform distribution over them."""

from typing import ClassVar

import torch
from torch import Generator, Size, Tensor, nn
from torch.distributions import Distribution

from vae_core.devices import noise
from vae_core.devices.choice import in_full_precision
from vae_core.distributions.normal_and_point import Point

DECAY, DEAD, EPSILON = (
    0.99,
    0.1,
    1e-5,
)  # decay of the codebook's moving averages; uses below this share of the mean mark a dead entry; smoothing


class Quantized(Point):
    """A point mass at `code` (B, G * D), made of the codebook entries with `indices` (B, G), one for each of G groups.

    The gradient is copied from the code to the encoder's output `raw` (straight-through estimator). `commitment` (B,) is the squared
    distance of `raw` to the entries, with a gradient for `raw` only (van den Oord et al. 2017, arXiv:1711.00937, eq. 3).
    """

    def __init__(self, raw: Tensor, code: Tensor, indices: Tensor) -> None:
        super().__init__(raw + (code - raw).detach())
        self.indices, self.commitment = indices, (raw - code.detach()).square().sum(-1)

    def log_prob(self, value: Tensor) -> Tensor:
        """Zero: each entry has probability one."""
        return value.new_zeros(value.shape[:-1])


class Codebook(nn.Module):
    """K entries of D numbers, each the moving average of the vectors assigned to it (van den Oord et al. 2017, app. A.1)."""

    entries: Tensor
    sums: Tensor
    uses: Tensor
    batches: Tensor

    def __init__(self, size: int, width: int) -> None:
        super().__init__()
        self.register_buffer("entries", torch.randn(size, width))
        self.register_buffer("sums", self.entries.clone())
        self.register_buffer("uses", torch.ones(size))
        self.register_buffer("batches", torch.zeros((), dtype=torch.long))

    def forward(self, parts: Tensor) -> tuple[Tensor, Tensor]:
        """The nearest entry of each vector of parts (N, D), and its index (N,); in training mode the entries are updated afterwards."""
        flat = parts.detach()
        with in_full_precision(parts):
            nearest = self.nearest(flat)
            chosen = self.entries[nearest]
            if self.training:
                self._follow(flat, nearest)
        return chosen, nearest

    def nearest(self, parts: Tensor) -> Tensor:
        """The index of the entry nearest to each vector of parts (..., D), shape (...)."""
        # The entry with the largest x.e - |e|^2 / 2 has the smallest distance; this needs no square root.
        scores = torch.addmm(-0.5 * self.entries.square().sum(1), parts.flatten(0, -2), self.entries.t())
        return scores.argmax(1).unflatten(0, parts.shape[:-1])

    @torch.no_grad()
    def _follow(self, parts: Tensor, nearest: Tensor) -> None:
        chosen = nearest.bincount(minlength=len(self.entries)).to(parts)
        self.uses = DECAY * self.uses + (1 - DECAY) * chosen
        self.sums = DECAY * self.sums + (1 - DECAY) * torch.zeros_like(self.sums).index_add(0, nearest, parts)
        # An entry that is hardly used is reset to a vector of the batch (Dhariwal et al. 2020, arXiv:2005.00341).
        fair = len(parts) / len(self.entries)
        dead = self.uses < DEAD * fair
        if dead.any():
            generator = Generator().manual_seed(int(self.batches))
            found = parts[noise.whole(len(parts), (int(dead.sum()),), parts, generator)]
            self.uses, self.sums = self.uses.clone(), self.sums.clone()
            self.uses[dead], self.sums[dead] = fair, fair * found
        total = self.uses.sum()
        smooth = (self.uses + EPSILON) / (total + len(self.uses) * EPSILON) * total
        self.entries = self.sums / smooth.unsqueeze(1)
        self.batches = self.batches + 1


class CodebookUniform(Distribution):
    """The uniform distribution over the entries (K, D) of a codebook, for each of G groups: event (G * D,)."""

    arg_constraints: ClassVar = {}

    def __init__(self, entries: Tensor, groups: int) -> None:
        self.entries, self.groups = entries, groups
        super().__init__(Size(), Size((groups * entries.shape[1],)), validate_args=False)

    @property
    def mean(self) -> Tensor:
        return self.entries.mean(0).repeat(self.groups)

    @property
    def variance(self) -> Tensor:
        return self.entries.var(0, correction=0).repeat(self.groups)

    def log_prob(self, value: Tensor) -> Tensor:
        """-G ln K; the value is assumed to consist of entries."""
        return value.new_full(value.shape[:-1], -self.groups * torch.tensor(float(len(self.entries))).log().item())

    def draw(self, generator: Generator, shape: tuple[int, ...] = ()) -> Tensor:
        return self.entries[noise.whole(len(self.entries), (*shape, self.groups), self.entries, generator)].flatten(-2)
