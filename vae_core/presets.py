"""PRESETS: a paper's name -> a point on the axes."""

from dataclasses import dataclass
from typing import Any

import torch

from vae_core.config import DataConfig, ModelConfig, RunConfig, TrainConfig
from vae_core.errors import UserError
from vae_core.objectives import Autoencoder, Beta, Capacity, Elbo, Objective


@dataclass(frozen=True)
class Preset:
    """`objective` and the fields of ModelConfig and TrainConfig in which it differs from the plain VAE."""

    title: str
    paper: str
    summary: str
    objective: Objective = Elbo()
    changes: tuple[tuple[str, Any], ...] = ()
    conditional: bool = False


PRESETS: dict[str, Preset] = {
    "vae": Preset("VAE", "Kingma and Welling 2014, arXiv:1312.6114", "The evidence lower bound, nothing else."),
    "autoencoder": Preset(
        "Plain autoencoder",
        "Hinton and Salakhutdinov 2006",
        "One code per image and no prior: sharp pictures, a map with holes.",
        Autoencoder(),
        (("posterior", "point"),),
    ),
    "tied-autoencoder": Preset(
        "Tied autoencoder",
        "Hinton and Salakhutdinov 2006",
        "A plain autoencoder whose decoder is its encoder transposed.",
        Autoencoder(),
        (("posterior", "point"), ("network", "tied")),
    ),
    "beta-vae": Preset(
        "beta-VAE",
        "Higgins et al. 2017",
        "The rate costs beta times as much: a tidier code, blurrier pictures.",
        Beta(beta=4.0),
    ),
    "capacity-vae": Preset(
        "Capacity VAE",
        "Burgess et al. 2018, arXiv:1804.03599",
        "The rate is held to a capacity that rises during training.",
        Capacity(),
    ),
    "cvae": Preset(
        "Conditional VAE",
        "Sohn, Lee and Yan 2015",
        "Encoder and decoder are told the label, the code keeps the rest: style.",
        conditional=True,
    ),
    "sigma-vae": Preset(
        "sigma-VAE",
        "Rybkin, Daniilidis and Levine 2021, arXiv:2006.13202",
        "A Gaussian decoder whose sigma is optimal: it finds its own balance of distortion and rate.",
        changes=(("likelihood", "gaussian_optimal"), ("sigma", 0.3)),
    ),
    "cb-vae": Preset(
        "Continuous Bernoulli VAE",
        "Loaiza-Ganem and Cunningham 2019, arXiv:1907.06845",
        "A density that grey pixels really have.",
        changes=(("likelihood", "continuous_bernoulli"),),
    ),
    "kl-warm-up": Preset(
        "VAE with KL warm-up",
        "Bowman et al. 2016, arXiv:1511.06349",
        "The rate's weight rises from zero, so that codes are used before they are paid for.",
        Elbo(kl_schedule="linear"),
    ),
    "cyclical-vae": Preset(
        "VAE with cyclical warm-up",
        "Fu et al. 2019, arXiv:1903.10145",
        "The rate's weight rises again and again.",
        Elbo(kl_schedule="cyclical", kl_warmup=0.5),
    ),
    "free-bits": Preset(
        "VAE with free bits",
        "Kingma et al. 2016, arXiv:1606.04934",
        "Each dimension has some nats for free, so that none is given up.",
        Elbo(free_bits=0.25),
    ),
}


def bf16_is_fast() -> bool:
    """Whether this processor multiplies bfloat16 in hardware."""
    return bool(torch.backends.mkldnn.is_available()) and torch.ops.mkldnn._is_mkldnn_bf16_supported()


def preset(name: str, data: DataConfig, shape: tuple[int, ...], classes: int, **settings: Any) -> RunConfig:
    """The run of that name for data of `shape` with `classes` labels (0: none).

    `settings` are fields of the objective, ModelConfig or TrainConfig, and `title`, that replace the preset's.
    Raises UserError for an unknown preset, an unknown setting or a combination that cannot work.
    """
    if name not in PRESETS:
        raise UserError(f"There is no preset '{name}'; known are {', '.join(PRESETS)}.")
    chosen = PRESETS[name]
    if chosen.conditional and not classes:
        raise UserError(
            f"The preset '{name}' needs labels, and the data set '{data.dataset}' has none: choose another preset."
        )
    model = {**_network(shape), **dict(chosen.changes), "classes": classes if chosen.conditional else 0}
    title = settings.pop("title", f"{data.dataset} {chosen.title}")
    parts = {
        "objective": (chosen.objective, {}),
        "model": (ModelConfig(shape=shape), model),
        "train": (TrainConfig(precision="bf16" if bf16_is_fast() else "fp32", **_pace(shape)), {}),
    }
    known = {part: set(type(start).model_fields) - {"name"} for part, (start, _) in parts.items()}
    for key, value in settings.items():
        part = next((part for part, fields in known.items() if key in fields), None)
        if part is None:
            raise UserError(
                f"'{key}' is not a setting of the preset '{name}'; settings are {', '.join(sorted(set().union(*known.values())))}."
            )
        parts[part][1][key] = value
    return RunConfig(title=title, data=data, **{part: start.but(**changes) for part, (start, changes) in parts.items()})


def _pace(shape: tuple[int, ...]) -> dict[str, Any]:
    """Batches, passes and learning rate that suit a shape: small pictures and points come in small sets."""
    if len(shape) == 1 or shape[1] * shape[2] <= 100:
        return {"batch_size": 64, "warmup_steps": 20, "epochs": 100}
    return {"batch_size": 192, "lr": 7e-3} if shape[0] == 1 and shape[1] * shape[2] <= 1024 else {}


def _network(shape: tuple[int, ...]) -> dict[str, Any]:
    """Layers and likelihood that suit a shape: what was measured to be good in seconds rather than minutes."""
    if len(shape) == 1:
        return {"hidden": (64, 64), "activation": "silu", "likelihood": "gaussian_learned", "sigma": 0.3}
    channels, height, width = shape
    if height * width <= 100:
        return {"hidden": (256, 128), "activation": "silu"}
    if channels == 1 and height * width <= 1024:
        return {"hidden": (256, 256, 128), "activation": "silu"}
    return {"network": "conv", "hidden": (32, 64, 128), "activation": "silu"}
