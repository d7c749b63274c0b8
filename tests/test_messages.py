"""Messages of the core: English by themselves, with what a translation needs; and the files that hold them."""

import copy
import json

import numpy as np
import pytest

from vae_core.errors import UserError
from vae_core.frozen import Frozen
from vae_core.messages import Message, record, recorded

SEEN = Message("{count:,} images in {place}", count=1000, place="a {folder}")


def test_a_message_is_its_english_text_and_keeps_its_parts():
    assert SEEN == "1,000 images in a {folder}"
    assert SEEN.template == "{count:,} images in {place}" and SEEN.values == {"count": 1000, "place": "a {folder}"}


def test_a_text_without_values_is_not_formatted():
    assert Message("{x} and {") == "{x} and {"


def test_an_error_is_a_message():
    error = UserError("There is no model '{name}'.", name="a")
    assert str(error) == "There is no model 'a'." and error.message.values == {"name": "a"}
    assert UserError(error.message).message is error.message


@pytest.mark.parametrize(
    "message", [SEEN, Message("plain"), Message("{x:.1f}", x=np.float32(0.5)), Message("{x}", x=SEEN)]
)
def test_a_file_gives_the_message_back(message):
    again = recorded(record(message))
    assert again == message and again.template == message.template
    assert again.values == message.values


def test_a_copy_keeps_the_parts():
    """Streamlit's cache stores its values by the same protocol."""
    again = copy.copy(SEEN)
    assert again == SEEN and again.template == SEEN.template


@pytest.mark.parametrize(
    "text", ["[1, 2]", "[1, 2, {}]", '["a", 1, {}]', "{", "null", '["a", "b", ["c"]]', "[" * 100_000]
)
def test_any_other_text_in_a_file_is_a_message_too(text):
    assert recorded(text) == text


def test_a_forged_template_is_not_formatted():
    forged = json.dumps(["harmless", "{x:>9999999999}", {"x": "a"}])
    assert recorded(forged) == "harmless"


def test_a_configuration_keeps_messages_through_json():
    class Note(Frozen):
        text: Message

    assert Note.parse(Note(text=SEEN).model_dump_json()).text.values == SEEN.values
    assert Note.parse({"text": "plain"}).text == "plain"
