"""The counts of operations of a training step, compared with known counts."""

import torch

from benchmarks.step_time import count_operations, partner
from tests.helpers.preset_helpers import OF_NUMBERS
from vae_core.config import DataConfig
from vae_core.models.build import build
from vae_core.objectives import Elbo, StepContext
from vae_core.presets.build_run import build_run


def test_products_and_elements_are_counted_and_moves_are_not():
    x, weight = torch.rand(3, 5), torch.rand(5, 7)
    assert count_operations(lambda: x @ weight) == {"product": 2 * 3 * 5 * 7, "operations": 1}
    assert count_operations(lambda: (x.exp() + 1).t().repeat(4, 2).clone()) == {
        "series": 15,
        "arithmetic": 15,
        "operations": 2,
    }
    maps, kernel = torch.rand(2, 3, 8, 8), torch.rand(4, 3, 3, 3)
    convolved = count_operations(lambda: torch.conv2d(maps, kernel, padding=1))
    assert convolved == {"convolution": 2 * (3 * 9) * 4 * (2 * 8 * 8), "operations": 1}


def test_five_codes_an_image_need_one_encoding_and_five_decodings():
    x = torch.rand(6, 1, 8, 8)
    products = []
    for samples in (1, 5):
        run = build_run("iwae", DataConfig(), x.shape[1:], 0, samples=samples, hidden=(32,), latent_dim=2)
        vae = build(run.model, 0)

        def step(run=run, vae=vae):
            run.objective(vae, x, None, StepContext(0.5, torch.Generator().manual_seed(0))).loss.backward()

        products.append(count_operations(step)["product"])
    decoding = 3 * 2 * 6 * (2 * 32 + 32 * 64)  # forward, and backward to the weights and to what came in
    encoding = 3 * 2 * 6 * (64 * 32 + 32 * 4) - 2 * 6 * 64 * 32  # no slope goes to the pictures
    assert products == [encoding + decoding, encoding + 5 * decoding]


def test_the_partner_is_the_plain_vae_on_the_same_layers():
    for name in OF_NUMBERS:
        run = build_run(name, DataConfig(), (1, 8, 8), 10)
        plain = partner(run)
        assert (plain.model.posterior, plain.model.prior, plain.objective) == ("normal", "normal", Elbo()), name
        assert (plain.model.hidden, plain.model.latent_dim) == (run.model.hidden, run.model.latent_dim)
        build(plain.model)
