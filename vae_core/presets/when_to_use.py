"""USES: the name of a preset -> one sentence on when to use it, by its paper's own claim or by what its definition implies.

A claim of a paper is said to be one. `GROUPS` are what a person may want of a model, each with the presets that serve it: read from the
configuration where it says so, else named.
"""

from collections.abc import Callable
from dataclasses import dataclass

from vae_core.messages import Message
from vae_core.objectives.importance_weighted import MultiSample
from vae_core.presets.papers import PRESETS, Preset

USES: dict[str, Message] = {
    "vae": Message("Begin with it: all other models here are compared with it."),
    "autoencoder": Message(
        "To see what noise and prior are for: it reconstructs well, but samples fail in the gaps between its codes."
    ),
    "tied-autoencoder": Message("With few images or little memory: it has about half as many weights."),
    "beta-vae": Message("When each number of the code should stand for one property, and some blur is acceptable."),
    "capacity-vae": Message(
        "When the images of a beta-VAE are too blurred: the rate may rise during training, and detail comes back."
    ),
    "cvae": Message("When there are labels: choose the class of a sample, and let the code describe the style."),
    "sigma-vae": Message(
        "When you do not want to tune the weight between distortion and rate: the optimal sigma is computed."
    ),
    "cb-vae": Message("For grey images between 0 and 1, on which the Bernoulli likelihood is no density."),
    "bb-vae": Message(
        "To compress grey pictures without loss: each of their 256 levels has a probability, where a density has none."
    ),
    "kl-warm-up": Message(
        "When dimensions of the code are given up early in training, above all with a strong decoder."
    ),
    "cyclical-vae": Message("When one warm-up is not enough; the paper uses it for models of text."),
    "free-bits": Message("When too few dimensions of the code are in use: the first nats of each cost nothing."),
    "beta-tcvae": Message(
        "For disentangled codes as with a beta-VAE, without a larger weight on what the code tells of the image."
    ),
    "dip-vae-1": Message(
        "For disentangled codes; the paper reports both better disentanglement and better reconstructions than a beta-VAE's."
    ),
    "dip-vae-2": Message("As DIP-VAE I, where q(z|x) is wide: its own variance is counted too."),
    "info-vae": Message(
        "When a strong decoder ignores the code: the added distance acts on all codes together, not on each image's q(z|x)."
    ),
    "mmd-vae": Message(
        "When the code of an image should not be limited by a rate, and samples should still come from the prior."
    ),
    "wae-mmd": Message("For sharper samples; the paper reports a lower FID than the VAE's on pictures of faces."),
    "wae-mmd-rbf": Message(
        "To compare kernels: a Gaussian's tails are short, so codes far from the prior are hardly pulled back."
    ),
    "swae": Message("As WAE-MMD, without a kernel to choose: the codes are compared along random lines."),
    "iwae": Message(
        "When the likelihood counts: more samples give a tighter bound, and the paper's models use more of their code."
    ),
    "miwae": Message("When the many samples of IWAE make the encoder's gradient noisy."),
    "ciwae": Message("When you want to set how much the encoder learns from the ELBO and how much from IWAE."),
    "piwae": Message("When the decoder should have the tight bound, and the encoder the less noisy gradient."),
    "dreg": Message("In place of IWAE with many samples: the encoder's gradient gets better with their number."),
    "rae-l2": Message(
        "For training without noise: fit a density to the codes to sample. The paper reports samples as good as a VAE's."
    ),
    "rae-gp": Message(
        "As RAE, L2, with a direct limit on how fast the image changes with the code; steps take longer."
    ),
    "log-cosh": Message("For images with a few large errors, to which a Gaussian likelihood gives too much weight."),
    "ms-ssim": Message(
        "When structure counts more than single pixels; people preferred such images in the paper's comparison."
    ),
    "factor-vae": Message(
        "For disentangled codes with less blur; the paper reports better disentanglement than a beta-VAE's at equal quality."
    ),
    "aae": Message("When the prior can be sampled but its density is not known: the critic needs samples only."),
    "vae-gan": Message("For sharper texture; a second network is trained too, so each step takes longer."),
    "gm-vae": Message("When the data form clusters, such as digits: the prior can have a component for each."),
    "vamp-vae": Message(
        "When the codes do not fill a normal prior; the paper reports higher likelihoods than with a normal or a mixture."
    ),
    "flow-prior": Message("When samples fall into holes between the codes: a flow can take almost any shape."),
    "iaf-vae": Message("When a normal q(z|x) is too simple and the code has many dimensions."),
    "planar-vae": Message(
        "When a normal q(z|x) is too simple and the code has few dimensions: each flow bends along one direction."
    ),
    "s-vae": Message(
        "When directions count rather than distances; the paper reports gains for codes of few dimensions."
    ),
    "residual-vae": Message("For larger or coloured images, and for deeper networks."),
    "gumbel-vae": Message("When the code should be a few choices from short lists, not numbers."),
    "joint-vae": Message("When images differ both in a class and in properties such as slant or width."),
    "vq-vae": Message(
        "For sharp reconstructions from discrete codes; the paper trains a second model of the codes to draw samples."
    ),
    "two-level-vae": Message(
        "When properties depend on each other, such as how a digit is written on which digit it is."
    ),
    "ladder-vae": Message(
        "For a hierarchy in which all levels are used; the paper finds upper levels unused without the shared path."
    ),
    "pixel-vae": Message(
        "For sharp texture and high likelihoods; samples are slow, since pixels are drawn one by one."
    ),
    "m2": Message(
        "When only some images have labels: the paper's error on MNIST with 100 labels is 12 %, of M1+M2 3.3 %."
    ),
    "m1-m2": Message("With very few labels: the paper's error on MNIST with 100 labels is 3.3 %, of M2 alone 12 %."),
    "rnn-vae": Message(
        "For sentences: begin with it, and look at the rate, since a GRU learns to do without the code."
    ),
    "transformer-vae": Message(
        "For sentences, where all words should see each other; its steps take longer than a GRU's."
    ),
    "text-cyclical": Message(
        "For sentences, when one warm-up leaves the code unused: the paper reports more of it in use."
    ),
    "text-free-bits": Message(
        "For sentences, when the code must hold what they say: reconstructions get better, and the bound worse."
    ),
    "text-cvae": Message(
        "For sentences with labels: choose the label of a sample, such as its tense, and keep the rest."
    ),
    "molecule-vae": Message(
        "For molecules: half of each dimension's first nat is free, so that properties can be read from the code and changed in it."
    ),
    "mvae": Message("When words should refine the code of a picture; its pictures from words alone are poor."),
    "mmvae": Message("When a part should be drawn from the other: each must explain both."),
    "mopoe": Message("Begin with it for pictures with words: it learns from either part and from both together."),
    "jmvae": Message("When a network should see both parts at once; single parts learn to imitate it."),
}


@dataclass(frozen=True)
class Group:
    """What a person wants, and whether the preset of a name serves it."""

    title: Message
    holds: Callable[[str, Preset], bool]


def _among(*names: str) -> Callable[[str, Preset], bool]:
    return lambda name, preset: name in names


def _with(axis: str, *values: str) -> Callable[[str, Preset], bool]:
    """Whether the preset has one of the values on that axis; any that is not the plain VAE's where none is given."""
    return lambda name, preset: axis in dict(preset.changes) and (not values or dict(preset.changes)[axis] in values)


def _bounds(name: str, preset: Preset) -> bool:
    flows = _with("posterior", "planar", "autoregressive", "ladder")
    return isinstance(preset.objective, MultiSample) or flows(name, preset)


GROUPS: dict[str, Group] = {
    "begin": Group(Message("To begin with"), _among("vae", "autoencoder", "beta-vae", "cvae")),
    "disentangled": Group(
        Message("Disentangled codes"),
        _among("beta-vae", "capacity-vae", "beta-tcvae", "dip-vae-1", "dip-vae-2", "factor-vae", "joint-vae"),
    ),
    "sharp": Group(
        Message("Sharper pictures"),
        _among("sigma-vae", "ms-ssim", "vae-gan", "wae-mmd", "wae-mmd-rbf", "vq-vae", "pixel-vae", "residual-vae"),
    ),
    "bounds": Group(Message("Better bounds"), _bounds),
    "priors": Group(Message("Other priors"), _with("prior", "mixture", "vamp", "flow", "sphere", "two_levels")),
    "discrete": Group(Message("Discrete codes"), _with("posterior", "discrete", "quantised")),
    "labels": Group(Message("With labels"), lambda name, preset: preset.conditional),
    "pairs": Group(Message("Pictures with words"), lambda name, preset: preset.objective.trains_words),
    "collapse": Group(
        Message("Against posterior collapse"),
        _among(
            *("kl-warm-up", "cyclical-vae", "free-bits", "info-vae", "mmd-vae", "ladder-vae", "capacity-vae"),
            *("rnn-vae", "transformer-vae", "text-cyclical", "text-free-bits", "molecule-vae"),
        ),
    ),
    "noiseless": Group(Message("Without noise"), _with("posterior", "point", "quantised")),
    "sentences": Group(Message("Of sentences and molecules"), lambda name, preset: preset.kind == "tokens"),
    "pixels": Group(
        Message("Other likelihoods"), lambda name, preset: preset.kind is None and "likelihood" in dict(preset.changes)
    ),
}


def groups_of(name: str) -> list[str]:
    """The groups, keys of GROUPS, that the preset of that name is in."""
    return [key for key, group in GROUPS.items() if group.holds(name, PRESETS[name])]
