"""Which settings cannot be combined: the answer for RunConfig, the Train page's form and `build` alike, from `compatibility_rules`."""

from typing import Any

from vae_core.axes import m1m2_parts, model_size_limit, names
from vae_core.axes.compatibility_rules import CODE_RULES, DATA_RULES, NAME_RULES, NETWORK_RULES, OBJECTIVE_RULES
from vae_core.axes.rule import DataFacts, Point, Rule
from vae_core.config import ModelConfig
from vae_core.errors import UserError
from vae_core.messages import Message


def refusal(model: ModelConfig, objective: Any = None, labels_hidden: bool = False) -> Message | None:
    """Why this model cannot be built, or cannot be trained by this objective, in one sentence; None where it can."""
    point = Point(model, objective, labels_hidden)
    about_training = () if objective is None else OBJECTIVE_RULES
    found = _first(point, NAME_RULES + about_training + NETWORK_RULES + CODE_RULES)
    if not found and model.first:
        parts = m1m2_parts.first_model(model), m1m2_parts.second_model(model)
        found = next((why for part in parts if (why := _first(Point(part), NETWORK_RULES + CODE_RULES))), found)
    return found or model_size_limit.refusal(model)


def refuse(model: ModelConfig, objective: Any = None, labels_hidden: bool = False) -> None:
    """Raise UserError with the `refusal`, if there is one."""
    if why := refusal(model, objective, labels_hidden):
        raise UserError(why)


def refuse_data(model: ModelConfig, data: DataFacts) -> None:
    """Raise UserError where the model is made for images or labels unlike the data set's."""
    if why := _first(Point(model, data=data), DATA_RULES):
        raise UserError(why)


def choices(model: ModelConfig, objective: Any) -> dict[str, list[str]]:
    """The names of each axis that go with all else of a model and its objective."""
    return {
        axis: [name for name in known if not refusal(model.replace(**{axis: name}), objective)]
        for axis, known in names.AXES.items()
    }


def _first(point: Point, rules: tuple[Rule, ...]) -> Message | None:
    return next((why for rule in rules if (why := rule.refusal(point))), None)
