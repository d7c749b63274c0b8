"""Random numbers from a given generator, on the device where they are needed.

They are drawn on the generator's own device. Training draws on the model's device, which is fastest. Evaluation draws on the cpu, so
that every device gives the same figures up to rounding.
"""

from collections.abc import Sequence

import torch
from torch import Generator, Tensor


def seeded(device: torch.device, seed: int) -> Generator:
    """A generator that draws on the device."""
    return Generator(device).manual_seed(seed)


class OfRows(Generator):
    """A generator that may be told to give only some rows of a batch: it draws the numbers of the whole batch and keeps those.

    `rows` are the rows and `images` the size of the batch; without `rows` it gives all that it draws.
    """

    rows: slice | None = None
    images: int = 0


def normal(shape: Sequence[int], like: Tensor, generator: Generator, batch: int | None = None) -> Tensor:
    """Standard normal float32 numbers of that shape, on the device of `like`; `batch` is the dimension of the batch, if any."""
    size = _whole_shape(shape, generator, batch)
    return _kept(torch.empty(*size, device=generator.device).normal_(generator=generator), generator, batch).to(
        like.device
    )


def uniform(shape: Sequence[int], like: Tensor, generator: Generator, batch: int | None = None) -> Tensor:
    """Float32 numbers in [0, 1) of that shape, on the device of `like`; `batch` is the dimension of the batch, if any."""
    size = _whole_shape(shape, generator, batch)
    return _kept(torch.empty(*size, device=generator.device).uniform_(generator=generator), generator, batch).to(
        like.device
    )


def whole(count: int, shape: Sequence[int], like: Tensor, generator: Generator, batch: int | None = None) -> Tensor:
    """Whole numbers from 0 to below `count`, equally likely, int64 of that shape, on the device of `like`; `batch` as in `normal`."""
    size = _whole_shape(shape, generator, batch)
    found = torch.randint(count, size, generator=generator, device=generator.device)
    return _kept(found, generator, batch).to(like.device)


def _whole_shape(shape: Sequence[int], generator: Generator, batch: int | None) -> tuple[int, ...]:
    if batch is None or not isinstance(generator, OfRows) or generator.rows is None:
        return tuple(shape)
    return (*shape[:batch], generator.images, *shape[batch + 1 :])


def _kept(found: Tensor, generator: Generator, batch: int | None) -> Tensor:
    if batch is None or not isinstance(generator, OfRows) or generator.rows is None:
        return found
    return found.narrow(batch, generator.rows.start, generator.rows.stop - generator.rows.start)


def drawn(shares: Tensor, count: int, generator: Generator, replacement: bool = False) -> Tensor:
    """For each row of `shares` (..., K), `count` indices drawn with these probabilities: int64 (..., count)."""
    return shares.to(generator.device).multinomial(count, replacement, generator=generator).to(shares.device)


def uniform_like(like: Tensor, generator: Generator) -> Tensor:
    """Numbers in [0, 1) of the shape, the type and the device of `like`."""
    return (
        torch.empty(like.shape, dtype=like.dtype, device=generator.device).uniform_(generator=generator).to(like.device)
    )


def gamma(shape: Tensor, generator: Generator) -> Tensor:
    """For each entry of `shape` a number of the gamma distribution with that shape and scale 1."""
    return torch._standard_gamma(shape.to(generator.device), generator=generator).to(shape.device)
