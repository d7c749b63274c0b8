"""Sentences for people, written so that they can be translated: the core keeps them in English and knows no language."""

import json
from collections.abc import Mapping, Sequence
from functools import reduce
from string import Formatter
from typing import Any, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Message(str):
    """An English text for people that keeps its template and the values of its placeholders.

    `Message("{count:,} images", count=1000)` is the string "1,000 images". Whoever shows it in another language looks
    `template` up in a catalogue and puts `values` in: numbers, texts and Messages; anything else is kept as its text.
    `tools/messages.py` collects the templates from such calls, so the first argument is always a literal string.
    """

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Self:
        plain = {name: _plain(value) for name, value in values.items()}
        message = super().__new__(cls, fill(template, plain))
        message.template, message.values = template, plain
        return message

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """In JSON a message is the text that `record` gives."""
        written = core_schema.plain_serializer_function_ser_schema(record)
        return core_schema.no_info_plain_validator_function(_read, serialization=written)


class _Names(Formatter):
    """Takes what stands in braces as one name, so that a template, a translation too, reaches into no object."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        return kwargs[field_name], field_name


def fill(template: str, values: Mapping[str, object]) -> str:
    """The template with each `{name}` or `{name:format}` replaced by its value; unchanged where there are no values."""
    return _Names().vformat(template, (), values) if values else template


def listed(parts: Sequence[str]) -> str:
    """The parts with commas between them; "" for none."""
    return reduce(lambda before, part: Message("{before}, {part}", before=before, part=part), parts) if parts else ""


def joined(sentences: Sequence[str]) -> str:
    """Sentences one after the other; "" for none."""
    return (
        reduce(lambda before, next: Message("{before} {next}", before=before, next=next), sentences)
        if sentences
        else ""
    )


def record(text: str) -> str:
    """A text for people as files keep it: a Message with values as JSON, any other text as it is."""
    if not isinstance(text, Message) or not text.values:
        return str(text)
    values = {name: record(value) if isinstance(value, str) else value for name, value in text.values.items()}
    return json.dumps([str(text), text.template, values])


def recorded(text: str) -> Message:
    """The message that `record` wrote down; any other text is a message without values.

    A file may be forged, so its template is never formatted here: the English text stands beside it.
    """
    try:
        english, template, values = json.loads(text)
        parts = {str(name): recorded(value) if isinstance(value, str) else value for name, value in values.items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return Message(str(text))
    if not isinstance(english, str) or not isinstance(template, str):
        return Message(str(text))
    message = Message(english)
    message.template, message.values = template, parts
    return message


def _read(text: object) -> Message:
    if not isinstance(text, str):
        raise ValueError("a text is needed")
    return text if isinstance(text, Message) else recorded(text)


def _plain(value: object) -> str | int | float:
    """A number as Python's, an error as its message, and no object that would keep others alive, such as a traceback."""
    if isinstance(value, Exception):
        value = next(
            (one for one in (getattr(value, "message", None), *value.args[:1]) if isinstance(one, Message)), str(value)
        )
    if getattr(value, "ndim", None) == 0 and hasattr(value, "item"):
        value = value.item()
    return value if isinstance(value, str | int | float) else str(value)
