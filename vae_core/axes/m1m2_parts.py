"""The settings of the two models of M1+M2 (Kingma et al. 2014), from those of the whole."""

from vae_core.config import ModelConfig


def first_model(config: ModelConfig) -> ModelConfig:
    """M1 of M1+M2: a plain VAE of images, whose code has `first` dimensions."""
    alone = {"first": 0, "posterior": "normal", "prior": "normal", "classes": 0, "classifier": "none"}
    return config.replace(**alone, latent_dim=config.first)


def second_model(config: ModelConfig) -> ModelConfig:
    """M2 of M1+M2: a conditional VAE of M1's codes, with dense layers."""
    dense = {"network": "mlp", "hidden": config.hidden[-1:], "decoder_hidden": None}
    codes = {"first": 0, "shape": (config.first,), "likelihood": "gaussian_diagonal", "sigma": 1.0}
    codes |= {"columns": (), "missing": ()}
    return config.replace(**dense, **codes)
