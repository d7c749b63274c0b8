"""What the numbers of a model's code mean: whether there is a normal prior, the usual values, and which numbers are active units."""

import numpy as np
from numpy.typing import NDArray

from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes


def is_plain(model: Explorer) -> bool:
    """Whether the model is a plain autoencoder: it has codes but no q(z|x), so no rate and no prior."""
    return model.info.run.model.posterior == "point"


def has_normal_prior(model: Explorer) -> bool:
    """Whether the prior is a standard normal; only then the map has circles and sliders go in its standard deviations."""
    return not is_plain(model) and model.info.run.model.prior == "normal"


def usual(model: Explorer) -> tuple[Codes, Codes]:
    """Mean and standard deviation (L,) of each number of the code: 0 and 1 for a normal prior, else those of the codes."""
    if not has_normal_prior(model):
        return model.latents.mean.mean(0), model.latents.mean.std(0)
    return np.zeros(model.latent_dim, np.float32), np.ones(model.latent_dim, np.float32)


def active(model: Explorer) -> NDArray[np.bool_]:
    """Which dimensions are active units: the variance of the mean of q(z|x) is above 0.01 (Burda et al. 2016)."""
    return np.asarray(model.latents.mean.var(0) > 0.01)
