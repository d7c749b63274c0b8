"""The keys of a step: which kind has which, what each may be, and the record that is made of them."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from vae_core.errors import UserError
from vae_core.lessons.conditions import check_quantity, read_conditions
from vae_core.lessons.lesson import PAGES, RINGS, Prediction, Scene, Step, Training
from vae_core.lessons.texts import check_text
from vae_core.messages import Message
from vae_core.mistakes.names import NAMES as MISTAKES
from vae_core.presets.papers import PRESETS

COMMON = ("page", "ring", "model", "image", "z", "ends", "models", "mistake")
KEYS = {
    "read": COMMON,
    "do": (*COMMON, "done"),
    "predict": (*COMMON, "choices", "answer", "compared", "bounds", "mark"),
    "run": (*COMMON, "preset", "settings", "seconds"),
    "reveal": (*COMMON, "usual", "otherwise"),
}
SETTINGS = ("beta", "latent_dim", "epochs", "seed", "kl_warmup", "free_bits", "lr")
MOST_SECONDS, MOST_CHOICES, MOST_MODELS = 60, 6, 4
OWN = "own"  # as a mark: the code of the person's own picture
MODEL = re.compile(r"[\w-]{1,80}", re.ASCII)


def make_step(kind: str, text: str, line: int, keys: Mapping[str, Any]) -> Step:
    """The record of one step, whose keys have been checked one by one; raises UserError for what is missing."""
    z, ends = keys.get("z"), keys.get("ends")
    scene = Scene(
        keys.get("model"),
        keys.get("image"),
        None if z is None else tuple(map(float, z)),
        None if ends is None else (ends[0], ends[1]),
        tuple(keys.get("models", ())),
        keys.get("mistake"),
    )
    usual = keys.get("usual")
    return Step(
        kind,
        text,
        line,
        page=keys.get("page", "latent_space"),
        ring=keys.get("ring", ""),
        scene=scene,
        done=read_conditions(_needed(kind, keys, "done")) if kind == "do" else (),
        prediction=_prediction(keys) if kind == "predict" else Prediction(),
        training=_training(keys) if kind == "run" else None,
        usual=None if usual is None else usual - 1,
        otherwise=keys.get("otherwise", ""),
    )


def check_key(name: str, value: Any) -> None:
    """Raise UserError where the value of one key is not what it must be."""
    about, holds = RULES[name]
    if not holds(value):
        raise UserError("'{name}' must be {about}.", name=name, about=about)
    if name == "done":
        read_conditions(value)
    elif name in ("answer", "compared"):
        check_quantity(value)
    elif name == "otherwise":
        check_text(value)


def check_order(steps: Sequence[Step], number: int) -> None:
    """Raise UserError where a step does not fit those before it: a reveal needs a prediction or a run."""
    before = [step.kind for step in steps[:number]]
    step = steps[number]
    if step.kind == "reveal" and not {"predict", "run"} & {*before}:
        raise UserError("A reveal stands after a prediction or a run.")
    asked = [one.prediction for one in steps[:number] if one.kind == "predict"]
    if step.usual is not None and not (asked and step.usual < len(asked[-1].choices)):
        raise UserError("'usual' is the number of a choice of the prediction before.")


def _needed(kind: str, keys: Mapping[str, Any], name: str) -> Any:
    if name not in keys:
        raise UserError("A step '{kind}' needs '{name}'.", kind=kind, name=name)
    return keys[name]


def _prediction(keys: Mapping[str, Any]) -> Prediction:
    choices, bounds, compared = (
        tuple(keys.get("choices", ())),
        tuple(keys.get("bounds", ())),
        keys.get("compared", ""),
    )
    if "mark" in keys:
        return Prediction(mark=keys["mark"])
    answer = _needed("predict", keys, "answer")
    if compared and len(choices) != 3:
        raise UserError("With 'compared' there are three choices: smaller, larger, the same.")
    if choices and not compared and len(bounds) != len(choices) - 1:
        raise UserError("{count} choices need {bounds} bounds.", count=len(choices), bounds=len(choices) - 1)
    return Prediction(choices, answer, compared, tuple(map(float, bounds)))


def _training(keys: Mapping[str, Any]) -> Training:
    settings = tuple(sorted(keys.get("settings", {}).items()))
    return Training(_needed("run", keys, "preset"), settings, float(keys.get("seconds", MOST_SECONDS)))


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6


def _list(value: Any, most: int, holds: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and 1 <= len(value) <= most and all(map(holds, value))


def _is_model(value: Any) -> bool:
    return isinstance(value, str) and MODEL.fullmatch(value) is not None


def _short(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 80


def _whole(value: Any, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


# What the value of each key is, in words and as a rule.
RULES: dict[str, tuple[Message, Callable[[Any], bool]]] = {
    "page": (Message("one of {known}", known=", ".join(PAGES)), lambda v: v in PAGES),
    "ring": (Message("one of {known}", known=", ".join(RINGS)), lambda v: isinstance(v, str) and v in RINGS),
    "model": (Message("the name of a model"), lambda v: _is_model(v)),
    "image": (Message("the number of a test image"), lambda v: _whole(v, 0, 999_999)),
    "z": (Message("a list of numbers"), lambda v: _list(v, 512, _number)),
    "ends": (
        Message("two classes, such as [6, 8]"),
        lambda v: _list(v, 2, lambda one: _whole(one, 0, 999)) and len(v) == 2,
    ),
    "models": (Message("the names of up to four models"), lambda v: _list(v, MOST_MODELS, _is_model)),
    "mistake": (
        Message("one of {known}", known=", ".join(MISTAKES)),
        lambda v: isinstance(v, str) and v in MISTAKES,
    ),
    "done": (Message("a sentence such as 'decoded class is 4'"), lambda v: isinstance(v, str) and len(v) <= 200),
    "choices": (
        Message("two to six short texts"),
        lambda v: _list(v, MOST_CHOICES, _short) and len(set(v)) == len(v) >= 2,
    ),
    "answer": (Message("the name of a value"), _short),
    "compared": (Message("the name of a value"), _short),
    "bounds": (
        Message("a rising list of numbers"),
        lambda v: _list(v, MOST_CHOICES - 1, _number) and sorted(set(v)) == v,
    ),
    "mark": (Message('a class, such as 4, or "own"'), lambda v: v == OWN or _whole(v, 0, 999)),
    "preset": (Message("one of {known}", known=", ".join(PRESETS)), lambda v: isinstance(v, str) and v in PRESETS),
    "settings": (
        Message("a table of numbers by name: {known}", known=", ".join(SETTINGS)),
        lambda v: isinstance(v, dict) and v.keys() <= {*SETTINGS} and all(map(_number, v.values())),
    ),
    "seconds": (
        Message("a number from 1 to {most}", most=MOST_SECONDS),
        lambda v: _number(v) and 1 <= v <= MOST_SECONDS,
    ),
    "usual": (Message("the number of a choice, from 1"), lambda v: _whole(v, 1, MOST_CHOICES)),
    "otherwise": (Message("a text"), lambda v: isinstance(v, str) and bool(v.strip())),
}
