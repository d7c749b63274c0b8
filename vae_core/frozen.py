"""The base of every configuration: small, frozen, strict, with a JSON round trip and one-sentence errors."""

import reprlib
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from vae_core.errors import UserError
from vae_core.messages import Message

EMPTY = "empty"  # in a field's json_schema_extra: the words that a form shows where the field is None
_SHORT = reprlib.Repr()  # what was given may be a book, or nested without end
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 80


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


def sentence(error: ValidationError) -> str:
    """The first of pydantic's findings as one sentence that names the field."""
    first = error.errors(include_url=False)[0]
    field = ".".join(str(part)[:80] for part in first["loc"][:8])
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "value_error":
        original = first["ctx"]["error"].args[0]  # a validator's own sentence
        return original if isinstance(original, Message) else message
    given = "" if first["type"] in ("missing", "extra_forbidden") else f", not {_SHORT.repr(first['input'])}"
    return f"{field or 'value'}: {message[0].lower()}{message[1:]}{given}."
