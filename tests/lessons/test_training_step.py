"""The training step that the Start page lists is the project's own: the same loss, gradients and gradient step under the same noise."""

import copy

import pytest
import torch
from torch import Generator

from vae_core import checkpoints
from vae_core.lessons.training_step import training_step
from vae_core.objectives.base import StepContext
from vae_core.objectives.elbo_beta_vae import Elbo

MODELS = ["digits-vae-2d", "mnist-vae-2d", "mnist-cvae-2d"]


@pytest.mark.parametrize("name", MODELS)
def test_the_listed_step_is_the_step_of_the_elbo(name):
    found = checkpoints.load(checkpoints.bundled() / name)
    vae, info = found.vae, found.info
    assert isinstance(info.run.objective, Elbo)
    x = torch.rand(32, *vae.config.shape, generator=Generator().manual_seed(1))
    y = torch.arange(32) % vae.config.classes if vae.config.classes else None
    own, listed = copy.deepcopy(vae).train(), copy.deepcopy(vae).train()
    noise = Generator().manual_seed(5)
    terms = info.run.objective(own, x, y, StepContext(1.0, noise))
    terms.loss.backward()
    before = [p.detach().clone() for p in listed.parameters()]
    loss = training_step(listed, torch.optim.SGD(listed.parameters(), lr=0.5), x, y, Generator().manual_seed(5))
    assert loss.item() == pytest.approx(terms.loss.item(), rel=1e-6)
    assert terms.loss.item() == pytest.approx((terms.distortion + terms.rate).item(), rel=1e-6)
    for old, mine, theirs in zip(before, listed.parameters(), own.parameters(), strict=True):
        torch.testing.assert_close(mine.detach(), old - 0.5 * theirs.grad, rtol=1e-4, atol=1e-5)
