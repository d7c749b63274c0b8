"""Small models with large random weights for tests of an export, and torch's outputs for random inputs."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Generator, Tensor

from vae_core.config import ModelConfig
from vae_core.models.build import build
from vae_core.models.vae import VAE, evaluation

INPUTS = 64


class Reference(NamedTuple):
    """torch's outputs for each input: q(z|x), the mean of p(x|z), -log p(x|z), and the KL of each dimension (0 for a point)."""

    mean: np.ndarray
    logvar: np.ndarray | None
    picture: np.ndarray
    distortion: np.ndarray
    kl: np.ndarray


def in_browser(axis: Mapping[str, Any]) -> list[str]:
    """The names on an axis that the browser can run."""
    return [name for name, entry in axis.items() if entry.browser]


def lively(seed: int = 0, **changes: Any) -> VAE:
    """A small model whose outputs spread over about one unit; with torch's initial weights they would be nearly zero."""
    config = {"shape": (1, 8, 8), "latent_dim": 3, "hidden": (12, 9), "sigma": 0.3, "activation": "silu", **changes}
    vae = build(ModelConfig(**config), seed)
    noise = Generator().manual_seed(seed)
    with torch.no_grad():
        for network in (vae.encoder, vae.decoder):
            for values in network.parameters():
                if values.dim() > 1:
                    values.mul_(2)
                else:
                    values.normal_(std=0.3, generator=noise)
    return vae


def case_inputs(vae: VAE, seed: int = 1) -> tuple[Tensor, Tensor, Tensor | None]:
    """Inputs x with many zeros and ones, as digits have, z from the prior, and labels for a conditional model."""
    noise, config = Generator().manual_seed(seed), vae.config
    x = (torch.rand(INPUTS, *config.shape, generator=noise) * 1.6 - 0.5).clamp(0, 1)
    z = torch.randn(INPUTS, config.latent_dim, generator=noise)
    return x, z, torch.arange(INPUTS) % config.classes if config.classes else None


def reference(vae: VAE, x: Tensor, z: Tensor, y: Tensor | None) -> Reference:
    with evaluation(vae):
        q, p = vae.encode(x, y), vae.decode(z, y)
        has = vae.posterior.has_density
        logvar = (2 * q.stddev.log()).numpy() if has else None
        kl = vae.prior_module.kl(q, q.mean) if has else torch.zeros_like(z)
        return Reference(q.mean.numpy(), logvar, p.mean.numpy(), -p.log_prob(x).numpy(), kl.numpy())
