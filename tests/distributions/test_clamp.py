"""A clamp with a cheap gradient: torch's values, and its gradient but for the bounds themselves."""

import math

import pytest
import torch

from vae_core.distributions.clamp import clamp


@pytest.mark.parametrize(("low", "high"), [(-1.0, 2.0), (-math.inf, 2.0), (-1.0, math.inf)])
def test_it_is_torchs_with_its_gradient(low, high):
    x = torch.tensor([-1e30, -1.5, -0.999, 0.0, 1.999, 2.5, 1e30, math.nan])
    ours, theirs = (x.clone().requires_grad_() for _ in range(2))
    for mine, made in ((ours, clamp(ours, low, high)), (theirs, theirs.clamp(low, high))):
        made.backward(torch.arange(1.0, 9))
        mine.made = made.detach()
    torch.testing.assert_close(ours.made, theirs.made, equal_nan=True)
    assert torch.equal(ours.grad[:-1], theirs.grad[:-1])
