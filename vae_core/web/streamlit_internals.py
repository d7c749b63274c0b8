"""Everything that the app uses of Streamlit beside its public interface: INTERNALS lists it, and a test names what a release moved.

Streamlit is imported inside the functions that need it, so that the command line does without it.
"""

import socket
from collections.abc import Callable, Hashable, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from vae_core.errors import UserError
from vae_core.web.file_descriptors import LazyEventLoop

MEMORY = "_latent_memory"  # our own attribute of a script's context
SERVER = "streamlit.web.server.starlette"
MIDDLEWARE = f"{SERVER}.starlette_app:create_streamlit_middleware"
ORIGIN = f"{SERVER}.starlette_websocket:_is_origin_allowed"
BIND = f"{SERVER}.starlette_server:_bind_server_socket"
SESSION = "streamlit.runtime.websocket_session_manager:AppSession"
FOLDER_MENU = "streamlit.runtime.pages_manager:PagesManager.uses_pages_directory"
EXTERNAL_ADDRESS = "streamlit.net_util:_external_ip"
SAY = "streamlit.cli_util:print_to_cli"
TABLES = "streamlit.components.v2.bidi_component.serialization:is_dataframe_like"
CONTEXT = "streamlit.runtime.scriptrunner:get_script_run_ctx"
EMOJI = "streamlit.emojis:ALL_EMOJIS"
INTERNALS = {  # what is replaced or called -> why
    MIDDLEWARE: "our middleware runs before Streamlit's own",
    ORIGIN: "SecurityMiddleware has checked the origin",
    BIND: "a Unix socket in place of a port",
    SESSION: "3 file descriptors for an event loop that no page uses, and pages that do nothing after a restart",
    FOLDER_MENU: "app.py names the pages: otherwise a new server first shows a menu of file names",
    EXTERNAL_ADDRESS: "for an unknown origin it asks a server on the internet for this machine's address",
    SAY: "it writes before it stops, and never stops where that cannot be written: a closed pipe, a full disk",
    EMOJI: "read while the browser loads its first files: it takes 0.1 s, and the first icon on a page needs it",
    TABLES: "no page sends a table to a component, and to look for one in each list imports pandas",
    "streamlit.web.bootstrap:load_config_options": "options that are given in this process",
    "streamlit.web.bootstrap:run": "the server in this process",
    "streamlit.runtime:exists": "whether a server runs",
    "streamlit.runtime:get_instance": "the server's own objects",
    "streamlit.runtime:Runtime.is_active_session": "whether a browser is still there",
    CONTEXT: "the session that a script runs for, and `cursors`, which each of its runs has anew",
    "streamlit.runtime.memory_uploaded_file_manager:MemoryUploadedFileManager.get_files": "which uploads are held",
    "streamlit.runtime.memory_uploaded_file_manager:MemoryUploadedFileManager.remove_session_files": "to drop them",
    "streamlit.runtime.websocket_session_manager:WebsocketSessionManager.list_active_sessions": "to draw every page again",
    "streamlit.runtime.app_session:AppSession.request_rerun": "to draw a page again",
    "streamlit.runtime:Runtime._get_async_objs": "the server's event loop, on which pages are drawn again",
}


def internal(name: str) -> Any:
    """The part `module:attribute` of Streamlit; raises UserError where this version of it has none."""
    module, _, path = name.partition(":")
    try:
        found: Any = import_module(module)
        for step in path.split("."):
            found = getattr(found, step)
    except (ImportError, AttributeError):
        import streamlit

        raise UserError(
            "Streamlit {version__} has no {name}: install another version of it.",
            version__=streamlit.__version__,
            name=name,
        ) from None
    return found


def replace(name: str, value: Any) -> None:
    """Put `value` in the place of a part of Streamlit; raises UserError where this version has no such part."""
    internal(name)
    module, _, path = name.partition(":")
    owner, _, last = f"{module}:{path}".rpartition("." if "." in path else ":")
    setattr(internal(owner) if ":" in owner else import_module(owner), last, value)


def run(
    script: Path, options: dict[str, Any], outer: Sequence[Any], inner: Sequence[Any], at: socket.socket | None
) -> None:
    """Serve `script` until it is told to end, with the middleware `outer` before Streamlit's own and `inner` after it.

    `at`: a Unix socket to listen on in place of a port.
    """
    if at is not None:
        replace(BIND, lambda configured, address, port, backlog: (at, address))
    theirs: Callable[[], list[Any]] = internal(MIDDLEWARE)
    replace(MIDDLEWARE, lambda: [*outer, *theirs(), *inner])
    replace(SESSION, with_changes(internal(SESSION)))
    replace(ORIGIN, lambda origin, host: True)
    replace(FOLDER_MENU, False)
    replace(EXTERNAL_ADDRESS, "127.0.0.1")
    replace(TABLES, lambda value: False)
    replace(SAY, lambda *words, **style: None)
    internal("streamlit.web.bootstrap:load_config_options")(options)
    internal("streamlit.web.bootstrap:run")(str(script), False, [], options)


def with_changes(session: Any) -> type[Any]:
    """Streamlit's session class with an event loop that opens no file descriptor, and that begins with the whole page.

    After a restart of the server an open page goes on with a session that is new: what it asks for first, one of its fragments, is not
    known there, and Streamlit would do nothing, however often a person clicks.
    """

    class Session(session):  # type: ignore[misc]
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self._script_event_loop.close()  # type: ignore[has-type]
            self._script_event_loop = LazyEventLoop()
            self._has_begun = False

        def request_rerun(self, client_state: Any) -> None:
            if client_state and not self._has_begun:
                client_state.fragment_id = ""
            self._has_begun = True
            super().request_rerun(client_state)

    return Session


def serves() -> bool:
    """Whether this process serves browsers; not so in a test of a page alone."""
    exists, instance, kind = map(
        _known, ("streamlit.runtime:exists", "streamlit.runtime:get_instance", "streamlit.runtime:Runtime")
    )
    return exists() and type(instance()) is kind


def session_name() -> str | None:
    """The name of the session that the present script runs for; None outside of a script."""
    context = _known(CONTEXT)(suppress_warning=True)
    return None if context is None else str(context.session_id)


def run_memory() -> dict[Hashable, Any] | None:
    """What is remembered for the present run of a script, or of a part of it, and for no other; None outside of a script."""
    context = _known(CONTEXT)(suppress_warning=True)
    if context is None:
        return None
    run, memory = getattr(context, MEMORY, (None, {}))
    if run is not context.cursors:
        memory = {}
        setattr(context, MEMORY, (context.cursors, memory))
    return memory


_known = cache(internal)  # asked for hundreds of times a page, and never replaced


def redraw(wanted: Callable[[str], bool], after: float = 0.0) -> None:
    """Run the pages of the wanted sessions again, in `after` seconds; may be called from any thread, and waits for nothing."""

    def now() -> None:
        for active in runtime._session_mgr.list_active_sessions():
            if wanted(active.session.id):
                active.session.request_rerun(active.session._client_state)

    if serves():
        runtime = internal("streamlit.runtime:get_instance")()
        loop = runtime._get_async_objs().eventloop
        loop.call_soon_threadsafe(loop.call_later, after, now)


class StreamlitUploads:
    """Streamlit's uploaded files as an `UploadStore`."""

    @property
    def runtime(self) -> Any:
        return internal("streamlit.runtime:get_instance")()

    def holds(self, session: str, file: str) -> bool:
        return bool(self.runtime.uploaded_file_mgr.get_files(session, [file]))

    def drop_departed(self, sessions: set[str]) -> None:
        for session in sessions:
            if not self.runtime.is_active_session(session):
                self.runtime.uploaded_file_mgr.remove_session_files(session)

    def redraw(self, session: str) -> None:
        redraw(lambda name: name == session)
