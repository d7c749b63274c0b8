"""The base of every configuration: small, frozen, strict, with a JSON round trip and one-sentence errors."""

import reprlib
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from vae_core.errors import UserError
from vae_core.messages import Message

EMPTY = "empty"  # in a field's json_schema_extra: the words that a form shows where the field is None
_SHORT = reprlib.Repr()  # what was given may be a book, or nested without end
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 80


# By pydantic's own name of a fault, what a person may do wrong, with pydantic's words; others are said in English alone.
FAULTS = {
    "missing": Message("{field}: field required."),
    "extra_forbidden": Message("{field}: extra inputs are not permitted."),
    "greater_than": Message("{field}: input should be greater than {gt}, not {given}."),
    "greater_than_equal": Message("{field}: input should be greater than or equal to {ge}, not {given}."),
    "less_than": Message("{field}: input should be less than {lt}, not {given}."),
    "less_than_equal": Message("{field}: input should be less than or equal to {le}, not {given}."),
    "finite_number": Message("{field}: input should be a finite number, not {given}."),
    "float_type": Message("{field}: input should be a valid number, not {given}."),
    "float_parsing": Message(
        "{field}: input should be a valid number, unable to parse string as a number, not {given}."
    ),
    "int_type": Message("{field}: input should be a valid integer, not {given}."),
    "int_parsing": Message(
        "{field}: input should be a valid integer, unable to parse string as an integer, not {given}."
    ),
    "int_from_float": Message(
        "{field}: input should be a valid integer, got a number with a fractional part, not {given}."
    ),
    "bool_type": Message("{field}: input should be a valid boolean, not {given}."),
    "string_type": Message("{field}: input should be a valid string, not {given}."),
    "tuple_type": Message("{field}: input should be a valid tuple, not {given}."),
    "literal_error": Message("{field}: input should be {expected}, not {given}."),
    "string_too_long": Message("{field}: string should have at most {max_length} characters, not {given}."),
    "string_pattern_mismatch": Message("{field}: string should match pattern '{pattern}', not {given}."),
}


class Frozen(BaseModel):
    """A frozen pydantic model that refuses unknown keys; a wrong value raises UserError, which names the field."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise UserError(sentence(error)) from None

    @classmethod
    def parse(cls, source: str | bytes | dict[str, Any]) -> Self:
        """Read a configuration from JSON text or plain values; raises UserError in one sentence."""
        try:
            return cls.model_validate(source) if isinstance(source, dict) else cls.model_validate_json(source)
        except ValidationError as error:
            raise UserError(sentence(error)) from None

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed, checked again."""
        return self.parse({**self.model_dump(), **changes})


def sentence(error: ValidationError) -> Message | str:
    """The first of pydantic's findings as one sentence that names the field."""
    first = error.errors(include_url=False)[0]
    field = ".".join(str(part)[:80] for part in first["loc"][:8])
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "value_error":
        original = first["ctx"]["error"].args[0]  # a validator's own sentence
        return original if isinstance(original, Message) else message
    parts = {"field": field or Message("value"), "given": _SHORT.repr(first["input"]), **_short(first.get("ctx", {}))}
    if first["type"] in FAULTS:
        return Message(FAULTS[first["type"]], **parts)
    return Message("{field}: {problem}, not {given}.", problem=f"{message[0].lower()}{message[1:]}", **parts)


def _short(bounds: dict[str, Any]) -> dict[str, Any]:
    """What pydantic tells of a fault, such as its bound; 0.0 as 0."""
    return {name: int(one) if isinstance(one, float) and one.is_integer() else one for name, one in bounds.items()}
