"""What stands on the diagram's plane of codes: the prior, q(z|x), the noise, the chosen code, and what a loss asks of all codes."""

import math

from vae_core.config import ModelConfig
from vae_core.objectives import Objective
from vae_ui.models.differences import INDEPENDENT, NOISELESS
from vae_ui.models.shapes import arrow, box, dot, ellipse, path, text

X, Y = 140, 69  # the middle of the plane
SCATTER = ((118, 52), (126, 88), (151, 46), (165, 60), (157, 86), (142, 95), (112, 70), (135, 58), (172, 78), (147, 73))
SAMPLES = ((116, 60), (122, 53), (133, 55), (137, 63), (127, 67))
BARS = (7, 12, 34, 10, 5)  # heights, of a categorical distribution
ENTRIES = 6  # of the codebook that are drawn
BEND = "M110 66q2 -24 22 -22q14 2 20 -4q4 12 -12 15q-16 1 -18 12q-6 8 -12 -1z"


def prior(model: ModelConfig, objective: Objective) -> str:
    """p(z): dashed lines of equal density; "" where nothing reads it."""
    if model.posterior == "point" and not objective.needs_standard_normal:
        return ""
    return PRIORS[model.prior]()


def _normal() -> str:
    return ellipse(X, Y, 17, 17, "dash") + ellipse(X, Y, 34, 34, "dash")


def _mixture() -> str:
    return "".join(ellipse(x, y, 12, 8, "dash") for x, y in ((116, 50), (160, 48), (138, 72), (114, 92), (164, 92)))


def _vamp() -> str:
    """Posteriors of learnt inputs: small frames below x that go through the encoder, and an ellipse for each."""
    inputs = "".join(box(x, 95, 9, 9, 1, "shade") for x in (4, 17, 30)) + arrow((40, 99), (46, 99), (46, 84))
    return inputs + "".join(ellipse(x, y, 11, 7) for x, y in ((162, 52), (164, 90), (118, 92)))


def _flow() -> str:
    """The curves of a normal, bent."""
    return path("M112 88q-8 -40 22 -44q40 -6 38 20q0 20 -18 18q-14 -2 -16 12q-8 16 -26 -6z", "dash") + path(
        "M122 78q-4 -22 16 -24q24 -2 22 8q-4 8 -16 8q-12 2 -12 12q-6 6 -10 -4z", "dash"
    )


def _sphere() -> str:
    angles = [2 * math.pi * k / 12 for k in range(12)]
    return ellipse(X, Y, 33, 33, "dash") + "".join(
        dot(round(X + 33 * math.cos(a), 1), round(Y + 33 * math.sin(a), 1), 1.6) for a in angles
    )


def _uniform() -> str:
    return path("M108 91H172", "dash") + path("M108 77H172", "dash")


def _entries() -> str:
    return box(160, 33, 18, 12 * ENTRIES, 2, "dash")


def _levels() -> str:
    return ellipse(150, 50, 24, 15, "dash") + ellipse(126, 90, 22, 14, "dash") + arrow((146, 65), (136, 75))


PRIORS = {
    "normal": _normal,
    "mixture": _mixture,
    "vamp": _vamp,
    "flow": _flow,
    "sphere": _sphere,
    "discrete": _uniform,
    "codebook": _entries,
    "two_levels": _levels,
}


def posterior(model: ModelConfig) -> str:
    """q(z|x), or what takes its place."""
    return POSTERIORS[model.posterior](model)


def _bars(model: ModelConfig) -> str:
    """A categorical distribution, and an ellipse for the dimensions that are numbers, if there are any."""
    bars = "".join(box(108 + 13 * k, 104 - height, 9, height, 1, "shade") for k, height in enumerate(BARS))
    return bars + (ellipse(120, 46, 12, 8) if model.latent_dim > model.discrete * model.categories else "")


def _codebook(model: ModelConfig) -> str:
    """A grid of codes, and the list from which each is taken."""
    cells = "".join(box(102 + 11 * column, 46 + 11 * row, 11, 11, 1) for row in range(4) for column in range(4))
    listed = "".join(box(162, 35 + 11.5 * k, 14, 9, 1, "shade") for k in range(ENTRIES))
    return cells + listed


def _ladder(model: ModelConfig) -> str:
    """Two levels, each told by the encoder."""
    ways = arrow((94, 86), (111, 86)) + arrow((94, 52), (133, 52))
    return ellipse(150, 50, 15, 9, "shade") + ellipse(126, 90, 13, 8, "shade") + ways


POSTERIORS = {
    "normal": lambda model: ellipse(126, 60, 15, 9, "shade"),
    "point": lambda model: path("M112 60h28M126 46v28"),
    "planar": lambda model: path(BEND, "shade"),
    "autoregressive": lambda model: path(BEND, "shade") + path("M112 66h8M120 60h8M128 54h8"),
    "ladder": _ladder,
    "von_mises_fisher": lambda model: '<path class="thick" d="M109 57A33 33 0 0 1 140 36"/>',
    "discrete": _bars,
    "quantised": _codebook,
}  # fmt: skip


def divergence(model: ModelConfig) -> str:
    """The KL from q(z|x) to the prior."""
    line = "" if model.posterior in ("discrete", "quantised", "ladder") else path("M132 63L138 68")
    return line + text(174, 108, "KL")


def flow() -> str:
    """The transforms that bend a normal distribution, one after the other."""
    boxes = "".join(box(113 + 20 * k, 117, 14, 14, 3, "shade") + text(120 + 20 * k, 128, "f") for k in range(3))
    return (
        boxes + arrow((100, 124), (111, 124)) + path("M127 124h6M147 124h6") + arrow((167, 124), (182, 124), (182, 98))
    )


def noise(model: ModelConfig) -> str:
    """eps and its way to z; struck out where the model has none."""
    place = code_place(model)
    if model.posterior in NOISELESS:
        return text(103, 107, "ε") + path("M97 108L109 98")
    return text(103, 107, "ε") + arrow((108, 99), (place[0] - 4, place[1] + 6))


def code(model: ModelConfig) -> str:
    """z: a dot with a ring, and its way to the decoder."""
    x, y = code_place(model)
    return path(f"M{x + 5} {y}L186 69H196") + ellipse(x, y, 4.5, 4.5) + dot(x, y, 2.6)


def code_place(model: ModelConfig) -> tuple[float, float]:
    """Where z lies on the plane."""
    places = {
        "point": (126, 60),
        "discrete": (138.5, 65),
        "quantised": (169, 62.5),
        "von_mises_fisher": (120, 43),
        "ladder": (126, 90),
    }
    return places.get(model.posterior, (133, 57))


def samples(objective: Objective) -> str:
    """Several codes of one image."""
    return "".join(dot(x, y, 3) for x, y in SAMPLES) + text(104, 48, "K" if not hasattr(objective, "groups") else "M·K")


def all_codes(objective: str) -> str:
    """The codes of all images, which the loss compares with the prior or whose dimensions it wants independent."""
    cross = path("M100 69H180M140 31V107") if objective in INDEPENDENT else ""
    return cross + "".join(dot(x, y, 1.8) for x, y in SCATTER)
