"""A client that speaks Streamlit's protocol: it runs pages with arbitrary widget values and uploads files."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.browser import raw_client
from tests.browser.server import Server

QUIET = 0.2  # seconds within which a page that has ended may rerun itself


@dataclass
class Shown:
    """The output of one run of a page: its elements as (kind, message)."""

    elements: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def widgets(self) -> dict[str, str]:
        """Widget id -> its kind."""
        return {element.id: kind for kind, element in self.elements if getattr(element, "id", "")}

    @property
    def exceptions(self) -> list[str]:
        """The contents of Streamlit's own error boxes, with the stack trace that the browser received."""
        return [str(element) for kind, element in self.elements if kind == "exception"]

    @property
    def errors(self) -> list[str]:
        """The sentences in the page's own error boxes."""
        boxes = [element for kind, element in self.elements if kind == "alert"]
        return [box.body for box in boxes if box.format == box.ERROR]

    def of(self, key: str) -> str:
        """The id of the widget with that key; raises LookupError where the page has none."""
        found = [id for id in self.widgets if id.endswith(f"-{key}")]
        if not found:
            raise LookupError(f"no widget {key} among {sorted(self.widgets)}")
        return found[-1]


class Client:
    """One client with its own cookies, which has opened a link to a page."""

    def __init__(self, server: Server, page: str = "decode", query: str = "model=digits-vae-2d") -> None:
        self.server, self.cookies, self.pages = server, raw_client.newcomer(server), {}
        self._open = ExitStack()
        self.session = self._open.enter_context(raw_client.session(server, page, self.cookies, query))
        self.show("")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def show(self, page: str, widgets: list[WidgetState] | None = None, query: str = "", timeout: float = 120) -> Shown:
        """Run a page, by its name in the URL, with these widget values; return its output."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        message.rerun_script.page_script_hash = self.pages.get(page, "")
        message.rerun_script.widget_states.widgets.extend(widgets or [])
        self.session.socket.send(message.SerializeToString())
        return self._listen(time.monotonic() + timeout)

    def put(self, name: str, content: bytes, timeout: float = 120) -> tuple[int, UploadedFileInfo]:
        """Upload a file as a browser does; return the response's status and the uploader's value for the file."""
        message = BackMsg()
        message.file_urls_request.request_id = name
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = self.session.id
        self.session.socket.send(message.SerializeToString())
        while (answer := self._next(time.monotonic() + timeout)).WhichOneof("type") != "file_urls_response":
            pass
        urls = answer.file_urls_response.file_urls[0]
        status, _ = raw_client.put(self.server, self.session, self.cookies, urls.file_id, content, name)
        return status, UploadedFileInfo(name=name, size=len(content), file_id=urls.file_id, file_urls=urls)

    def _listen(self, deadline: float) -> Shown:
        """All messages until the script has been idle for QUIET seconds, because a page may rerun itself at once.

        The end of an earlier run may come first: only an end after a beginning counts.
        """
        shown, running, begun, ran = Shown(), False, False, False
        while True:
            try:
                answer = self._next(deadline if running or not ran else time.monotonic() + QUIET)
            except TimeoutError:
                if running or not ran:
                    raise
                return shown
            kind = answer.WhichOneof("type")
            if kind == "delta" and (name := answer.delta.new_element.WhichOneof("type")):
                shown.elements.append((name, getattr(answer.delta.new_element, name)))
            elif kind == "navigation":
                self.pages = {page.url_pathname: page.page_script_hash for page in answer.navigation.app_pages}
            elif kind == "session_status_changed":
                running = answer.session_status_changed.script_is_running
                ran = ran or (begun and not running)
            elif kind == "new_session":
                begun = True

    def _next(self, deadline: float) -> ForwardMsg:
        answer = ForwardMsg()
        answer.ParseFromString(self.session.socket.recv(timeout=max(0.05, deadline - time.monotonic())))  # type: ignore[arg-type]
        return answer
