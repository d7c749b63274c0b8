"""In which axes a model differs from the plain VAE, and which parts of the diagram each of these axes colours.

All of it is read from the configuration, so a new preset is drawn without a line here. `family` of two models is equal where they
differ from the plain VAE in the same way, whatever their sizes, weights and data.
"""

from dataclasses import dataclass

from vae_core.config import ModelConfig
from vae_core.messages import Message
from vae_core.objectives import Elbo, Objective
from vae_core.objectives.factorvae_aae_vaegan import WithCritic
from vae_core.objectives.importance_weighted import MultiSample
from vae_core.presets.papers import Preset

PLAIN = {"network": "mlp", "posterior": "normal", "prior": "normal", "likelihood": "bernoulli", "objective": "elbo"}
PLAIN |= {"labels": "", "classifier": "none", "first": ""}
AXES: dict[str, Message] = {
    "labels": Message("labels"),
    "classifier": Message("classifier"),
    "first": Message("first VAE"),
    "network": Message("network"),
    "posterior": Message("posterior q(z|x)"),
    "prior": Message("prior p(z)"),
    "likelihood": Message("likelihood p(x|z)"),
    "objective": Message("loss"),
}
# axis -> the parts of the diagram that it colours whatever its value
PARTS: dict[str, tuple[str, ...]] = {
    "labels": ("label",),
    "classifier": ("classifier",),
    "first": ("first",),
    "network": ("encoder", "decoder"),
    "posterior": ("q",),
    "prior": ("prior",),
    "likelihood": ("likelihood",),
    "objective": ("loss",),
}
# part -> the part of the model in the palette whose colour it has
TINTS = {
    "label": "x", "classifier": "x", "first": "x", "encoder": "q", "decoder": "out", "q": "q", "flow": "q", "eps": "eps",
    "samples": "z", "prior": "rate", "kl": "rate", "codes": "rate", "likelihood": "distortion", "pixels": "distortion",
    "critic": "distortion", "loss": "loss",
}  # fmt: skip
NOISELESS, FLOWS = ("point", "quantised"), ("planar", "autoregressive")
MATCHED, INDEPENDENT = ("info", "wae", "sliced", "adversary"), ("tc", "dip", "factor")  # what is asked of all codes
WEIGHTED = ("beta", "capacity", "joint")  # objectives with another weight of the rate
PIXELS = ("ms_ssim", "vae_gan")  # objectives with another comparison of the pictures


@dataclass(frozen=True)
class Configuration:
    """What a drawing depends on: the settings of the model, as far as they differ from the defaults, and the objective."""

    model: ModelConfig
    objective: Objective
    conditional: bool = False

    @classmethod
    def of(cls, preset: Preset) -> "Configuration":
        """The configuration of a preset, whatever data it is trained on."""
        return cls(ModelConfig(**dict(preset.changes)), preset.objective, preset.conditional)


@dataclass(frozen=True)
class Difference:
    """An axis on which a model differs from the plain VAE, and its value there."""

    axis: str
    value: str


def differences(found: Configuration) -> tuple[Difference, ...]:
    """The axes on which the configuration differs from the plain VAE, in the order of AXES; () for the plain VAE."""
    model = found.model
    values = {"network": "mlp" if model.network == "conv" else model.network}  # which of both, the data decide
    values |= {name: getattr(model, name) for name in ("posterior", "prior", "likelihood", "classifier")}
    values |= {"labels": "given" if found.conditional or model.classes else "", "first": "M1" if model.first else ""}
    values["objective"] = _objective(found.objective)
    return tuple(Difference(axis, values[axis]) for axis in AXES if values[axis] != PLAIN[axis])


def _objective(objective: Objective) -> str:
    """The objective's name with those of its settings that are no sizes: a choice, free bits, or a term left out."""
    usual = type(objective)()
    choices = [
        str(value)
        for name, value in objective.model_dump(exclude={"name"}).items()
        if isinstance(value, str) and (value != getattr(usual, name) or name in ("kind", "penalty", "kernel"))
    ]
    choices += ["free bits"] if getattr(objective, "free_bits", 0) else []
    choices += ["no rate"] if getattr(objective, "name", "") == "info" and getattr(objective, "alpha", 0) == 1 else []
    return ", ".join([objective.name, *choices])


def family(found: Configuration) -> frozenset[Difference]:
    """What makes two models members of one family."""
    return frozenset(differences(found))


def coloured(found: Configuration) -> frozenset[str]:
    """The parts of the diagram that the configuration changes, keys of TINTS."""
    axes = {each.axis for each in differences(found)}
    parts = {part for axis in axes for part in PARTS[axis]}
    if "posterior" in axes:
        parts |= {"eps"} if found.model.posterior in NOISELESS else set()
        parts |= {"flow"} if found.model.posterior in FLOWS else set()
    return frozenset(parts | (_by_objective(found.objective) if "objective" in axes else set()))


def _by_objective(objective: Objective) -> set[str]:
    name, parts = objective.name, set()
    if isinstance(objective, MultiSample):
        parts.add("samples")
    if isinstance(objective, WithCritic):
        parts.add("critic")
    if name in (*MATCHED, *INDEPENDENT):
        parts.add("codes")
    if name in PIXELS:
        parts.add("pixels")
    if name == "rae":
        parts.add("decoder")
    if name in WEIGHTED or isinstance(objective, Elbo):
        parts.add("kl")
    return parts
