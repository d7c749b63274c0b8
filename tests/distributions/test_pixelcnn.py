"""PixelCNN: a normalised distribution over all images, and samples with its probabilities."""

from itertools import product

import pytest
import torch
from torch import Generator

from vae_core.config import ModelConfig
from vae_core.models.build import build
from vae_core.models.vae import evaluation


def model(shape=(1, 2, 3)):
    vae = build(ModelConfig(shape=shape, latent_dim=2, hidden=(8,), likelihood="pixelcnn"), 0)
    with torch.no_grad():
        for parameter in vae.likelihood.parameters():
            parameter.mul_(3).add_(0.2)  # pixels that matter to each other
    return vae.eval()


def test_the_probabilities_of_all_images_sum_to_one_and_match_samples():
    vae = model()
    every = torch.tensor(list(product((0.0, 1.0), repeat=6))).reshape(64, 1, 2, 3)
    with evaluation(vae):
        shares = vae.decode(torch.ones(64, 2)).log_prob(every).exp()
        assert shares.sum().item() == pytest.approx(1.0, abs=1e-4)
        torch.manual_seed(0)
        drawn = vae.decode(torch.ones(40_000, 2)).sample()
    number = (drawn.flatten(1) * 2.0 ** torch.arange(5, -1, -1)).sum(1).long()
    torch.testing.assert_close(number.bincount(minlength=64) / 40_000, shares, atol=0.01, rtol=0)


@pytest.mark.parametrize("shape", [(1, 4, 5), (2, 4, 3)])
def test_a_pixel_depends_on_the_code_and_earlier_pixels_only(shape):
    vae = model(shape)
    raw = torch.randn(1, *shape, generator=Generator().manual_seed(0))
    slopes = torch.autograd.functional.jacobian(lambda x: vae.likelihood.network(x, raw), torch.rand(1, *shape))
    pixels = shape[1] * shape[2]
    seen = slopes[0, :, :, :, 0].abs().flatten(4, 5).flatten(1, 2).sum((0, 2))  # (pixel, pixel)
    assert seen.shape == (pixels, pixels)
    assert torch.equal(seen.triu(), torch.zeros(pixels, pixels)) and (seen.tril(-1).sum(1)[1:] > 0).all()


def test_fixed_point_iteration_gives_the_sequential_sample():
    vae = model((1, 4, 5))
    with evaluation(vae):
        p = vae.decode(torch.randn(3, 2, generator=Generator().manual_seed(1)))
        picture = torch.zeros(3, 1, 4, 5)
        for row, column in product(range(4), range(5)):
            picture[..., row, column] = p.logits_of(picture)[..., row, column].sigmoid()
        torch.testing.assert_close(p.mean, picture, atol=1e-3, rtol=0)
