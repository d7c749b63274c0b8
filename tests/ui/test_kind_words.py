"""What the pages say of rows and of sentences: every text that is replaced is one of a page, and keeps its placeholders."""

import re
from concurrent.futures import ThreadPoolExecutor
from string import Formatter
from threading import get_ident

import pytest

from tools import messages
from vae_core.translation import catalogues
from vae_ui.base import translation
from vae_ui.base.kind_words import BROWSER, VARIANTS

OF_IMAGES = re.compile(r"\b(images?|pictures?|pixels?|columns?|rows?)\b", re.IGNORECASE)


def names(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("kind", VARIANTS)
def test_every_text_that_is_replaced_is_said_somewhere(kind):
    said, in_browser = VARIANTS[kind], BROWSER[kind]
    known = {message.id: {place for place, _ in message.locations} for message in messages.template()}
    assert [text for text in said if text not in known] == []
    assert [text for text in said.values() if str(text) not in known] == []
    assert [text for text in in_browser if not any(place.endswith(".js") for place in known[text])] == []
    assert [text for text in set(said) - set(in_browser) if not elsewhere(known[text])] == []


def elsewhere(places):
    """Whether Python says a text where it is not one that is replaced."""
    return any(place.endswith(".py") and "kind_words" not in place for place in places)


@pytest.mark.parametrize("kind", VARIANTS)
def test_the_placeholders_stay_and_every_text_differs(kind):
    assert [text for text, suited in VARIANTS[kind].items() if names(text) != names(suited)] == []
    assert [text for text, suited in VARIANTS[kind].items() if text == suited] == []


def test_no_text_of_sentences_speaks_of_other_data():
    said = [str(text) for text in VARIANTS["tokens"].values()]
    assert [text for text in said if OF_IMAGES.search(re.sub(r"{.*?}", "", text))] == []


def test_no_text_of_molecules_speaks_of_other_data():
    said = [re.sub(r"{.*?}", "", str(text)) for text in VARIANTS["molecule"].values()]
    assert [
        text for text in said if re.search(r"\b(images?|pictures?|pixels?|sentences?|words?)\b", text, re.IGNORECASE)
    ] == []


def test_rows_are_spoken_of_only_where_they_are_shown(monkeypatch):
    session = {}
    monkeypatch.setattr(translation, "session_name", lambda: "me")
    monkeypatch.setattr(translation.st, "session_state", session)
    monkeypatch.setattr(translation, "of_the_browser", lambda: "en")
    assert translation.t("Test image {number}", number=3) == "Test image 3" and translation.own_key("map") == "map"
    translation.suit("row")
    assert translation.t("Test image {number}", number=3) == "Test row 3" and translation.own_key("map") == "map-row"
    assert translation.table()["Pixels mixed"] == "Values mixed"
    translation.suit("tokens")
    assert translation.t("Test images") == "Test sentences" and translation.own_key("map") == "map-tokens"
    assert translation.table()["nats per picture"] == "nats per sentence" and "Pixels mixed" not in translation.table()
    translation.suit("picture")
    assert translation.t("Test images") == "Test images" and translation.table() == {}


def test_a_file_that_is_made_elsewhere_speaks_as_the_session_that_asked(monkeypatch):
    mine = get_ident()
    monkeypatch.setattr(translation, "session_name", lambda: "me" if get_ident() == mine else None)
    monkeypatch.setattr(translation.st, "session_state", {translation.KIND: "row", translation.CHOSEN: "zh"})
    make = translation.kept(
        lambda: (
            f"{translation.language()} {translation.t('Pixels mixed')} {translation.table()['Pixels mixed']}".encode()
        )
    )
    text = catalogues.catalogue("zh").gettext("Values mixed")
    translation.suit("picture")  # the person has gone on to another model
    with ThreadPoolExecutor(1) as elsewhere:
        assert elsewhere.submit(make).result().decode() == f"zh {text} {text}"
        assert elsewhere.submit(translation.t, "Pixels mixed").result() == "Pixels mixed"
