"""When a step is done, as a sentence: "decoded class is 4", "certainty is below 0.5", several joined by "and"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from vae_core.errors import UserError
from vae_core.lessons.quantities import PREDICTED, QUANTITIES, Value

SENTENCE = re.compile(r"(?P<name>.+?) is (?P<way>below |above |not |)(?P<value>\S+)")


@dataclass(frozen=True)
class Condition:
    """One quantity compared with one value; `way` is "", "not", "below" or "above"."""

    name: str
    way: str
    value: float | str

    def holds(self, values: Mapping[str, Value]) -> bool:
        """Whether it holds for these values; a value that is not known fulfils nothing."""
        found = values.get(self.name)
        if found is None:
            return False
        if isinstance(found, str) or isinstance(self.value, str):
            return (str(found) == str(self.value)) == (self.way == "")
        return {
            "": found == self.value,
            "not": found != self.value,
            "below": found < self.value,
            "above": found > self.value,
        }[self.way]


def read_conditions(sentence: str) -> tuple[Condition, ...]:
    """The conditions of a sentence; raises UserError."""
    return tuple(_read(part.strip()) for part in sentence.split(" and "))


def _read(part: str) -> Condition:
    found = SENTENCE.fullmatch(part)
    if not found or not found["value"]:
        raise UserError("'{part}' is no condition: write such as 'decoded class is 4'.", part=part)
    name, way, value = found["name"], found["way"].strip(), found["value"]
    check_quantity(name)
    if name in PREDICTED:
        raise UserError("A condition cannot use '{name}': name a value of the scene.", name=name)
    if not QUANTITIES[name].number:
        if way in ("below", "above"):
            raise UserError("'{name}' is no number, so it cannot be below or above one.", name=name)
        return Condition(name, way, value)
    return Condition(name, way, _number(name, value))


def check_quantity(name: str) -> None:
    """Raise UserError for a name that is not in QUANTITIES."""
    if name not in QUANTITIES:
        raise UserError("There is no value '{name}'; docs/lessons.md lists them.", name=name)


def _number(name: str, value: str) -> float:
    if re.fullmatch(r"-?\d{1,6}(\.\d{1,6})?", value, re.ASCII) is None:
        raise UserError("'{name}' is compared with a number, not with '{value}'.", name=name, value=value)
    return float(value)
