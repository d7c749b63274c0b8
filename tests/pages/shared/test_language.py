"""The language of a session: from the address, from the menu in the sidebar, or from the browser."""

import threading

from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.pages.visit import address
from vae_ui.base import translation


def visitor(**settings: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["model"] = "digits-vae-2d"
    for name, value in settings.items():
        app.query_params[name] = value
    return app


def test_each_session_has_its_own_language():
    """Sessions are threads of one process: two that run at the same time do not share a language."""
    apps = {code: visitor(lang=code) for code in translation.LANGUAGES}
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
    menu = next(box for box in app.sidebar.selectbox if box.label == "Language")
    menu.set_value("zh").run()
    assert address(app)["lang"] == "zh"
    app.switch_page("pages/generate.py").run()
    assert next(box for box in app.sidebar.selectbox).label == "模型" and address(app)["lang"] == "zh"


def test_an_unknown_language_in_the_address_is_english():
    app = visitor(lang="<b>").run()
    assert app.title[0].value == "What is a VAE?" and "lang" not in address(app)
