"""What the pages say of rows: every sentence that is replaced is one of a page, and keeps its placeholders."""

from concurrent.futures import ThreadPoolExecutor
from string import Formatter
from threading import get_ident

from tools import messages
from vae_core.translation import catalogues
from vae_ui.base import translation
from vae_ui.base.row_words import ROWS
from vae_ui.base.row_words.browser import BROWSER


def names(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_sentence_that_is_replaced_is_said_somewhere():
    known = {message.id: {place for place, _ in message.locations} for message in messages.template()}
    assert [text for text in ROWS if text not in known] == []
    assert [text for text in ROWS.values() if str(text) not in known] == []
    assert all(any(place.endswith(".js") for place in known[text]) for text in BROWSER)
    assert all(any(place.endswith(".py") for place in known[text]) for text in set(ROWS) - set(BROWSER))


def test_the_placeholders_stay():
    assert [text for text, suited in ROWS.items() if names(text) != names(suited)] == []


def test_rows_are_spoken_of_only_where_they_are_shown(monkeypatch):
    session = {}
    monkeypatch.setattr(translation, "session_name", lambda: "me")
    monkeypatch.setattr(translation.st, "session_state", session)
    monkeypatch.setattr(translation, "of_the_browser", lambda: "en")
    assert translation.t("Test image {number}", number=3) == "Test image 3" and translation.own_key("map") == "map"
    translation.suit("row")
    assert translation.t("Test image {number}", number=3) == "Test row 3" and translation.own_key("map") == "map-row"
    assert translation.table()["Pixels mixed"] == "Values mixed"
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
