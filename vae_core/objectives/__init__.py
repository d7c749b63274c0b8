"""OBJECTIVES: the losses that the optimiser minimises, as frozen callables whose fields are the hyper-parameters and the form.

All terms are in nats per image: summed over pixels and dimensions, averaged over the batch. No networks of the model, no training loop.
"""

from vae_core.objectives.base import BaseObjective, StepContext, Terms
from vae_core.objectives.betatcvae_dipvae import BetaTcVae, DipVae
from vae_core.objectives.elbo_beta_vae import Autoencoder, BetaVae, CapacityVae, Elbo
from vae_core.objectives.factorvae_aae_vaegan import AdversarialAutoencoder, FactorVae, VaeGan
from vae_core.objectives.importance_weighted import Ciwae, Dreg, Iwae, Miwae, Piwae
from vae_core.objectives.infovae_wae_mmd import InfoVae, SlicedWae, Wae
from vae_core.objectives.jointvae_vqvae import JointVae, VqVae
from vae_core.objectives.kl_warmup_free_bits import AnnealedBound
from vae_core.objectives.pairs.mvae_mmvae_mopoe_jmvae import Jmvae, Mmvae, Mopoe, Mvae
from vae_core.objectives.rae_ms_ssim import MsSsim, Rae
from vae_core.objectives.semi_supervised import M1M2Objective, M2Objective

__all__ = [
    "OBJECTIVES",
    "Autoencoder",
    "BaseObjective",
    "BetaVae",
    "CapacityVae",
    "Elbo",
    "StepContext",
    "Objective",
    "Terms",
    "with_dial_value",
]

BoundObjectives = Autoencoder | Elbo | BetaVae | CapacityVae | Iwae | Miwae | Ciwae | Piwae | Dreg
PriorMatchings = BetaTcVae | DipVae | InfoVae | Wae | SlicedWae | FactorVae | AdversarialAutoencoder
PairObjectives = Mvae | Mmvae | Mopoe | Jmvae
OtherObjectives = Rae | MsSsim | VaeGan | JointVae | VqVae | M2Objective | M1M2Objective
Objective = BoundObjectives | PriorMatchings | OtherObjectives | PairObjectives
OBJECTIVES: dict[str, type[Objective]] = {
    "autoencoder": Autoencoder,
    "elbo": Elbo,
    "beta": BetaVae,
    "capacity": CapacityVae,
    "tc": BetaTcVae,
    "dip": DipVae,
    "info": InfoVae,
    "wae": Wae,
    "sliced": SlicedWae,
    "iwae": Iwae,
    "miwae": Miwae,
    "ciwae": Ciwae,
    "piwae": Piwae,
    "dreg": Dreg,
    "rae": Rae,
    "ms_ssim": MsSsim,
    "factor": FactorVae,
    "adversary": AdversarialAutoencoder,
    "vae_gan": VaeGan,
    "joint": JointVae,
    "quantised": VqVae,
    "semi": M2Objective,
    "stacked": M1M2Objective,
    "mvae": Mvae,
    "mmvae": Mmvae,
    "mopoe": Mopoe,
    "jmvae": Jmvae,
}


def with_dial_value(objective: Objective, beta: float) -> Objective:
    """The same objective with its `dial` set to `beta`: an ELBO becomes a beta-VAE; an objective without a dial is unchanged."""
    if isinstance(objective, Elbo):
        return BetaVae(beta=beta, **objective.model_dump(include=set(AnnealedBound.model_fields) - {"name"}))
    return objective if objective.dial is None else objective.replace(**{objective.dial: beta})
