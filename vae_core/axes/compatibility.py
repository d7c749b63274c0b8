"""RULES: which settings cannot be combined, in one table for RunConfig, the Train page's form and `build` alike.

A rule says when it is broken and, in one sentence, what to do then. Rules are asked in order, so that a later one may rely on
the earlier ones; rules about the objective or the data are left out where there is none.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from string import Formatter
from typing import Any

from vae_core.axes import layer_sizes, model_size_limit, names
from vae_core.axes.table_layout import TableLayout
from vae_core.config import ModelConfig
from vae_core.errors import UserError
from vae_core.messages import Message


@dataclass(frozen=True)
class DataFacts:
    """What the rules read of a data set: its name, the shape of one image, the number of its labels, and a table's layout."""

    name: str
    shape: tuple[int, ...]
    classes: int
    layout: TableLayout = TableLayout(())


@dataclass(frozen=True)
class Point:
    """A model, alone or with an `objectives.Objective` and the data, and the numbers that sentences name.

    `labels_hidden`: whether only some of the training images' labels are told.
    """

    model: ModelConfig
    objective: Any = None
    labels_hidden: bool = False
    data: DataFacts | None = None

    @property
    def choice_numbers(self) -> int:
        return self.model.discrete * self.model.categories

    @property
    def grid(self) -> tuple[int, int]:
        return layer_sizes.grid_size(self.model)

    @property
    def layout(self) -> TableLayout:
        return TableLayout.of(self.model)

    @property
    def positions(self) -> int:
        return math.prod(self.grid)

    @property
    def most_layers(self) -> int:
        return layer_sizes.most_layers(self.model)

    @property
    def layers(self) -> tuple[int, int]:
        """How many layers the encoder has, and the decoder."""
        return len(self.model.hidden), len(layer_sizes.decoder_layers(self.model))

    @property
    def convolutional(self) -> bool:
        return self.model.network in names.CONVOLUTIONAL


@dataclass(frozen=True)
class Rule:
    """`broken` tells whether a point breaks the rule; `sentence` names the point's own values in braces."""

    broken: Callable[[Point], bool]
    sentence: str

    def refusal(self, point: Point) -> Message | None:
        """The sentence, or None where the rule is kept."""
        if not self.broken(point):
            return None
        parts = {"point": point, "model": point.model, "objective": point.objective, "data": point.data}
        named = [name for _, name, _, _ in Formatter().parse(self.sentence) if name]
        return Message(self.sentence, **{name: Formatter().get_field(name, (), parts)[0] for name in named})


def _known(axis: str, known: tuple[str, ...]) -> Rule:
    sentence = f"There is no {axis} '{{model.{axis}}}'; known are {', '.join(known)}."
    return Rule(lambda p: getattr(p.model, axis) not in known, sentence)


def _together(posterior: str, prior: str) -> Rule:
    sentence = f"The posterior '{posterior}' and the prior '{prior}' go together: choose both or neither."
    return Rule(lambda p: (p.model.posterior == posterior) != (p.model.prior == prior), sentence)


NAME_RULES = tuple(_known(axis, known) for axis, known in names.AXES.items())

OBJECTIVE_RULES = (
    Rule(
        lambda p: p.labels_hidden and not p.objective.trains_classifier,
        "labelled: only the objectives 'semi' and 'stacked' can learn from images without labels: leave it empty.",
    ),
    Rule(
        lambda p: p.objective.name == "joint" and p.model.posterior != "discrete",
        "The objective 'joint' needs a discrete code: choose posterior='discrete' and prior='discrete'.",
    ),
    Rule(
        lambda p: p.objective.name == "quantised" and p.model.posterior != "quantised",
        "The objective 'quantised' needs a codebook: choose posterior='quantised' and prior='codebook'.",
    ),
    Rule(
        lambda p: p.objective.name == "stacked" and not p.model.first,
        "The objective 'stacked' trains M2 on the codes of a first VAE: set first to the number of their dimensions.",
    ),
    Rule(
        lambda p: p.objective.trains_classifier and p.model.classifier == "none",
        "The objective '{objective.name}' trains a classifier: choose classifier='mlp'.",
    ),
    Rule(
        lambda p: p.objective.needs_densities and p.model.posterior == "discrete",
        "The objective '{objective.name}' needs densities, and relaxed choices have none: choose the objective 'elbo'.",
    ),
    Rule(
        lambda p: p.objective.name == "rae" and p.objective.penalty == "l2" and p.model.network == "tied",
        "The objective 'rae' with penalty 'l2' needs a decoder with weights of its own: choose another network than 'tied'.",
    ),
    Rule(
        lambda p: p.model.first > 0 and p.objective.name != "stacked",
        "The objective '{objective.name}' would not train the first of two models: choose first=0, or the objective 'stacked'.",
    ),
    Rule(
        lambda p: p.model.classifier != "none" and not p.objective.trains_classifier,
        "The objective '{objective.name}' would never train the classifier: choose classifier='none', or the objective 'semi'.",
    ),
    Rule(
        lambda p: p.model.posterior == "quantised" and p.objective.name != "quantised",
        "The objective '{objective.name}' has no term that moves the encoder's output towards the codebook: "
        "choose the objective 'quantised'.",
    ),
    Rule(
        lambda p: p.objective.codes in ("density", "normal") and p.model.posterior == "point",
        "The objective '{objective.name}' needs a rate, and a point posterior has none: choose posterior='normal', or "
        "the objective 'autoencoder'.",
    ),
    Rule(
        lambda p: p.objective.codes == "point" and p.model.posterior != "point",
        "The objective '{objective.name}' never trains the posterior's scale: choose posterior='point', or the objective 'elbo'.",
    ),
    Rule(
        lambda p: p.objective.codes == "normal" and p.model.posterior != "normal",
        "The objective '{objective.name}' needs the density of each dimension: choose posterior='normal', not '{model.posterior}'.",
    ),
    Rule(
        lambda p: p.objective.needs_standard_normal and p.model.prior != "normal",
        "The objective '{objective.name}' cannot train a prior: choose prior='normal', not '{model.prior}'.",
    ),
    Rule(
        lambda p: p.objective.needs_images and p.model.kind != "picture",
        "The objective '{objective.name}' compares images: for points and tables choose the objective 'elbo'.",
    ),
    Rule(
        lambda p: p.objective.name == "vae_gan" and p.model.likelihood in names.LEARNT_SIGMA,
        "The objective 'vae_gan' compares images by a critic's features and never trains the likelihood's sigma: choose "
        "likelihood='gaussian_optimal', not '{model.likelihood}'.",
    ),
)

NETWORK_RULES = (
    Rule(
        lambda p: len(p.model.shape) == 2,
        "shape: give (channels, height, width) for pictures or (2,) for points.",
    ),
    Rule(
        lambda p: bool(p.model.columns) and p.model.shape != (p.layout.size,),
        "A row of these columns has {point.layout.size} numbers: set shape to ({point.layout.size},).",
    ),
    Rule(
        lambda p: p.model.missing != tuple(sorted({*p.model.missing} & {*range(len(p.model.columns))})),
        "missing: give numbers of columns, each once and in order, from 0 to one less than there are columns.",
    ),
    Rule(
        lambda p: p.convolutional and p.model.kind != "picture",
        "The network '{model.network}' needs pictures; for points and tables choose network='mlp'.",
    ),
    Rule(
        lambda p: p.convolutional and not p.model.hidden,
        "The network '{model.network}' needs at least one layer: give hidden, for example (32, 64).",
    ),
    Rule(
        lambda p: p.convolutional and p.layers[0] > p.most_layers,
        "A {model.shape[1]}x{model.shape[2]} image cannot be halved {point.layers[0]} times: give at most "
        "{point.most_layers} layers.",
    ),
    Rule(
        lambda p: p.convolutional and p.layers[0] != p.layers[1],
        "The network '{model.network}' needs as many decoder layers as encoder layers: {point.layers[0]}, not {point.layers[1]}.",
    ),
    Rule(
        lambda p: p.model.network == "tied" and p.model.decoder_hidden is not None,
        "The network 'tied' has the encoder's layers in reverse: leave decoder_hidden empty.",
    ),
)

CODE_RULES = (
    *(_together(posterior, prior) for posterior, prior in names.PARTNERS.items()),
    Rule(
        lambda p: p.model.posterior == "discrete" and p.model.latent_dim < p.choice_numbers,
        "{model.discrete} choices of {model.categories} values need a code of {point.choice_numbers} dimensions or more, not "
        "{model.latent_dim}: set latent_dim.",
    ),
    Rule(
        lambda p: p.model.posterior == "quantised" and p.model.latent_dim % p.model.discrete > 0,
        "A code of {model.latent_dim} dimensions cannot be split into {model.discrete} codebook entries of equal length.",
    ),
    Rule(
        lambda p: p.model.posterior == "quantised" and p.model.discrete != p.positions,
        "The network 'grid' has a code of {point.grid[0]}x{point.grid[1]} codebook entries here: set discrete to "
        "{point.positions}.",
    ),
    Rule(
        lambda p: p.model.network == "grid" and p.model.latent_dim % p.positions > 0,
        "The network 'grid' has a code of {point.grid[0]}x{point.grid[1]} vectors here: set latent_dim to a multiple of "
        "{point.positions}.",
    ),
    Rule(
        lambda p: p.model.network == "grid" and layer_sizes.raw_numbers(p.model) % p.model.latent_dim > 0,
        "The posterior '{model.posterior}' cannot be laid out as a grid: choose another network than 'grid'.",
    ),
    Rule(
        lambda p: p.model.first > 0 and p.model.classifier == "none",
        "M1+M2 needs a classifier of labels: choose classifier='mlp'.",
    ),
    Rule(
        lambda p: p.model.classifier != "none" and not p.model.classes,
        "A classifier needs labels: set classes to how many there are.",
    ),
    Rule(
        lambda p: p.model.posterior == "ladder" and p.model.prior != "two_levels",
        "The posterior 'ladder' needs a prior with two levels: choose prior='two_levels'.",
    ),
    Rule(
        lambda p: p.model.prior == "two_levels" and p.model.latent_dim < 2,
        "A code of two levels needs at least two dimensions: set latent_dim to 2 or more.",
    ),
    Rule(
        lambda p: p.model.prior == "sphere" and p.model.latent_dim < 2,
        "A sphere needs at least two dimensions: set latent_dim to 2 or more.",
    ),
    Rule(
        lambda p: p.model.posterior == "point" and p.model.prior != "normal",
        "With a point posterior the loss has no term that trains a prior: choose prior='normal'.",
    ),
    Rule(
        lambda p: p.model.prior == "vamp" and (p.model.posterior != "normal" or p.model.classes > 0),
        "The prior 'vamp' needs normal posteriors and a model without labels: choose prior='mixture'.",
    ),
    Rule(
        lambda p: p.model.likelihood == "columns" and p.model.kind != "row",
        "The likelihood 'columns' is for the columns of a table: for pictures and points choose another likelihood.",
    ),
    Rule(
        lambda p: p.model.likelihood != "columns" and bool(p.layout.categories or p.model.missing),
        "The likelihood '{model.likelihood}' knows neither categories nor missing values: for this table choose "
        "likelihood='columns'.",
    ),
    Rule(
        lambda p: p.model.kind == "row" and p.model.likelihood in names.UNIT_INTERVAL,
        "The likelihood '{model.likelihood}' is for pixels in [0, 1]; for a table choose likelihood='columns'.",
    ),
    Rule(
        lambda p: p.model.kind == "point" and p.model.likelihood in names.UNIT_INTERVAL,
        "The likelihood '{model.likelihood}' is for pixels in [0, 1]; for points choose likelihood='gaussian_learned'.",
    ),
)

DATA_RULES = (
    Rule(
        lambda p: p.data is not None and p.model.shape != p.data.shape,
        "The model takes images of shape {model.shape}, but the data set '{data.name}' has images of shape {data.shape}: set "
        "shape to {data.shape}.",
    ),
    Rule(
        lambda p: p.data is not None and p.data.layout != p.layout,
        "The model is made for other columns than those of the table '{data.name}': build it with the layout of this table.",
    ),
    Rule(
        lambda p: p.data is not None and p.model.classes not in (0, p.data.classes),
        "The model is conditioned on {model.classes} classes, but the data set '{data.name}' has {data.classes} classes: set "
        "classes to {data.classes}.",
    ),
)


def refusal(model: ModelConfig, objective: Any = None, labels_hidden: bool = False) -> Message | None:
    """Why this model cannot be built, or cannot be trained by this objective, in one sentence; None where it can."""
    point = Point(model, objective, labels_hidden)
    about_training = () if objective is None else OBJECTIVE_RULES
    found = _first(point, NAME_RULES + about_training + NETWORK_RULES + CODE_RULES)
    if not found and model.first:
        parts = layer_sizes.first_model(model), layer_sizes.second_model(model)
        found = next((why for part in parts if (why := _first(Point(part), NETWORK_RULES + CODE_RULES))), found)
    return found or model_size_limit.refusal(model)


def refuse(model: ModelConfig, objective: Any = None, labels_hidden: bool = False) -> None:
    """Raise UserError with the `refusal`, if there is one."""
    if why := refusal(model, objective, labels_hidden):
        raise UserError(why)


def refuse_data(model: ModelConfig, data: DataFacts) -> None:
    """Raise UserError where the model is made for images or labels unlike the data set's."""
    if why := _first(Point(model, data=data), DATA_RULES):
        raise UserError(why)


def choices(model: ModelConfig, objective: Any) -> dict[str, list[str]]:
    """The names of each axis that go with all else of a model and its objective."""
    return {
        axis: [name for name in known if not refusal(model.replace(**{axis: name}), objective)]
        for axis, known in names.AXES.items()
    }


def _first(point: Point, rules: tuple[Rule, ...]) -> Message | None:
    return next((why for rule in rules if (why := rule.refusal(point))), None)
