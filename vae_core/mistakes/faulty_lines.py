"""The faulty lines: each takes the place of the line with the same arguments in `right_lines.py`, and is executed as it stands."""

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits


def data_not_scaled(images: Tensor) -> Tensor:
    x = images.float()
    return x


def log_variance_as_deviation(log_variance: Tensor) -> Tensor:
    std = log_variance
    return std


def one_epsilon(mean: Tensor, generator: Generator) -> Tensor:
    eps = torch.randn(mean.shape[1:], generator=generator)
    return eps


def no_sampling(mean: Tensor, std: Tensor, eps: Tensor) -> Tensor:
    z = mean
    return z


def sigmoid_twice(decoder: nn.Module, pixel_cnn: nn.Module | None, z: Tensor, x: Tensor) -> Tensor:
    logits = decoder(z).sigmoid()
    return logits


def decoder_reads_the_image(decoder: nn.Module, pixel_cnn: nn.Module, z: Tensor, x: Tensor) -> Tensor:
    logits = pixel_cnn(x, decoder(z))
    return logits


def mean_over_pixels(logits: Tensor, x: Tensor) -> Tensor:
    distortion = binary_cross_entropy_with_logits(logits, x)
    return distortion


def sign_of_the_kl(mean: Tensor, log_variance: Tensor) -> Tensor:
    rate = 0.5 * (1 + log_variance - mean**2 - log_variance.exp()).sum(1).mean()
    return rate


def no_kl(distortion: Tensor, rate: Tensor) -> Tensor:
    elbo = -distortion
    return elbo


def minimised_elbo(elbo: Tensor) -> Tensor:
    loss = elbo
    return loss


def learning_rate_too_high() -> float:
    lr = 0.1
    return lr


def sampling_at_test_time(mean: Tensor, std: Tensor, generator: Generator) -> Tensor:
    z = mean + std * torch.randn(mean.shape, generator=generator)
    return z
