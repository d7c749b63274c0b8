"""The one place where the core touches Streamlit: its server, in this process, with our layers before it.

A second Python would double the start, and Streamlit is imported only here, so that the command line does without it.
"""

from pathlib import Path
from typing import Any

from vae_core.web.cookie import Persons
from vae_core.web.descriptors import SparingLoop
from vae_core.web.gate import Gate
from vae_core.web.hosts import Hosts
from vae_core.web.page import AppPage
from vae_core.web.uploads import Uploads


def run(script: Path, options: dict[str, Any], hosts: Hosts, key: bytes) -> None:
    """Serve `script` until it is told to end; `options` are Streamlit's, `key` signs the cookies."""
    from starlette.middleware import Middleware
    from streamlit.web import bootstrap
    from streamlit.web.server.starlette import starlette_app

    _correct()
    inner = starlette_app.create_streamlit_middleware
    outer = [Middleware(Gate, hosts), Middleware(Persons, key, hosts), Middleware(Uploads, Memory())]
    starlette_app.create_streamlit_middleware = lambda: [*outer, *inner(), Middleware(AppPage)]
    bootstrap.load_config_options(options)
    bootstrap.run(str(script), False, [], options)


def _correct() -> None:
    """What Streamlit has no setting for."""
    from streamlit import cli_util, net_util
    from streamlit.runtime import pages_manager, websocket_session_manager
    from streamlit.web.server.starlette import starlette_websocket

    websocket_session_manager.AppSession = _sparing(websocket_session_manager.AppSession)
    starlette_websocket._is_origin_allowed = lambda origin, host: True  # the gate has decided: one rule, in one place
    # There is a folder named pages, but app.py names them: else a server that has just started shows a menu of file names.
    pages_manager.PagesManager.uses_pages_directory = False
    # An unknown origin makes Streamlit ask a server on the internet for this machine's address: it is answered here.
    net_util._external_ip = "127.0.0.1"
    # It says "Stopping..." before it stops, and never stops where that cannot be written: a closed pipe, a full disk.
    cli_util.print_to_cli = lambda *words, **style: None


def _sparing(session: Any) -> type[Any]:
    """Streamlit's session with a loop that opens no file descriptor."""

    class Session(session):  # type: ignore[misc]
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self._script_event_loop.close()  # type: ignore[has-type]
            self._script_event_loop = SparingLoop()

    return Session


class Memory:
    """Streamlit's uploaded files, as the layer that counts them asks for them."""

    @property
    def runtime(self) -> Any:
        from streamlit.runtime import get_instance

        return get_instance()

    def holds(self, session: str, file: str) -> bool:
        return bool(self.runtime.uploaded_file_mgr.get_files(session, [file]))

    def drop_departed(self, sessions: set[str]) -> None:
        for session in sessions:
            if not self.runtime.is_active_session(session):
                self.runtime.uploaded_file_mgr.remove_session_files(session)

    def redraw(self, session: str) -> None:
        active = self.runtime._session_mgr.get_active_session_info(session)
        if active is not None:
            active.session.request_rerun(active.session._client_state)
