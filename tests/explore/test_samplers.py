"""Samplers fitted to codes where the prior has a hole."""

import numpy as np
import pytest
import torch
from torch import Generator

from vae_core.config import ModelConfig
from vae_core.distributions.pixelcnn import CodeMapCnn
from vae_core.errors import UserError
from vae_core.explore.samplers_prior_mixture_flow import SAMPLERS, fit_sampler
from vae_core.models.build import build
from vae_core.objectives.infovae_wae_mmd import mmd


def ring(count, seed=0):
    """Codes on a ring around (3, 0), with a hole in its middle."""
    noise = Generator().manual_seed(seed)
    angle = 2 * np.pi * torch.rand(count, generator=noise)
    radius = 2 + 0.1 * torch.randn(count, generator=noise)
    return torch.stack([3 + radius * angle.cos(), radius * angle.sin()], 1)


@pytest.mark.parametrize("name", [name for name, one in SAMPLERS.items() if one.posterior is None])
def test_fitted_samplers_match_the_codes_and_the_prior_does_not(name):
    vae = build(ModelConfig(shape=(1, 4, 4), hidden=(8,)), 0)
    draw = fit_sampler(name, vae, ring(1500), torch.full((1500, 2), 0.05))
    z = draw(1000, Generator().manual_seed(1))
    assert z.shape == (1000, 2) and torch.equal(z, draw(1000, Generator().manual_seed(1)))
    distance = mmd(z, ring(1000, 5), "rbf").item()
    within = ((z - torch.tensor([3.0, 0.0])).norm(dim=1) - 2).abs().median()
    if SAMPLERS[name].fitted:
        assert distance < 0.1 and within < 0.5
    else:
        assert distance > 0.5


def test_samples_of_spherical_codes_lie_on_the_sphere():
    vae = build(
        ModelConfig(shape=(1, 4, 4), hidden=(8,), latent_dim=3, posterior="von_mises_fisher", prior="sphere"), 0
    )
    codes = torch.nn.functional.normalize(torch.randn(200, 3, generator=Generator().manual_seed(0)), dim=1)
    z = fit_sampler("mixture", vae, codes, torch.full((200, 3), 0.1))(50, Generator().manual_seed(0))
    torch.testing.assert_close(z.norm(dim=1), torch.ones(50))


def test_samples_of_quantised_codes_are_entries():
    axes = {"posterior": "quantised", "prior": "codebook", "discrete": 2, "categories": 5, "latent_dim": 6}
    vae = build(ModelConfig(shape=(1, 4, 4), hidden=(8,), **axes), 0)
    codes, before = vae.sample_prior(200, Generator().manual_seed(0)), vae.posterior.codebook.entries.clone()
    z = fit_sampler("mixture", vae, codes, torch.zeros(200, 6))(50, Generator().manual_seed(0))
    assert torch.cdist(z.unflatten(1, (2, 3)).flatten(0, 1), before).min(1).values.max() < 1e-5
    assert torch.equal(before, vae.posterior.codebook.entries)


def test_the_code_map_cnn_learns_the_dependence_of_neighbouring_entries():
    """Maps of 4 x 4 entries in stripes: an entry is determined by the one above, which independent samplers cannot learn."""
    axes = {"posterior": "quantised", "prior": "codebook", "network": "grid", "hidden": (8,), "categories": 6}
    vae = build(ModelConfig(shape=(1, 8, 8), discrete=16, latent_dim=32, **axes), 0)
    entries = vae.posterior.codebook.entries
    first = torch.randint(6, (600, 1), generator=Generator().manual_seed(0))
    maps = ((first + torch.arange(4)) % 6).unsqueeze(2).expand(600, 4, 4)
    draw = fit_sampler("place_by_place", vae, entries[maps].flatten(1), torch.zeros(600, 32))
    z = draw(200, Generator().manual_seed(1))
    assert torch.equal(z, draw(200, Generator().manual_seed(1)))
    drawn = vae.posterior.codebook.nearest(z.unflatten(1, (16, 2))).unflatten(1, (4, 4))
    right = (drawn == (drawn[:, :1, :1] + torch.arange(4).unsqueeze(1)) % 6).all(2).all(1)
    assert right.double().mean() > 0.9
    assert drawn[:, 0, 0].bincount(minlength=6).min() > 15


def test_an_entry_of_a_map_depends_on_earlier_entries_only():
    net = CodeMapCnn(torch.randn(5, 3, generator=Generator().manual_seed(0)), 4, 4)
    maps = torch.randint(5, (1, 4, 4), generator=Generator().manual_seed(1))
    before = net(maps)
    for place in range(16):
        changed = maps.clone()
        changed[0, place // 4, place % 4] = (changed[0, place // 4, place % 4] + 1) % 5
        differs = (net(changed) != before).any(1).flatten()
        assert not differs[: place + 1].any() and (place >= 12 or differs[place + 4])


def test_a_sampler_refuses_what_it_cannot_do():
    vae = build(ModelConfig(shape=(1, 4, 4), hidden=(8,)), 0)
    with pytest.raises(UserError, match="known are prior, mixture"):
        fit_sampler("dream", vae, ring(20), torch.ones(20, 2))
    with pytest.raises(UserError, match="at least 10 codes"):
        fit_sampler("flow", vae, ring(5), torch.ones(5, 2))
    with pytest.raises(UserError, match="for the posterior 'quantised'"):
        fit_sampler("place_by_place", vae, ring(20), torch.ones(20, 2))
