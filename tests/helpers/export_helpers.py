"""Small models with large random weights for tests of an export, and torch's outputs for random inputs."""

from collections.abc import Mapping
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Generator, Tensor

from vae_core.axes.compatibility import refusal
from vae_core.axes.names import SEQUENTIAL
from vae_core.axes.table_layout import TableLayout
from vae_core.config import ModelConfig
from vae_core.models.build import build
from vae_core.models.likelihoods import LIKELIHOODS
from vae_core.models.networks import NETWORKS
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


def networks_and_likelihoods() -> list[tuple[str, str]]:
    """Every pair that goes together and that the browser can run; of sentences see `sentence_model`."""
    pairs = product(of_pictures(), in_browser(LIKELIHOODS))
    return [(network, name) for network, name in pairs if not refusal(config(network=network, **of_likelihood(name)))]


def of_pictures() -> list[str]:
    """The networks that the browser can run and that are not for sentences."""
    return [name for name in in_browser(NETWORKS) if name not in SEQUENTIAL]


def of_likelihood(name: str) -> dict[str, Any]:
    """The settings of a model with that likelihood: of a table where it is one of columns."""
    table = {"shape": (9,), "columns": (1, 3, 1, 2), "missing": (1, 2)}
    return {"likelihood": name} | (table if name == "columns" else {})


def config(**changes: Any) -> ModelConfig:
    return ModelConfig(
        **{"shape": (1, 8, 8), "latent_dim": 3, "hidden": (12, 9), "sigma": 0.3, "activation": "silu", **changes}
    )


def lively(seed: int = 0, **changes: Any) -> VAE:
    """A small model whose outputs spread over about one unit; with torch's initial weights they would be nearly zero."""
    vae = build(config(**changes), seed)
    noise = Generator().manual_seed(seed)
    with torch.no_grad():
        for network in (vae.encoder, vae.decoder):
            for values in network.parameters():
                if values.dim() > 1:
                    values.mul_(2)
                else:
                    values.normal_(std=0.3, generator=noise)
    return vae


def sentence_model(seed: int = 0, **changes: Any) -> VAE:
    """A small GRU that writes sentences of several lengths, with the weights that the browser has of it: those of 16 bits."""
    settings = {"network": "gru", "likelihood": "tokens", "shape": (9,), "vocabulary": 40, "hidden": (24, 24)}
    vae = lively(seed, **{**settings, **changes})
    with torch.no_grad():
        for values in vae.likelihood.parameters():
            values.mul_(3)
        for values in vae.parameters():
            values.copy_(values.half())
    return vae


def case_inputs(vae: VAE, seed: int = 1) -> tuple[Tensor, Tensor, Tensor | None]:
    """Inputs x with many zeros and ones, as digits have, z from the prior, and labels for a conditional model.

    Rows of a table have one value of each category, and some lack values.
    """
    noise, config = Generator().manual_seed(seed), vae.config
    x = (torch.rand(INPUTS, *config.shape, generator=noise) * 1.6 - 0.5).clamp(0, 1)
    if config.columns:
        x = _rows(x, TableLayout.of(config))
    z = torch.randn(INPUTS, config.latent_dim, generator=noise)
    return x, z, torch.arange(INPUTS) % config.classes if config.classes else None


def _rows(x: Tensor, layout: TableLayout) -> Tensor:
    x[:, layout.flags] = (x[:, layout.flags] > 0.5).float()
    for column in layout.categories:
        part = layout.parts[column]
        x[:, part] = torch.nn.functional.one_hot(x[:, part].argmax(1), part.stop - part.start).float()
    for column, flag in zip(layout.missing, x[:, layout.flags].T, strict=True):
        x[flag == 1, layout.parts[column]] = 0
    return x


def reference(vae: VAE, x: Tensor, z: Tensor, y: Tensor | None) -> Reference:
    with evaluation(vae):
        q, p = vae.encode(x, y), vae.decode(z, y)
        has = vae.posterior.has_density
        logvar = (2 * q.stddev.log()).numpy() if has else None
        kl = vae.prior_module.kl(q, q.mean) if has else torch.zeros_like(z)
        return Reference(q.mean.numpy(), logvar, p.mean.numpy(), -p.log_prob(x).numpy(), kl.numpy())
