"""A browser's requests without a browser: a session on the websocket, a page's cookies, an upload."""

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
    """One open page: its id on the server, and its connection."""

    id: str
    socket: ClientConnection


def ask(
    server: Server, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, dict, str]:
    """Status, headers and text of an answer; `Host` is the server's own unless given."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    finally:
        connection.close()


def newcomer(server: Server) -> str:
    """The cookies of a browser that has just opened the page."""
    person = ask(server, "/")[1]["set-cookie"].partition(";")[0]
    xsrf = ask(server, "/_stcore/health")[1]["set-cookie"].partition(";")[0]
    return f"{person}; {xsrf}"


@contextmanager
def session(server: Server, page: str = "decode", cookies: str = "", **more: object) -> Iterator[Session]:
    """A page opened as a browser does; its messages are read until its first run is over."""
    address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    headers = {"Cookie": cookies} if cookies else {}
    with connect(
        address,
        origin=server.url,
        subprotocols=["streamlit"],
        additional_headers=headers,
        max_size=None,
        open_timeout=60,
        **more,
    ) as socket:
        message = BackMsg()
        message.rerun_script.page_name, message.rerun_script.query_string = page, "model=digits-vae-2d"
        socket.send(message.SerializeToString())
        id, told = "", ForwardMsg()
        while not told.HasField("script_finished"):
            told.ParseFromString(socket.recv(timeout=60))
            if told.HasField("new_session"):
                id = told.new_session.initialize.session_id
        yield Session(id, socket)


def put(
    server: Server, session: Session, cookies: str, id: str, content: bytes, name: str = "f.png", **headers: str
) -> tuple[int, str]:
    """Upload a file called `name` under an id that no uploader on the page need know; status and words of the answer."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n\r\n'.encode()
    body = head + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    token = cookies.partition("_streamlit_xsrf=")[2]
    told = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "X-Xsrftoken": token, "Cookie": cookies}
    status, _, words = ask(server, f"/_stcore/upload_file/{session.id}/{id}", "PUT", body, **{**told, **headers})
    return status, words
