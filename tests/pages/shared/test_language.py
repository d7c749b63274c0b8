"""The language of a session: from the address, from the menu in the sidebar, from the cookie, or from the browser."""

import threading

import pytest
from streamlit.runtime import Runtime
from streamlit.testing.v1 import AppTest, app_test

from tests.conftest import ROOT
from tests.pages.visit import address
from vae_core.translation.catalogues import LANGUAGES
from vae_core.web.middleware.content.index_page import LANGUAGE_COOKIE
from vae_ui.base import translation


def visitor(**settings: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["model"] = "digits-vae-2d"
    for name, value in settings.items():
        app.query_params[name] = value
    return app


class KeptRuntime:
    """Streamlit's Runtime as AppTest sees it, whose run ends by taking it away, also from a session that still runs."""

    def __dir__(self):
        return dir(Runtime)

    def __getattr__(self, name):
        return getattr(Runtime, name)

    def __setattr__(self, name, value):
        if value is not None:
            setattr(Runtime, name, value)


def test_each_session_has_its_own_language(monkeypatch):
    """Sessions are threads of one process: two that run at the same time do not share a language."""
    monkeypatch.setattr(Runtime, "_instance", None)  # put back when the test ends
    monkeypatch.setattr(app_test, "Runtime", KeptRuntime())
    apps = {code: visitor(lang=code) for code in LANGUAGES}
    threads = [threading.Thread(target=app.run) for app in apps.values()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {code: app.title[0].value for code, app in apps.items()} == {
        "en": "What is a VAE?",
        "zh": "什么是变分自编码器（VAE）？",
    }


def test_the_choice_in_the_sidebar_goes_into_the_address_and_stays():
    app = visitor().run()
    assert "lang" not in address(app)
    (switch,) = [group for group in app.sidebar.button_group if group.label == "Language"]
    switch.set_value("zh").run()
    assert address(app)["lang"] == "zh"
    app.switch_page("pages/generate.py").run()
    assert next(box for box in app.sidebar.selectbox).label == "模型" and address(app)["lang"] == "zh"


def test_an_unknown_language_in_the_address_is_said_and_english():
    app = visitor(lang="<b>").run()
    assert app.title[0].value == "What is a VAE?" and "lang" not in address(app)
    assert [box.value for box in app.warning] == [
        "This link asks for something that is not here, and it was left out: the language."
    ]


def test_a_region_falls_back_to_its_language():
    app = visitor(lang="zh-TW").run()
    assert "变分自编码器" in app.title[0].value and address(app)["lang"] == "zh" and not app.warning


class Browser:
    """What Streamlit tells of a visitor's browser."""

    locale = "de"
    url = "http://127.0.0.1/"

    def __init__(self, cookie: str = "", accepted: str = "") -> None:
        self.cookies = {LANGUAGE_COOKIE: cookie} if cookie else {}
        self.headers = {"Accept-Language": accepted} if accepted else {}


@pytest.mark.parametrize(
    ("browser", "lang", "code"),
    [
        (Browser(), "", "en"),
        (Browser(accepted="de, zh-HK;q=0.9"), "", "zh"),
        (Browser(cookie="zh"), "", "zh"),
        (Browser(cookie="en", accepted="zh"), "", "en"),
        (Browser(cookie="zh"), "en", "en"),
        (Browser(cookie="xx", accepted="zh"), "", "zh"),
    ],
)
def test_the_address_comes_before_the_cookie_and_the_cookie_before_the_browser(monkeypatch, browser, lang, code):
    state: dict[str, str] = {}
    monkeypatch.setattr(translation, "session_name", lambda: "me")
    monkeypatch.setattr(translation, "serves", lambda: True)
    monkeypatch.setattr(translation.st, "session_state", state)
    monkeypatch.setattr(translation.st, "query_params", {"lang": lang} if lang else {})
    monkeypatch.setattr(translation.st, "context", browser)
    translation.arrive()
    assert translation.language() == code
    translation.choose("zh")
    translation.arrive()
    assert translation.language() == "zh", "the choice on the page stays"
    assert translation.to_keep() == f"{LANGUAGE_COOKIE}=zh"
