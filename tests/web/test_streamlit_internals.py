"""What the app takes from inside Streamlit is there, and a release that moves a part of it is named."""

import inspect
import re

import pytest

from tests.conftest import ROOT
from vae_core.errors import UserError
from vae_core.web import streamlit_internals
from vae_core.web.streamlit_internals import INTERNALS, MIDDLEWARE, ORIGIN, SAY, SESSION, internal, replace

USED = r"streamlit\.(?:runtime|web|net_util|cli_util|elements|proto|errors|delta_generator_singletons)\b"


@pytest.mark.parametrize("name", INTERNALS)
def test_this_version_of_streamlit_has_the_part(name):
    internal(name)


def test_they_are_called_as_streamlit_calls_them():
    assert list(inspect.signature(internal(ORIGIN)).parameters) == ["origin", "host"]
    assert not inspect.signature(internal(MIDDLEWARE)).parameters
    app = inspect.getsource(inspect.getmodule(internal(MIDDLEWARE)))
    assert "create_streamlit_middleware()" in app  # by its name in the module, which is what we replace
    assert "_is_origin_allowed(" in inspect.getsource(inspect.getmodule(internal(ORIGIN)))
    manager = inspect.getsource(internal("streamlit.runtime.websocket_session_manager:WebsocketSessionManager"))
    assert re.search(r"\bAppSession\(", manager)
    session = inspect.getsource(internal(SESSION))
    assert "self._script_event_loop" in session and "self._client_state" in session
    assert "self._session_mgr" in inspect.getsource(internal("streamlit.runtime:Runtime"))
    assert "_external_ip" in inspect.getsource(internal("streamlit.net_util:get_external_ip"))
    assert "*" in str(inspect.signature(internal(SAY))) or inspect.signature(internal(SAY)).parameters


@pytest.mark.parametrize("name", ["streamlit.net_util:_moved", "streamlit.moved:x", "streamlit.runtime:Runtime.moved"])
def test_what_a_release_has_moved_is_named(name):
    with pytest.raises(UserError, match=f"has no {re.escape(name)}"):
        internal(name)
    with pytest.raises(UserError, match=re.escape(name)):
        replace(name, None)


def test_a_part_is_replaced_where_it_is_looked_up(monkeypatch):
    from streamlit.runtime.pages_manager import PagesManager

    for name in (streamlit_internals.FOLDER_MENU, SAY):
        module, _, path = name.partition(":")
        monkeypatch.setattr(f"{module}.{path}", internal(name))  # to be put back afterwards
        replace(name, "replaced")
        assert internal(name) == "replaced"
    assert PagesManager.uses_pages_directory == "replaced"


def test_no_other_file_reaches_inside():
    files = [path for room in ("vae_core", "vae_ui", "pages") for path in (ROOT / room).rglob("*.py")]
    inside = [
        path.name
        for path in files
        if re.search(rf"(?:import|from) {USED}|from streamlit import runtime", path.read_text())
    ]
    assert inside == []
    named = [path.name for path in files if re.search(rf"[\"']{USED}", path.read_text())]
    assert named == ["streamlit_internals.py"]
