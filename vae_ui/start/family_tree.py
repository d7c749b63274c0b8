"""The family tree of the models: what each paper changes in the plain VAE, read from the presets."""

import re
from collections.abc import Iterator
from html import escape

from vae_core.messages import Message
from vae_core.presets.papers import PRESETS, Preset
from vae_ui.base.pictures import tint
from vae_ui.base.translation import t

ROOT = "vae"
# A branch: what its papers change, the part of the model whose colour it has, and the reason for the change.
BRANCHES: dict[str, tuple[str, str, str]] = {
    "point": (
        Message("No distribution"),
        "z",
        Message("One code for each image in place of q(z|x): no noise, no rate."),
    ),
    "bounds": (
        Message("Other weights of the two terms"),
        "loss",
        Message("How much the rate counts in the loss, and from which step on."),
    ),
    "disentangling": (
        Message("Disentanglement"),
        "rate",
        Message("Each number of the code stands for one property and is independent of the others."),
    ),
    "importance": (
        Message("Importance sampling"),
        "loss",
        Message("Several codes for each image, weighted by how well they explain it: a tighter bound."),
    ),
    "matching": (
        Message("All codes matched to the prior"),
        "prior",
        Message("The aggregate posterior follows the prior, instead of each image's q(z|x)."),
    ),
    "adversarial": (
        Message("Adversarial training"),
        "loss",
        Message("A second network, the critic, measures what the loss does not."),
    ),
    "choices": (
        Message("Discrete codes"),
        "z",
        Message("Entries of a codebook in place of numbers, or together with them."),
    ),
    "levels": (
        Message("Hierarchical codes"),
        "z",
        Message("Two levels: the first half of the code predicts the second half."),
    ),
    "semi": (
        Message("Semi-supervised"),
        "x",
        Message("Some images have labels; a classifier predicts the others."),
    ),
    "regularised": (
        Message("Other losses"),
        "loss",
        Message("Neither a bound nor a distance between distributions."),
    ),
    "posterior": (Message("Other posteriors"), "q", Message("A q(z|x) that is not a diagonal normal.")),
    "prior": (Message("Other priors"), "prior", Message("A p(z) that is learnt to lie where the codes lie.")),
    "likelihood": (Message("Other likelihoods"), "distortion", Message("Another p(x|z) for the decoder's output.")),
    "network": (Message("Other networks"), "out", Message("The same model with other layers.")),
    "condition": (
        Message("Conditional"),
        "x",
        Message("Encoder and decoder are given the class; the code holds the rest."),
    ),
}
FAMILIES = {  # an objective's name -> its branch
    **dict.fromkeys(("elbo", "beta", "capacity", "autoencoder"), "bounds"),
    **dict.fromkeys(("tc", "dip", "factor"), "disentangling"),
    **dict.fromkeys(("iwae", "miwae", "ciwae", "piwae", "dreg"), "importance"),
    **dict.fromkeys(("info", "wae", "sliced"), "matching"),
    **dict.fromkeys(("adversary", "vae_gan"), "adversarial"),
    **dict.fromkeys(("joint", "quantised"), "choices"),
    **dict.fromkeys(("rae", "ms_ssim"), "regularised"),
    **dict.fromkeys(("semi", "stacked"), "semi"),
}
STYLE = """<style>
.family { columns: 3 270px; column-gap: 24px; margin-top: 14px; }
.family .branch { break-inside: avoid; margin-bottom: 18px; padding: 2px 0 2px 14px;
  border-left: 4px solid var(--hue); border-radius: 2px; }
.family h3 { font-size: 1.05rem; margin: 0; padding: 0; line-height: 1.3; }
.family .why { margin: 0 0 6px; opacity: .8; font-size: .92rem; }
.family ul { list-style: none; margin: 0; padding: 0; }
.family li { position: relative; margin: 0 0 5px; padding: 0; line-height: 1.35; font-size: .95rem; }
.family li::before { content: ""; position: absolute; left: -14px; top: .65em; width: 9px; height: 2px; background: var(--hue); }
.family li small { display: block; opacity: .8; font-size: .85rem; }
.family time { opacity: .8; font-variant-numeric: tabular-nums; }
</style>"""


def branch(preset: Preset) -> str:
    """The branch of a preset, a key of BRANCHES: the first axis on which it differs from the plain VAE."""
    changes = dict(preset.changes)
    if changes.get("prior") == "two_levels":
        return "levels"
    family = FAMILIES[preset.objective.name]
    if changes.get("posterior") in ("discrete", "quantised"):
        return "choices"
    if family in ("matching", "adversarial", "regularised", "semi"):
        return family
    if changes.get("posterior") == "point":
        return "point"
    for axis in ("posterior", "prior", "likelihood", "network"):
        if axis in changes:
            return axis
    return "condition" if preset.conditional else family


def year(preset: Preset) -> int:
    """The year of the paper."""
    return int(re.search(r"\b(?:19|20)\d\d\b", preset.paper).group())  # type: ignore[union-attr]


def branches() -> Iterator[tuple[str, list[Preset]]]:
    """Each branch that has a preset, with its presets ordered by year."""
    grown: dict[str, list[Preset]] = {name: [] for name in BRANCHES}
    for name, preset in PRESETS.items():
        if name != ROOT:
            grown[branch(preset)].append(preset)
    for name, leaves in grown.items():
        if leaves:
            yield name, sorted(leaves, key=year)


def tree() -> str:
    """The tree as HTML: the plain VAE, and a branch for each axis that papers change."""
    root = PRESETS[ROOT]
    found = "".join(_branch(name, leaves) for name, leaves in branches())
    about = t("{vae} {year}: an encoder, a distribution over codes, a decoder, and a loss of two terms.")
    about = escape(about).format(vae=f"<b>{escape(t(root.title))}</b>", year=year(root))
    change = escape(t("Each branch changes one of these."))
    return f'{STYLE}<div>{about} {change}</div><div class="family">{found}</div>'


def _branch(name: str, leaves: list[Preset]) -> str:
    title, part, why = BRANCHES[name]
    items = "".join(
        f'<li><b>{escape(t(leaf.title))}</b> <time title="{escape(leaf.paper)}">{year(leaf)}</time>'
        f"<small>{escape(t(leaf.summary))}</small></li>"
        for leaf in leaves
    )
    return (
        f'<section class="branch" style="--hue:{tint(part)}"><h3>{escape(t(title))}</h3><p class="why">{escape(t(why))}</p>'
        f"<ul>{items}</ul></section>"
    )
