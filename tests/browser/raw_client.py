"""A client without a browser: HTTP requests, a session on Streamlit's websocket, cookies, and uploads."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from tests.browser.server import Server

BOUNDARY = "frontier"


@dataclass
class Session:
    """One open page: the id of its session on the server, and its websocket."""

    id: str
    socket: ClientConnection


def ask(
    server: Server, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, dict, str]:
    """Send a request; return the response's status, headers and text. `Host` is the server's own unless given."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=180)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    finally:
        connection.close()


def newcomer(server: Server) -> str:
    """The cookies of a browser that has just opened the page."""
    user = ask(server, "/")[1]["set-cookie"].partition(";")[0]
    xsrf = ask(server, "/_stcore/health")[1]["set-cookie"].partition(";")[0]
    return f"{user}; {xsrf}"


@contextmanager
def session(
    server: Server, page: str = "decode", cookies: str = "", query: str = "model=digits-vae-2d", **more: object
) -> Iterator[Session]:
    """Open a link to a page as a browser does, and read its messages until its first run has finished."""
    address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    headers = {"Cookie": cookies} if cookies else {}
    with connect(
        address,
        origin=server.url,
        subprotocols=["streamlit"],
        additional_headers=headers,
        max_size=None,
        open_timeout=180,
        ping_interval=None,  # a client that does not read for a while is not gone
        **more,
    ) as socket:
        yield Session(go(socket, page, query), socket)


def go(socket: ClientConnection, page: str, query: str = "") -> str:
    """Ask for a page as a click in the menu does, and read until its run has finished; the id of the session on the server."""
    asked, message, id = BackMsg(), ForwardMsg(), ""
    asked.rerun_script.page_name, asked.rerun_script.query_string = page, query
    socket.send(asked.SerializeToString())
    while not message.HasField("script_finished"):
        message.ParseFromString(socket.recv(timeout=180))
        if message.HasField("new_session"):
            id = message.new_session.initialize.session_id
    return id


def put(
    server: Server, session: Session, cookies: str, id: str, content: bytes, name: str = "f.png", **headers: str
) -> tuple[int, str]:
    """Upload a file named `name` under a file id, which need not belong to an uploader; return status and text of the response."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n\r\n'.encode()
    body = head + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    token = cookies.partition("_streamlit_xsrf=")[2]
    own = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "X-Xsrftoken": token, "Cookie": cookies}
    status, _, text = ask(server, f"/_stcore/upload_file/{session.id}/{id}", "PUT", body, **{**own, **headers})
    return status, text
