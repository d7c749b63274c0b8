"""build(): a ModelConfig -> the model."""

import torch

from vae_core.axes.compatibility import refuse
from vae_core.config import ModelConfig
from vae_core.models.m1m2 import M1M2
from vae_core.models.pairs.pair_vae import PairVAE
from vae_core.models.vae import VAE


def build(config: ModelConfig, seed: int | None = None) -> VAE:
    """The model that `config` describes, with initial weights fixed by `seed`.

    Raises UserError, before any weight is made, for settings that cannot work together and for a model that is too large.
    """
    refuse(config)
    with torch.random.fork_rng(devices=[], enabled=seed is not None):
        if seed is not None:
            torch.manual_seed(seed)
        return (M1M2 if config.first else PairVAE if config.words else VAE)(config)
