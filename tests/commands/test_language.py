"""The command line speaks the terminal's language: Chinese where it is asked for and can be printed, else English."""

import io
import json
import os
import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from vae_core.__main__ import main, parser
from vae_core.translation import terminal
from vae_core.translation.catalogues import entries

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SENTENCE = re.compile(r"(?:\b[A-Za-z][a-z']+\b ?){4,}")
SETTINGS = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture
def chinese(monkeypatch):
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")


def printed(capsys, *words: str) -> tuple[int, str]:
    try:
        code = main(words)
    except SystemExit as stop:
        code = int(stop.code or 0)
    out, err = capsys.readouterr()
    return code, out + err


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "fr:zh_HK:en"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANGUAGE": "zh", "LANG": "C.UTF-8"}, "en"),
        ({"LANGUAGE": "zh", "LC_ALL": "POSIX"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_environment_names_the_language(environment, code):
    assert terminal.asked_language(environment) == code


@pytest.mark.parametrize(
    "words", [["--help"], *([name, "--help"] for name in parser()._subparsers._group_actions[0].choices)]
)
def test_help_is_chinese(capsys, chinese, words):
    code, text = printed(capsys, *words)
    assert code == 0 and text.startswith("用法：") and "选项" in text and "options" not in text
    assert not SENTENCE.search(re.sub(r"\[[^]]*\]|\{[^}]*\}", "", text)), text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["train"], "缺少必需的参数：--out"),
        (["fly"], "没有这个选项：'fly'"),
        (["serve", "--port", "x"], "请给出 1 到 65,535 之间的整数"),
        (["generate", "nowhere", "--out", "x.png"], "没有检查点"),
        (["train", "--out", "x", "--preset", "gan"], "没有名为“gan”的预设"),
        (["serve", "--port", "80", "--host", "192.0.2.1"], "PORT="),
    ],
)
def test_errors_are_chinese(capsys, chinese, words, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, text = printed(capsys, *words)
    assert code == 2 and CHINESE.search(text) and not re.search("error|argument", text)
    assert says in text or "不是本机的地址" in text


def test_what_is_listed_is_chinese_json(capsys, chinese):
    for command in ("datasets", "presets"):
        _, text = printed(capsys, command)
        rows = [json.loads(line) for line in text.splitlines()]
        assert all(re.match(r"[a-z0-9-]+$", row["name"]) for row in rows)
        assert CHINESE.search(text) and sum(bool(CHINESE.search(row["title"])) for row in rows) > 3


def test_english_needs_nothing(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    code, text = printed(capsys, "train")
    assert code == 2 and "the following arguments are required: --out" in text


def test_a_terminal_that_cannot_print_chinese_gets_english():
    environment = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    environment |= {"LANG": "zh_CN.UTF-8", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "vae_core", "datasets"], cwd=ROOT, env=environment, capture_output=True, timeout=120
    )
    assert done.returncode == 0 and not done.stderr and '"title": "MNIST"' in done.stdout.decode("ascii")


def test_a_single_character_that_a_terminal_lacks_gives_that_text_in_english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.GB2312")
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="gb2312")
    assert terminal.can_write(narrow, "编码") and not terminal.can_write(narrow, "−ELBO")


def test_argparse_is_given_back(chinese):
    import argparse

    before = argparse._
    with terminal.argparse_words():
        assert argparse._("usage: ") == "用法："
    assert argparse._ is before


def test_every_word_of_argparse_has_its_chinese():
    known = {str(message.id): message.string for message in entries("zh")}
    assert all(CHINESE.search(known[str(text)]) for text in terminal.ARGPARSE)
