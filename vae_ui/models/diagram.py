"""The one diagram on which every model is drawn, as SVG: x, encoder, q(z|x), eps, z, decoder, x', the prior and the loss.

Each part is a group of shapes in the class `part`, which is grey, and in the class of its colour where the model changes it. The page's
style gives the classes their colours in either theme. The plain VAE alone is drawn with all its parts in colour: it is the key.
"""

from collections.abc import Iterable
from html import escape

from vae_ui.base.translation import t
from vae_ui.models import code_shapes, loss_terms
from vae_ui.models.differences import TINTS, Configuration, coloured, differences
from vae_ui.models.loss_terms import RATE, Line
from vae_ui.models.shapes import arrow, box, path, text

TOP, WIDTH, HEIGHT = 10, 280, 146
DIGIT = ("01110", "10001", "00001", "00110", "01000", "10000", "11111")
KEY = {
    "x": "x",
    "encoder": "q",
    "q": "q",
    "eps": "eps",
    "z": "z",
    "prior": "prior",
    "kl": "rate",
    "decoder": "out",
    "out": "out",
}
NAMES = {"q": text(106, 47, "q(z|x)"), "prior": text(178, 44, "p(z)"), "z": text(144, 52, "z")}  # on the key
MARKS = {  # likelihood -> what stands below x'
    "continuous_bernoulli": "CB",
    "gaussian": "N(σ²)",
    "gaussian_learned": "N(σ²)",
    "gaussian_diagonal": "N(σᵢ²)",
    "gaussian_optimal": "N(σ*²)",
    "laplace": "Laplace",
    "log_cosh": "ln cosh",
    "pixelcnn": "PixelCNN",
    "beta_binomial": "BB(α, β)",
    "discretised_logistic": "Σ logistic",
    "columns": "p(x|z)",
    "tokens": "p(xₜ|x₍<ₜ₎, z)",
}


def drawing(found: Configuration, alternative: str) -> str:
    """The diagram of a model; `alternative` is its text for those who do not see it."""
    changed = coloured(found)
    key = KEY if not differences(found) else {}
    tints = {part: TINTS[part] for part in changed} | key
    terms = loss_terms.line(found.objective)
    names = NAMES if key else {}
    parts = ((name, shapes + names.get(name, "")) for name, shapes in _parts(found, changed, terms))
    content = "".join(_part(name, shapes, tints) for name, shapes in parts)
    loss = "loss" if key else ""
    head = f'viewBox="0 {TOP} {WIDTH} {HEIGHT}" role="img" aria-label="{escape(alternative)}"'
    return f"<svg {head}>{content}{_formula(terms, loss)}</svg>"


def _part(name: str, shapes: str, tints: dict[str, str]) -> str:
    colour = f" {tints[name]}" if name in tints else ""
    return f'<g class="part{colour}" data-part="{name}">{shapes}</g>' if shapes else ""


def _parts(found: Configuration, changed: frozenset[str], terms: Line) -> Iterable[tuple[str, str]]:
    """Each part with its shapes, from the back to the front; "" for one that this model does not have."""
    model = found.model
    yield "prior", code_shapes.prior(model, found.objective)
    yield "codes", code_shapes.all_codes(found.objective.name) if "codes" in changed else ""
    yield "q", code_shapes.posterior(model)
    yield "kl", "" if any(term.struck and term.text == RATE for term in terms) else code_shapes.divergence(model)
    yield "flow", code_shapes.flow() if "flow" in changed else ""
    yield "eps", code_shapes.noise(model)
    yield "z", code_shapes.code(model)
    yield "samples", code_shapes.samples(found.objective) if "samples" in changed else ""
    yield "x", _picture(4, "x", 1.0)
    yield "out", _picture(236, "x′", 0.6)
    yield "pixels", _pixels(found.objective.name) if "pixels" in changed else ""
    yield "encoder", _encoder(model.network)
    yield "decoder", _decoder(model.network, found.objective.name)
    yield "first", _first() if "first" in changed else ""
    yield "likelihood", _likelihood(model.likelihood) if "likelihood" in changed else ""
    yield "label", _label() if "label" in changed else ""
    yield "classifier", _classifier() if "classifier" in changed else ""
    yield "critic", _critic(found.objective.name) if "critic" in changed else ""


def _picture(x: float, name: str, strength: float) -> str:
    pixels = "".join(
        f"M{x + 7.5 + 5 * column} {51.5 + 5 * row}h5v5h-5z"
        for row, line in enumerate(DIGIT)
        for column, on in enumerate(line)
        if on == "1"
    )
    return (
        box(x, 49, 40, 40, 3) + f'<path class="fill" d="{pixels}" fill-opacity="{strength}"/>' + text(x + 20, 43, name)
    )


def _trapezoid(x: float, left: float, right: float, width: float = 32) -> str:
    return path(f"M{x} {69 - left}L{x + width} {69 - right}V{69 + right}L{x} {69 + left}z", "shade")


def _encoder(network: str) -> str:
    return _trapezoid(51, 27, 14) + _inside(67, network, "W") + path("M83 69H100") + text(67, 110, t("encoder"))


def _decoder(network: str, objective: str) -> str:
    mark = text(213, 73, "λ") if objective == "rae" else _inside(213, network, "Wᵀ")
    return _trapezoid(197, 14, 27) + mark + arrow((229, 69), (234, 69)) + text(208, 110, t("decoder"))


def _inside(x: float, network: str, weights: str) -> str:
    """What tells a network from the plain one: shared weights, blocks that are skipped, a grid of vectors."""
    if network == "tied":
        return text(x, 73, weights)
    if network == "residual":
        return path("".join(f"M{x + at} 74q6 -18 12 0" for at in (-12, 0)))
    if network == "gru":
        return path(f"M{x - 9} 74a9 9 0 1 1 9 5") + arrow((x - 4, 78), (x + 1, 79))
    if network == "transformer":
        return path("".join(f"M{x + at} 58L{x + to} 80" for at in (-8, 0, 8) for to in (-8, 0, 8)))
    if network == "grid":
        return path("".join(f"M{x + at} 58v22M{x - 10} {69 + at}h20" for at in (-8, -3, 2, 7)))
    return ""


def _first() -> str:
    """M1 beside M2: a first encoder and decoder around the others."""
    lines = path("M61 45V93M219 45V93", "dash")
    return lines + text(55, 73, "1") + text(73, 73, "2") + text(206, 73, "2") + text(225, 73, "1")


def _label() -> str:
    lines = arrow((130, 20), (67, 20), (67, 48)) + arrow((150, 20), (213, 20), (213, 48))
    return box(130, 12, 20, 16, 4, "shade") + text(140, 24, "y") + lines


def _classifier() -> str:
    return path("M24 31V20H34") + box(34, 12, 46, 16, 4, "ground") + text(57, 24, "q(y|x)") + arrow((80, 20), (128, 20))


def _likelihood(name: str) -> str:
    scan = (
        arrow((240, 54), (272, 54)) + arrow((240, 62), (272, 62)) + arrow((240, 70), (258, 70))
        if name == "pixelcnn"
        else ""
    )
    return scan + text(279, 104, MARKS[name], "end")


def _pixels(objective: str) -> str:
    """Windows of several sizes for structural similarity; a line from both pictures to the critic for its features."""
    if objective == "ms_ssim":
        return "".join(
            box(x + inset, 49 + inset, 40 - 2 * inset, 40 - 2 * inset, 2) for x in (4, 236) for inset in (5, 11, 16)
        )
    return path("M24 89V126H218") + path("M256 89V118")


def _critic(objective: str) -> str:
    if objective == "vae_gan":
        return box(218, 118, 60, 16, 4, "shade") + text(248, 130, t("critic"))
    return arrow((140, 110), (140, 117)) + box(110, 119, 60, 16, 4, "shade") + text(140, 131, t("critic"))


def _formula(terms: Line, tint: str) -> str:
    """The loss below the diagram; its type is smaller where the line is long."""
    spans = []
    for term in terms:
        style = ' text-decoration="line-through"' if term.struck else ""
        colour = term.tint or tint
        spans.append(f'<tspan class="{f"part {colour}".strip()}"{style}>{escape(t(term.text))}</tspan>')
    words = "".join(t(term.text) for term in terms)
    width = sum(1.9 if ord(letter) > 0x2E80 else 1 for letter in words)
    size = min(13.5, 520 / max(width, 1))
    place = f'x="140" y="150" style="font-size:{size:.1f}px"'
    return f'<text data-part="loss" {place}>{"".join(spans)}</text>'
