"""Downloads on a click: real files over real HTTP from this machine, shown with their progress, cancelled at any time."""

import gzip
import hashlib
import struct
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from tests.pages.train.test_train import by_label, opened
from vae_core.data import download
from vae_core.data.mnist import FILES
from vae_core.runs import Store
from vae_ui.datasets import downloads


def idx(array: np.ndarray) -> bytes:
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return gzip.compress(head + array.astype(np.uint8).tobytes())


NOISE = np.random.default_rng(0)
SERVED = {
    f"{name}.gz": idx(NOISE.integers(0, 255, (60, 28, 28)) if "images" in name else np.arange(60) % 10)
    for name in FILES
}


@pytest.fixture
def mirror(home, monkeypatch) -> Iterator[threading.Event]:
    """A mirror on this machine that holds back the end of each file until the event is set; nothing trains."""
    go_on = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = SERVED[self.path.lstrip("/")]
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[:50])
            go_on.wait(20)
            self.wfile.write(body[50:])

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    resources = [(name, hashlib.md5(body).hexdigest()) for name, body in SERVED.items()]
    url = f"http://127.0.0.1:{server.server_port}/"
    monkeypatch.setattr(downloads, "download", partial(download, mirrors=[url], resources=resources))
    yield go_on
    go_on.set()
    server.shutdown()
    server.server_close()
    downloads._jobs().clear()


def ended(seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not downloads._jobs()["kmnist"].ended:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_click_gets_the_data_and_the_form_goes_on(mirror, home):
    app = opened()
    by_label(app.selectbox, "Data").set_value("kmnist").run()
    assert by_label(app.button, "Start").disabled
    by_label(app.button, "Download").click().run()
    assert {"Cancel"} <= {button.label for button in app.button} and by_label(app.button, "Start").disabled
    mirror.set()
    ended()
    app.run()
    assert not app.error and not app.exception and not by_label(app.button, "Start").disabled
    by_label(app.button, "Start").click().run()
    assert Store(home).runs()[0].run.data.dataset == "kmnist"


def test_cancel_leaves_nothing_half(mirror, home):
    app = opened()
    by_label(app.selectbox, "Data").set_value("kmnist").run()
    by_label(app.button, "Download").click().run()
    by_label(app.button, "Cancel").click().run()
    mirror.set()
    ended()
    app.run()
    assert not app.error and "not on this computer" in app.info[0].value
    left = [path.name for path in home.rglob("*") if path.is_file() and path.suffix in (".part", ".gz")]
    assert left == []
