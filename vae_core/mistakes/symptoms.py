"""FIGURES: the figures by which a mistake is seen, each measured on a training with the mistake and on one without it."""

from dataclasses import dataclass

from vae_core.messages import Message


@dataclass(frozen=True)
class SymptomFigure:
    """The `title` of a figure, its `unit`, and the `form` of its value."""

    title: Message
    unit: Message
    form: str = "{:.1f}"


LARGE = 1e5  # from here on a value is written as a power of ten
SUPERSCRIPTS = str.maketrans("0123456789", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
NATS = Message("nats per image")
GREY = Message("share of white")
FIGURES: dict[str, SymptomFigure] = {
    "distortion": SymptomFigure(Message("distortion"), NATS),
    "rate": SymptomFigure(Message("rate"), NATS),
    "reported": SymptomFigure(Message("reported loss at the end"), NATS),
    "gap": SymptomFigure(Message("−ELBO of test images minus the reported loss"), NATS),
    "lowest": SymptomFigure(Message("lowest reported loss"), NATS),
    "swing": SymptomFigure(Message("swing of the loss from one step to the next"), NATS, "{:.2f}"),
    "darkest": SymptomFigure(Message("darkest pixel of a reconstruction"), GREY, "{:.0%}"),
    "variety": SymptomFigure(Message("how much the pictures of different codes differ"), GREY, "{:.1%}"),
    "repeat": SymptomFigure(Message("difference of two reconstructions of the same image"), GREY, "{:.1%}"),
    "broken": SymptomFigure(Message("step at which the loss is no longer a number"), Message("step"), "{:.0f}"),
}


def shown(key: str, value: float | None) -> str:
    """The value as text: a dash for none, a power of ten for what is too large for digits."""
    if value is None:
        return "\u2013"
    if abs(value) < LARGE:
        return FIGURES[key].form.format(value).replace("-", "\u2212")
    digits, exponent = f"{value:.1e}".split("e+")
    power = str(int(exponent)).translate(SUPERSCRIPTS)
    return f"{digits} \u00d7 10{power}".replace("-", "\u2212")
