"""Runs Streamlit's server in this process with our middleware; the only file of the core that uses Streamlit and its internals.

A second Python process would double the start-up time. Streamlit is imported inside the functions, so that other commands do
not load it.
"""

from pathlib import Path
from typing import Any

from vae_core.web.cookie import CookieMiddleware
from vae_core.web.file_descriptors import LazyEventLoop
from vae_core.web.hosts import Hosts
from vae_core.web.index_page import IndexPage
from vae_core.web.security import SecurityMiddleware
from vae_core.web.upload_limits import UploadLimits


def run(script: Path, options: dict[str, Any], hosts: Hosts, key: bytes) -> None:
    """Serve `script` until the process is ended; `options` are Streamlit's, `key` signs the cookies."""
    from starlette.middleware import Middleware
    from streamlit.web import bootstrap
    from streamlit.web.server.starlette import starlette_app

    _patch_streamlit()
    inner = starlette_app.create_streamlit_middleware
    outer = [
        Middleware(SecurityMiddleware, hosts),
        Middleware(CookieMiddleware, key, hosts),
        Middleware(UploadLimits, StreamlitUploads()),
    ]
    starlette_app.create_streamlit_middleware = lambda: [*outer, *inner(), Middleware(IndexPage)]
    bootstrap.load_config_options(options)
    bootstrap.run(str(script), False, [], options)


def _patch_streamlit() -> None:
    """Change behaviour for which Streamlit has no setting."""
    from streamlit import cli_util, net_util
    from streamlit.runtime import pages_manager, websocket_session_manager
    from streamlit.web.server.starlette import starlette_websocket

    websocket_session_manager.AppSession = _with_lazy_loop(websocket_session_manager.AppSession)
    starlette_websocket._is_origin_allowed = lambda origin, host: True  # SecurityMiddleware has checked the origin
    # app.py names the pages. With Streamlit's own rule for a folder named pages, a new server first shows a menu of file names.
    pages_manager.PagesManager.uses_pages_directory = False
    # For an unknown origin Streamlit asks a server on the internet for this machine's address: give one instead.
    net_util._external_ip = "127.0.0.1"
    # Streamlit prints "Stopping..." before it stops, and never stops where that fails: on a closed pipe or a full disk.
    cli_util.print_to_cli = lambda *words, **style: None


def _with_lazy_loop(session: Any) -> type[Any]:
    """Streamlit's session class with an event loop that opens no file descriptor."""

    class Session(session):  # type: ignore[misc]
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self._script_event_loop.close()  # type: ignore[has-type]
            self._script_event_loop = LazyEventLoop()

    return Session


class StreamlitUploads:
    """Streamlit's uploaded files as an `UploadStore`."""

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
