"""A small model, a batch of images X, and the gradients of an objective."""

import torch
from torch import Generator

from vae_core.config import ModelConfig
from vae_core.models.build import build
from vae_core.objectives import StepContext

X = torch.rand(8, 1, 4, 4, generator=Generator().manual_seed(5))


def model(**changes):
    return build(ModelConfig(**{"shape": (1, 4, 4), "latent_dim": 3, "hidden": (16,), **changes}), seed=0)


def step_context(seed=0, progress=0.5, **told):
    return StepContext(progress, Generator().manual_seed(seed), **told)


def gradients(vae, objective, seed=0):
    vae.zero_grad()
    terms = objective(vae, X, None, step_context(seed))
    terms.loss.backward()
    return terms, {name: p.grad.clone() for name, p in vae.named_parameters()}


def assert_close(mine, theirs, half):
    names = [name for name in mine if name.startswith(half)]
    assert names
    for name in names:
        torch.testing.assert_close(mine[name], theirs[name], rtol=1e-4, atol=1e-5, msg=lambda text, n=name: n + text)
