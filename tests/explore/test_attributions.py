"""Attributions against known answers: completeness, finite differences, and a linear encoder, where both are in closed form."""

import pytest
import torch

from tests.helpers.model_helpers import X, model
from vae_core.explore.one_image.attributions import attributions

X1, BASELINE = X[:1], X[1:2]


@pytest.mark.parametrize(
    "settings", [{}, {"network": "conv", "shape": (1, 16, 16)}, {"classes": 3}, {"posterior": "point"}]
)
def test_integrated_gradients_add_up_to_the_difference_from_the_baseline(settings):
    vae = model(**settings).eval()
    torch.manual_seed(0)
    x, baseline = torch.rand(2, 1, *vae.config.shape)
    y = torch.tensor([2]) if settings.get("classes") else None
    found = attributions(vae, x, baseline, y, 1)
    assert found.integrated.shape == vae.config.shape
    difference = found.value - found.baseline
    assert abs(difference) > 1e-3
    assert found.integrated.sum() == pytest.approx(difference, abs=0.02 * abs(difference) + 1e-4)
    with torch.no_grad():
        ends = vae.encode(torch.cat([x, baseline]), None if y is None else y.expand(2)).mean[:, 1]
    assert [found.value, found.baseline] == pytest.approx(ends.tolist(), abs=1e-5)


def test_the_gradient_is_that_of_finite_differences():
    vae = model(activation="silu").double().eval()
    found = attributions(vae, X1.double(), BASELINE.double(), None, 2)
    step = 1e-5
    for place in [(0, 0, 0), (0, 2, 3)]:
        moved = X1.double().repeat(2, 1, 1, 1)
        moved[0][place] += step
        moved[1][place] -= step
        with torch.no_grad():
            high, low = vae.encode(moved).mean[:, 2]
        assert found.gradient[place] == pytest.approx(((high - low) / (2 * step)).item(), abs=1e-6)


def test_a_linear_encoder_has_the_same_gradient_everywhere():
    vae = model(hidden=()).eval()
    found = attributions(vae, X1, BASELINE, None, 0)
    weights = vae.encoder(torch.eye(16).view(16, 1, 4, 4))[:, 0] - vae.encoder(torch.zeros(1, 1, 4, 4))[:, 0]
    torch.testing.assert_close(torch.from_numpy(found.gradient).flatten(), weights.detach(), atol=1e-5, rtol=1e-4)
    expected = (X1 - BASELINE).flatten() * weights.detach()
    torch.testing.assert_close(torch.from_numpy(found.integrated).flatten(), expected, atol=1e-5, rtol=1e-4)
