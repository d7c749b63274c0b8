"""The right lines of a VAE's training program, each a function of its own, so that a mistake replaces exactly one of them.

The first statement of each function is the line; `return` hands its result to `program.Program`, which calls the lines in the order of
`Lines`. Images are (B, 1, 8, 8) in 0..255, the mean, log_variance, std, eps and z of a code (B, L), logits (B, 1, 8, 8). Distortion,
rate, elbo and loss are in nats per image (Kingma and Welling 2014, arXiv:1312.6114, eq. 10).
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from vae_core.utils.optimisers import Adam

Line = Callable[..., Tensor]


def input_of(images: Tensor) -> Tensor:
    x = images / 255
    return x


def encoded(encoder: nn.Module, x: Tensor) -> tuple[Tensor, Tensor]:
    mean, log_variance = encoder(x).chunk(2, dim=1)
    return mean, log_variance


def deviation(log_variance: Tensor) -> Tensor:
    std = (0.5 * log_variance).exp()
    return std


def noise(mean: Tensor, generator: Generator) -> Tensor:
    eps = torch.randn(mean.shape, generator=generator)
    return eps


def code(mean: Tensor, std: Tensor, eps: Tensor) -> Tensor:
    z = mean + std * eps
    return z


def decoded(decoder: nn.Module, pixel_cnn: nn.Module | None, z: Tensor, x: Tensor) -> Tensor:
    logits = decoder(z)
    return logits


def distortion_term(logits: Tensor, x: Tensor) -> Tensor:
    distortion = binary_cross_entropy_with_logits(logits, x, reduction="none").sum((1, 2, 3)).mean()
    return distortion


def rate_term(mean: Tensor, log_variance: Tensor) -> Tensor:
    rate = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum(1).mean()
    return rate


def bound(distortion: Tensor, rate: Tensor) -> Tensor:
    elbo = -distortion - rate
    return elbo


def objective(elbo: Tensor) -> Tensor:
    loss = -elbo
    return loss


def gradient(loss: Tensor) -> None:
    loss.backward()


def learning_rate() -> float:
    lr = 0.004
    return lr


def update(optimiser: Adam, lr: float) -> None:
    optimiser.step(lr)


def test_code(mean: Tensor, std: Tensor, generator: Generator) -> Tensor:
    z = mean
    return z


@dataclass(frozen=True)
class Lines:
    """The lines in their order; `test_code` runs when an image is reconstructed after the training, all others in each step."""

    input_of: Line = input_of
    encoded: Callable[..., tuple[Tensor, Tensor]] = encoded
    deviation: Line = deviation
    noise: Line = noise
    code: Line = code
    decoded: Line = decoded
    distortion_term: Line = distortion_term
    rate_term: Line = rate_term
    bound: Line = bound
    objective: Line = objective
    gradient: Callable[[Tensor], None] = gradient
    learning_rate: Callable[[], float] = learning_rate
    update: Callable[[Adam, float], None] = update
    test_code: Line = test_code


RIGHT = Lines()
EVALUATION = ("test_code",)  # lines that run after the training
