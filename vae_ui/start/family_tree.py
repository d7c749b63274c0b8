"""The family tree of the models: what each paper changed in the plain VAE, read from the presets themselves."""

import re
from collections.abc import Iterator
from html import escape

from vae_core.presets.build_run import PRESETS, Preset
from vae_ui.base.pictures import tint

ROOT = "vae"
# A branch: what was changed, the part of the model whose colour it has, and why one would.
BRANCHES: dict[str, tuple[str, str, str]] = {
    "point": ("No cloud", "z", "One code per image in place of q(z|x): no chance, no rate."),
    "bounds": ("The two terms weighed anew", "loss", "What a code may cost, and when it begins to cost."),
    "disentangling": ("One number, one meaning", "rate", "Dimensions that do not depend on each other."),
    "importance": ("A tighter bound", "loss", "Several codes per image, the better ones count more."),
    "matching": ("All codes held to the prior", "prior", "Together, not each image's own cloud."),
    "adversarial": ("A second network", "loss", "It looks for what the terms of the loss do not see."),
    "choices": ("Codes that choose", "z", "Entries of a list in place of numbers, or beside them."),
    "levels": ("Codes of two levels", "z", "One half of the code says where the other half is likely to be."),
    "semi": ("A few labels", "x", "Some pictures are told their class; the others are guessed."),
    "regularised": ("Another measure of loss", "loss", "Neither a bound nor a matching."),
    "posterior": ("Another cloud", "q", "A q(z|x) of another shape."),
    "prior": ("Another prior", "prior", "A p(z) that lies where the codes are."),
    "likelihood": ("What a pixel means", "distortion", "Another p(x|z) for the decoder's numbers."),
    "network": ("Other layers", "out", "The same model through another network."),
    "condition": ("Told the class", "x", "The code keeps what the label does not say."),
}
FAMILIES = {  # the file of an objective -> its branch; the others are bounds
    "adversarial": "adversarial",
    "disentanglement": "disentangling",
    "importance_weighted": "importance",
    "infovae_wae_mmd": "matching",
    "rae_ms_ssim": "regularised",
    "semi_supervised": "semi",
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
    """Which of BRANCHES a preset hangs on: the first thing in which it differs from the plain VAE."""
    changes = dict(preset.changes)
    if changes.get("prior") == "two_levels":
        return "levels"
    family = FAMILIES.get(type(preset.objective).__module__.rpartition(".")[2], "bounds")
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
    """Each branch that has a model, with its models by the year."""
    grown: dict[str, list[Preset]] = {name: [] for name in BRANCHES}
    for name, preset in PRESETS.items():
        if name != ROOT:
            grown[branch(preset)].append(preset)
    for name, leaves in grown.items():
        if leaves:
            yield name, sorted(leaves, key=year)


def tree() -> str:
    """The tree as HTML: the plain VAE, and a branch for each thing that papers changed."""
    root = PRESETS[ROOT]
    told = "".join(_branch(name, leaves) for name, leaves in branches())
    return (
        f"{STYLE}<div><b>{escape(root.title)}</b> {year(root)}: an encoder, a cloud, a decoder, and a loss of two terms. "
        f'Each branch changed one of these.</div><div class="family">{told}</div>'
    )


def _branch(name: str, leaves: list[Preset]) -> str:
    title, part, why = BRANCHES[name]
    items = "".join(
        f'<li><b>{escape(leaf.title)}</b> <time title="{escape(leaf.paper)}">{year(leaf)}</time>'
        f"<small>{escape(leaf.summary)}</small></li>"
        for leaf in leaves
    )
    return (
        f'<section class="branch" style="--hue:{tint(part)}"><h3>{escape(title)}</h3><p class="why">{escape(why)}</p>'
        f"<ul>{items}</ul></section>"
    )
