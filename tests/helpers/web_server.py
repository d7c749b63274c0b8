"""A web server on this machine that serves a folder and notes what it is asked for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The server's address and the list of its requests."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder))) as http:
        http.asked = []  # type: ignore[attr-defined]
        threading.Thread(target=http.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{http.server_port}/", http.asked  # type: ignore[attr-defined]
        finally:
            http.shutdown()
