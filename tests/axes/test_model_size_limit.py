"""The size of a model is estimated from its settings, and a model that is too large is refused before it is built."""

import time

import pytest

from tests.helpers.preset_helpers import OF_SENTENCES
from vae_core.axes.model_size_limit import WEIGHTS, WIDEST, weights, widest
from vae_core.config import DataConfig, ModelConfig
from vae_core.errors import UserError
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.presets.papers import PRESETS

HUGE = (
    {"shape": (4096, 4096, 4096)},
    {"shape": (1, 4096, 4096), "hidden": (1,)},
    {"shape": (3, 128, 128), "hidden": (4096,) * 8},
    {"shape": (3, 128, 128), "network": "conv", "hidden": (4096, 4096)},
    {"prior": "vamp", "components": 5000, "shape": (3, 128, 128), "hidden": (8,)},
    {"posterior": "autoregressive", "flow_width": 1024, "flow_steps": 50, "latent_dim": 512},
    {"prior": "flow", "flow_width": 1024, "flow_steps": 50, "latent_dim": 512},
)


@pytest.mark.parametrize("name", PRESETS)
def test_the_estimated_size_is_near_the_real_one(name):
    words = {"vocabulary": 95} if name in OF_SENTENCES else {}
    config = build_run(name, DataConfig(), (12,) if words else (1, 28, 28), 10, **words).model
    real = sum(tensor.numel() for tensor in build(config, 0).state_dict().values())
    assert 0.95 * real < weights(config) and (weights(config) < 2.5 * real or name in ("vq-vae", "planar-vae"))
    assert weights(config) < WEIGHTS / 10 and (widest(config) >= 784 or words) and widest(config) < WIDEST / 10


@pytest.mark.parametrize("axes", HUGE, ids=str)
def test_a_model_that_is_too_large_is_refused_at_once(axes):
    began = time.monotonic()
    with pytest.raises(UserError, match="choose smaller layers"):
        build(ModelConfig(**axes))
    assert time.monotonic() - began < 5


def test_a_large_model_within_the_limits_is_allowed():
    config = ModelConfig(shape=(3, 128, 128), network="residual", hidden=(64, 128, 256, 512), latent_dim=512)
    assert weights(config) < WEIGHTS and widest(config) < WIDEST
