"""A lesson as frozen records: its head and its steps. `reading` makes them of a file."""

from dataclasses import dataclass, field
from pathlib import Path

from vae_core.lessons.conditions import Condition

KINDS = ("read", "do", "predict", "run", "reveal")
PAGES = (
    "start",
    "latent_space",
    "decode",
    "traverse",
    "interpolate",
    "reconstruct",
    "generate",
    "data",
    "train",
    "compare",
    "models",
    "experiments",
    "break_it",
)
# What a card may draw a ring around; the interface knows where each is on a page.
RINGS = {
    "map": "the map, on any page that has one",
    "picture": "the decoded picture beside it",
    "sliders": "the sliders of Decode",
    "pad": "the input of Reconstruct, where one draws",
    "path": "the path of Interpolate",
    "diagram": "the diagram of Start",
    "formula": "the formula below it",
    "ledger": "the ledger below it, which unfolds",
    "samples": "the new images of Generate",
    "plane": "rate and distortion of all models on Compare",
    "data": "the examples on Data",
    "mistakes": "the list of mistakes on Break it",
    "lines": "the wrong line and the right one there",
    "train": "the button there that trains both",
    "figures": "the table of figures there",
    "curves": "curves and codes of the run on Train",
    "model": "the choice of a model, where the sidebar is open",
}


@dataclass(frozen=True)
class Scene:
    """What a step sets before it is shown; None leaves it as it is. `z` has a number for each dimension.

    `ends` are the two classes whose typical images are A and B of a path, at A of which the slider stands; `models` the models to
    compare, and `mistake` what is wrong on the page Break it.
    """

    model: str | None = None
    image: int | None = None
    z: tuple[float, ...] | None = None
    ends: tuple[int, int] | None = None
    models: tuple[str, ...] = ()
    mistake: str | None = None


@dataclass(frozen=True)
class Prediction:
    """A question with its computed answer.

    `quantity` is the right answer, of which `bounds` make a choice: choice number 1 lies below the first bound, and so on. With
    `compared` it is compared with another quantity, and the three choices are smaller, larger, and the same within 5 %. `mark` is
    the class whose mean code is the right place for a mark on the map, or "own" for the code of the person's own picture.
    """

    choices: tuple[str, ...] = ()
    quantity: str = ""
    compared: str = ""
    bounds: tuple[float, ...] = ()
    mark: int | str | None = None


@dataclass(frozen=True)
class Training:
    """A training that a step starts: a preset of the project, its settings, and a limit in seconds."""

    preset: str
    settings: tuple[tuple[str, float], ...] = ()
    seconds: float = 60.0


@dataclass(frozen=True)
class Step:
    """One card. `done` completes a do step; `usual` is the choice (from 0) with which a reveal's text holds, else `otherwise` does."""

    kind: str
    text: str
    line: int
    page: str = "latent_space"
    ring: str = ""
    scene: Scene = Scene()
    done: tuple[Condition, ...] = ()
    prediction: Prediction = Prediction()
    training: Training | None = None
    usual: int | None = None
    otherwise: str = ""


@dataclass(frozen=True)
class Lesson:
    """A lesson in one language; `other` is a second model whose figures its texts compare."""

    id: str
    language: str
    title: str
    about: str
    minutes: int
    model: str
    other: str
    steps: tuple[Step, ...]
    path: Path = field(compare=False)
