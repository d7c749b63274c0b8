"""The tables of rules: which settings of a model, an objective and the data cannot be combined.

A rule says when it is broken and, in one sentence, what to do then. Rules are asked in order, so that a later one may rely on
the earlier ones; rules about the objective or the data are left out where there is none.
"""

from vae_core.axes import layer_sizes, names
from vae_core.axes.rule import Rule
from vae_core.axes.token_ids import MARKS


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
        lambda p: p.objective.trains_words and p.model.kind != "picture",
        "The objective '{objective.name}' learns a picture and its words: for points, tables and sentences choose the objective "
        "'elbo'.",
    ),
    Rule(
        lambda p: p.objective.trains_words and not p.model.words,
        "The objective '{objective.name}' learns a picture and its words: set words to how many values each word can have.",
    ),
    Rule(
        lambda p: bool(p.model.words) and not p.objective.trains_words,
        "The objective '{objective.name}' would never train the words: choose words=(), or the objective 'mopoe'.",
    ),
    Rule(
        lambda p: p.objective.trains_words and p.model.joint_posterior != p.objective.joint_posterior,
        "The objective '{objective.name}' needs joint_posterior='{objective.joint_posterior}', not '{model.joint_posterior}'.",
    ),
    Rule(
        lambda p: p.objective.needs_images and p.model.kind != "picture",
        "The objective '{objective.name}' compares images: for points, tables and sentences choose the objective 'elbo'.",
    ),
    Rule(
        lambda p: p.objective.name == "rae" and p.model.kind == "tokens",
        "The objective 'rae' smooths a decoder whose output is numbers, and words are none: choose the objective 'autoencoder'.",
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
        lambda p: p.model.vocabulary > 0 and (len(p.model.shape) > 1 or bool(p.model.columns)),
        "vocabulary: only sentences have one, and their shape is the length of the longest: set vocabulary to 0.",
    ),
    Rule(
        lambda p: 0 < p.model.vocabulary <= len(MARKS),
        "vocabulary: beside padding, end and unknown there must be a word: set it to 4 or more.",
    ),
    Rule(
        lambda p: p.sequential and p.model.kind != "tokens",
        "The network '{model.network}' reads sentences: for pictures, points and tables choose network='mlp'.",
    ),
    Rule(
        lambda p: p.model.kind == "tokens" and not p.sequential,
        "The network '{model.network}' reads numbers, and words are none: for sentences choose network='gru' or 'transformer'.",
    ),
    Rule(
        lambda p: p.sequential and not all(len({*widths}) == 1 for widths in p.widths),
        "The network '{model.network}' has layers of one width: give hidden, for example (128,) or (128, 128).",
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
    Rule(
        lambda p: p.model.network == "tied" and p.model.likelihood in names.ON_LEVELS,
        "The network 'tied' has one output for each pixel, and the likelihood '{model.likelihood}' needs several: choose another "
        "network.",
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
        lambda p: p.model.prior == "vamp" and p.model.kind == "tokens",
        "The prior 'vamp' learns inputs by their gradient, and words have none: choose prior='mixture'.",
    ),
    Rule(
        lambda p: p.model.classifier != "none" and p.model.kind == "tokens",
        "The classifier of a semi-supervised model reads numbers, and words are none: choose classifier='none'.",
    ),
    Rule(
        lambda p: p.model.likelihood == "tokens" and p.model.kind != "tokens",
        "The likelihood 'tokens' is for sentences: for pictures, points and tables choose another likelihood.",
    ),
    Rule(
        lambda p: p.model.kind == "tokens" and p.model.likelihood != "tokens",
        "The likelihood '{model.likelihood}' is for numbers, and words are none: for sentences choose likelihood='tokens'.",
    ),
    Rule(
        lambda p: bool(p.model.words) and p.model.kind != "picture",
        "Words stand beside a picture: for points, tables and sentences choose words=().",
    ),
    Rule(
        lambda p: bool(p.model.words) and (p.model.posterior, p.model.prior) != ("normal", "normal"),
        "A model of pairs multiplies normal posteriors and a normal prior: choose posterior='normal' and prior='normal'.",
    ),
    Rule(
        lambda p: bool(p.model.words) and p.model.classes > 0,
        "The label of a pair is one of its words: choose classes=0, or words=() for a model that is given the label.",
    ),
    Rule(
        lambda p: p.model.joint_posterior != "product" and not p.model.words,
        "joint_posterior='{model.joint_posterior}' is for pairs: choose joint_posterior='product', or give words.",
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
        lambda p: p.data is not None and p.data.vocabulary != p.model.vocabulary,
        "The model knows {model.vocabulary} token ids, and the data set '{data.name}' has {data.vocabulary}: set vocabulary to "
        "{data.vocabulary}.",
    ),
    Rule(
        lambda p: p.data is not None and p.model.classes not in (0, p.data.classes),
        "The model is conditioned on {model.classes} classes, but the data set '{data.name}' has {data.classes} classes: set "
        "classes to {data.classes}.",
    ),
    Rule(
        lambda p: p.data is not None and p.model.words not in ((), p.data.words),
        "The model is made for words of {model.words} values, but those of the data set '{data.name}' have {data.words}: set "
        "words to {data.words}.",
    ),
)
