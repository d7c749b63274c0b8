"""OBJECTIVES: what the optimiser minimises, as frozen callables whose fields are hyper-parameters and form at once.

All terms are in nats per image: summed over pixels and dimensions, averaged over the batch.
"""

from vae_core.objectives.adversarial import Adversary, Factor, VaeGan
from vae_core.objectives.base import Base, StepContext, Terms
from vae_core.objectives.discrete import Joint, Quantised
from vae_core.objectives.disentanglement import Dip, TotalCorrelation
from vae_core.objectives.elbo_beta_vae import Autoencoder, Beta, Capacity, Elbo
from vae_core.objectives.importance_weighted import Ciwae, Dreg, Iwae, Miwae, Piwae
from vae_core.objectives.infovae_wae_mmd import Info, Sliced, Wae
from vae_core.objectives.kl_warmup import AnnealedBound
from vae_core.objectives.rae_ms_ssim import MsSsim, Rae
from vae_core.objectives.semi_supervised import M1M2Objective, Semi

__all__ = [
    "OBJECTIVES",
    "Autoencoder",
    "Base",
    "Beta",
    "Capacity",
    "Elbo",
    "StepContext",
    "Objective",
    "Terms",
    "with_beta",
]

Bounds = Autoencoder | Elbo | Beta | Capacity | Iwae | Miwae | Ciwae | Piwae | Dreg
Matchings = TotalCorrelation | Dip | Info | Wae | Sliced | Factor | Adversary
Objective = Bounds | Matchings | Rae | MsSsim | VaeGan | Joint | Quantised | Semi | M1M2Objective
OBJECTIVES: dict[str, type[Objective]] = {
    "autoencoder": Autoencoder,
    "elbo": Elbo,
    "beta": Beta,
    "capacity": Capacity,
    "tc": TotalCorrelation,
    "dip": Dip,
    "info": Info,
    "wae": Wae,
    "sliced": Sliced,
    "iwae": Iwae,
    "miwae": Miwae,
    "ciwae": Ciwae,
    "piwae": Piwae,
    "dreg": Dreg,
    "rae": Rae,
    "ms_ssim": MsSsim,
    "factor": Factor,
    "adversary": Adversary,
    "vae_gan": VaeGan,
    "joint": Joint,
    "quantised": Quantised,
    "semi": Semi,
    "stacked": M1M2Objective,
}


def with_beta(objective: Objective, beta: float) -> Objective:
    """The same objective with another weight: of its `dial`, for an ELBO that of the rate; unchanged where it has none."""
    if isinstance(objective, Elbo):
        return Beta(beta=beta, **objective.model_dump(include=set(AnnealedBound.model_fields) - {"name"}))
    return objective if objective.dial is None else objective.replace(**{objective.dial: beta})
