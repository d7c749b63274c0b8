"""The words on the pages: one function, a catalogue for each language, and a template that holds every text of the sources."""

import re
from string import Formatter

import pytest

from tools import messages
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.data.tables.built_in import TABLES
from vae_core.errors import UserError
from vae_core.messages import Message, record, recorded
from vae_core.translation import catalogues
from vae_ui.base import translation
from vae_ui.widgets import choose_image

OTHERS = [code for code in catalogues.LANGUAGES if code != catalogues.SOURCE]


@pytest.fixture
def chinese(monkeypatch):
    monkeypatch.setattr(translation, "language", lambda: "zh")


def test_the_template_holds_every_text_of_the_sources():
    fresh = messages.written(messages.template()).decode()
    assert messages.TEMPLATE.read_text(encoding="utf-8") == fresh, "texts have changed: run `make messages`"


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_holds_the_texts_of_the_template(code):
    catalog = catalogues.entries(code)
    assert {message.id for message in catalog} == {message.id for message in messages.template()}, "run `make messages`"
    assert not [message.id for message in catalog if message.fuzzy and message.id]


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_has_the_placeholders_of_its_english(code):
    catalog = catalogues.entries(code)
    for message in catalog:
        texts = message.string if isinstance(message.string, tuple | list) else [message.string]
        for text in filter(None, texts if message.id else []):
            original = message.id[-1] if isinstance(message.id, tuple | list) else message.id
            assert places(text) == places(original), original
            assert re.findall(r"\*\*|`", text) == re.findall(r"\*\*|`", original), original


def places(text: str) -> set[tuple[str | None, str | None]]:
    return {(name, form) for _, name, form, _ in Formatter().parse(text) if name is not None}


def test_english_needs_no_catalogue():
    assert translation.t("Model") == "Model" and translation.t("") == ""
    assert translation.t("{count:,} images", count=1000) == "1,000 images"
    assert translation.ngettext("{count} image", "{count} images", 2) == "2 images"
    assert translation.table() == {}


def test_a_text_of_the_core_is_translated_where_it_is_shown(chinese):
    error = UserError("There is no model '{name}': choose one in the sidebar.", name="{x} 模型")
    assert str(error).startswith("There is no model '{x} 模型'")
    assert translation.t(error) == "没有名为“{x} 模型”的模型：请在侧边栏中选择一个。"
    assert translation.t(recorded(record(error.message))) == translation.t(error)
    assert translation.t(Message("{why} Another model is shown until then.", why=error.message)).startswith("没有名为")


def test_what_no_catalogue_knows_stays_as_it_is(chinese):
    assert translation.t("my own {class}") == "my own {class}"
    assert translation.t(UserError("Nothing is known of {this}.", this=1)) == "Nothing is known of 1."


def test_names_of_classes_are_translated_but_never_those_of_a_person_s_own_files(chinese):
    assert choose_image.class_title("Bag", DataConfig(dataset="fashion-mnist")) == "包"
    for own in ("pictures", "table"):
        assert choose_image.class_title("Bag", DataConfig(dataset=own, path="mine.csv")) == "Bag"
    texts = {message.id for message in messages.template()}
    for name in (name for name, table in TABLES.items() if not table.own):
        assert {*load(DataConfig(dataset=name)).classes} <= texts, name


def test_values_that_do_not_fit_leave_the_english_text(chinese):
    told = Message("English")
    told.template, told.values = "There is no model '{name}': choose one in the sidebar.", {"title": 1}
    assert translation.t(told) == "English"
