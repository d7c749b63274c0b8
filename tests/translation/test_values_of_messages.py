"""What stands inside a message is translated too: no value of a message is an English text, in the sources and where it is said."""

import ast
import errno
import re

import pytest
import torch

from tests.conftest import ROOT
from vae_core.config import ModelConfig, TrainConfig
from vae_core.data.own.pictures.load_limits import refuse_count
from vae_core.data.own.pictures.one_picture import read_picture
from vae_core.errors import UserError, reason
from vae_core.images.reading import read
from vae_core.messages import Message, joined, listed
from vae_core.presets.build_run import build_run
from vae_core.runs.state_machine import next_state
from vae_core.training.failure_causes import name_of
from vae_core.translation.catalogues import translated
from vae_core.utils import strict_json
from vae_core.utils.finite_checks import describe_non_finite

SOURCES = [path for folder in ("vae_core", "vae_ui", "pages") for path in sorted((ROOT / folder).rglob("*.py"))]
SAYING = {"Message", "UserError", "t", "ngettext"}
NAMES = {"bf16", "fp32", "words", "live", ".md"}  # settings, keys and files that are called so
SENTENCE = re.compile(r"(?:\b[A-Za-z][a-z']+\b ?){4,}")


def texts(node: ast.AST):
    """The literal texts that the value may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(part.value for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.IfExp | ast.BoolOp | ast.BinOp):
        for part in ast.iter_child_nodes(node):
            yield from texts(part)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "join"):
        for part in node.args:
            yield from texts(part)


def untranslated(source: str) -> list[str]:
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    said = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in SAYING]
    found = [text for call in said for keyword in call.keywords for text in texts(keyword.value)]
    return [text for text in found if re.search("[A-Za-z]{2}", text) and text not in NAMES]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_value_is_an_english_text(path):
    assert untranslated(path.read_text(encoding="utf-8")) == []


def test_the_rule_sees_a_breach():
    assert untranslated("Message('{a} {b}', a='this file' if x else name, b=Message('fine'))") == ["this file"]
    assert untranslated("t('{a}', a=f'more than {n} MB')") == ["more than  MB"]


def refusal(act) -> UserError:
    with pytest.raises(UserError) as found:
        act()
    return found.value


def damage(text: str) -> Message:
    with pytest.raises(ValueError) as found:
        strict_json.parse(text)
    return Message("{path} is damaged: {error}. {advice}", path="a.json", error=found.value, advice="")


@pytest.mark.parametrize(
    "say",
    [
        lambda: refusal(lambda: next_state("running", "resume")),
        lambda: refusal(lambda: next_state("done", "pause")),
        lambda: refusal(lambda: read_picture(b"no picture")),
        lambda: refusal(lambda: read(b"no picture")),
        lambda: refusal(lambda: refuse_count(3, Message("The upload"))),
        lambda: refusal(lambda: build_run("gan", None, (1, 8, 8), 10)),
        lambda: refusal(lambda: TrainConfig(lr=-1.0)),
        lambda: refusal(lambda: TrainConfig(seed="x")),
        lambda: refusal(lambda: ModelConfig(shape=(1, 8, 8), wings=2)),
        lambda: refusal(lambda: TrainConfig(epochs=None, seconds=None)),
        lambda: describe_non_finite(torch.tensor([[float("nan")]]), Message("row")),
        lambda: Message("the {term} is no longer a number", term=name_of("rate", "validation")),
        lambda: Message(
            "Cannot write {out}: {strerror}.",
            out="a",
            strerror=reason(OSError(errno.ENOSPC, "No space left on device")),
        ),
        lambda: damage("[" * 30 + "]" * 30),
        lambda: damage('{"a": 1, "a": 2}'),
    ],
)
def test_what_is_said_is_chinese_through_and_through(say):
    text = translated(say(), "zh")
    assert re.search(r"[\u4e00-\u9fff]", text) and not SENTENCE.search(re.sub(r"'[^']*'|“[^”]*”", "", text)), text


def test_two_meanings_have_two_texts():
    """What is one word in English but two in Chinese has two texts."""
    assert translated(Message("lost"), "zh") != translated(Message("darker"), "zh")
    assert refusal(lambda: next_state("lost", "pause")).message.values["state"] == "lost"


def test_lists_are_joined_in_each_language():
    words = [Message("commas"), Message("tabs")]
    assert (listed(words), translated(listed(words), "zh")) == ("commas, tabs", "逗号、制表符")
    assert listed([]) == joined([]) == "" and joined(["a.", "b."]) == "a. b."
