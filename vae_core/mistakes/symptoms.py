"""FIGURES: the figures by which a mistake is seen, each measured on a training with the mistake and on one without it."""

from dataclasses import dataclass

from vae_core.messages import Message


@dataclass(frozen=True)
class SymptomFigure:
    """The `title` of a figure, its `unit`, and the `form` of its value."""

    title: Message
    unit: Message
    form: str = "{:.1f}"


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
    """The value as text: a dash for none, powers of ten for what is too large for digits."""
    if value is None:
        return "\u2013"
    text = f"{value:.1e}" if abs(value) >= 1e5 else FIGURES[key].form.format(value)
    return text.replace("-", "\u2212")
