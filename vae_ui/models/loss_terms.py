"""What training minimises, as a line of terms: those of the plain VAE stay plain, others have the colour of what they stand for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vae_core.messages import Message
from vae_core.objectives import Objective

DISTORTION, RATE = Message("distortion"), Message("rate")


@dataclass(frozen=True)
class Term:
    """A piece of the line; `tint` is a name of the palette, "" for what the plain VAE has too; `struck`: it is left out."""

    text: str
    tint: str = ""
    struck: bool = False


Line = tuple[Term, ...]
PLUS, SUM = Term(" + "), (Term(DISTORTION), Term(" + "), Term(RATE))
NO_RATE = (Term(DISTORTION), PLUS, Term(RATE, "rate", struck=True))


def line(objective: Objective) -> Line:
    """The terms of the objective."""
    return LINES[objective.name](objective)


def _rate(o: Any) -> Line:
    """The rate with its warm-up and its free bits, where the objective has them."""
    schedule = getattr(o, "kl_schedule", "constant")
    rise = {"constant": "", "linear": "0→1 · ", "cyclical": f"{getattr(o, 'kl_cycles', 1)} × (0→1) · "}[schedule]
    free = getattr(o, "free_bits", 0)
    floor = Term("Σ max(λ, KLⱼ)", "rate") if free else Term(RATE)
    return (Term(rise, "rate"), floor) if rise else (floor,)


def _beta(o: Any) -> Line:
    return (Term(DISTORTION), PLUS, Term("β · ", "rate"), *_rate(o))


def _capacity(o: Any) -> Line:
    return (Term(DISTORTION), PLUS, Term("γ · |", "rate"), *_rate(o), Term(" − C|", "rate"))


def _correlation(o: Any) -> Line:
    return (Term(DISTORTION), PLUS, Term("I(x; z) + β · TC + Σ KLⱼ", "rate"))


def _covariance(o: Any) -> Line:
    return (*SUM, Term(f" + λ · |Cov({'μ' if o.kind == 'I' else 'z'}) − I|²", "rate"))


def _information(o: Any) -> Line:
    weight = () if o.alpha in (0, 1) else (Term("(1 − α) · ", "rate"),)
    start = NO_RATE if o.alpha == 1 else (Term(DISTORTION), PLUS, *weight, Term(RATE))
    return (*start, Term(" + λ · MMD", "rate"))


def _importance(o: Any) -> Line:
    return (Term("−ln 1/K Σ wₖ", "z"),)


def _groups(o: Any) -> Line:
    return (Term("1/M Σ ( −ln 1/K Σ wₖ )", "z"),)


def _combined(o: Any) -> Line:
    return (Term("β · (", "z"), *SUM, Term(") + (1 − β) · IWAE", "z"))


def _partial(o: Any) -> Line:
    return (Term(Message("decoder: IWAE, encoder: MIWAE"), "z"),)


def _doubly(o: Any) -> Line:
    return (Term(Message("IWAE, the encoder's gradient by wₖ²"), "z"),)


def _regularised(o: Any) -> Line:
    smooth = "|∂x′/∂z|²" if o.penalty == "gradient" else "|θ|²"
    return (*NO_RATE, Term(" + β/2 |z|²", "z"), Term(f" + λ {smooth}", "out"))


def _structural(o: Any) -> Line:
    return (
        Term("(1 − m) · ", "distortion"),
        Term(DISTORTION),
        Term(" + m · (1 − MS-SSIM)", "distortion"),
        PLUS,
        *_rate(o),
    )


def _features(o: Any) -> Line:
    pixels = Term(DISTORTION, "distortion", struck=True)
    return (pixels, Term(" γ · ", "distortion"), Term(Message("features + critic"), "distortion"), PLUS, Term(RATE))


def _capacities(o: Any) -> Line:
    return (Term(DISTORTION), PLUS, Term("γ · ( |KL − C| + |KL′ − C′| )", "rate"))


def _labels(o: Any) -> Line:
    return (Term("Σ q(y|x) ( ", "x"), *SUM, Term(" ) + α · CE", "x"))


def _parts_alone(o: Any) -> Line:
    alone = " + (−ELBO(x)) + (−ELBO(y))" if o.alone else ""
    return (Term(f"−ELBO(x, y){alone}", "x"),)


def _mixture(o: Any) -> Line:
    """Minus the mean bound over the sets S of parts from which codes are drawn, or the bound of their mixture."""
    sets = {"all": "x | y | x, y", "single": "x | y", "full": "x, y"}[getattr(o, "sets", "single")]
    q = "Σ q(z|S)" if o.density == "mixture" else "q(z|S)"
    return (Term(f"E {q} −ELBO(x, y), S = {sets}", "x"),)


def _both_and_each(o: Any) -> Line:
    return (Term("−ELBO(x, y)", "x"), PLUS, Term("α · (KL(x, y ‖ x) + KL(x, y ‖ y))", "x"))


LINES: dict[str, Callable[[Any], Line]] = {
    "autoencoder": lambda o: NO_RATE,
    "elbo": lambda o: (Term(DISTORTION), PLUS, *_rate(o)),
    "beta": _beta,
    "capacity": _capacity,
    "tc": _correlation,
    "dip": _covariance,
    "info": _information,
    "wae": lambda o: (*NO_RATE, Term(f" + λ · MMD ({o.kernel})", "rate")),
    "sliced": lambda o: (*NO_RATE, Term(" + λ · SW²", "rate")),
    "iwae": _importance,
    "miwae": _groups,
    "ciwae": _combined,
    "piwae": _partial,
    "dreg": _doubly,
    "rae": _regularised,
    "ms_ssim": _structural,
    "factor": lambda o: (*SUM, Term(" + γ · TC", "rate")),
    "adversary": lambda o: (*NO_RATE, Term(" + γ · ", "rate"), Term(Message("critic"), "distortion")),
    "vae_gan": _features,
    "joint": _capacities,
    "quantised": lambda o: (*NO_RATE, Term(" + β · |e(x) − z|²", "q")),
    "semi": _labels,
    "stacked": lambda o: (Term("M1; ", "x"), *_labels(o)),
    "mvae": _parts_alone,
    "mmvae": _mixture,
    "mopoe": _mixture,
    "jmvae": _both_and_each,
}
