"""Downloads from a local web server."""

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch

from tests.helpers.data_helpers import parts, small_mnist
from vae_core.config import DataConfig
from vae_core.data import DATASETS, download, load
from vae_core.data.mnist import FILES
from vae_core.data.torchvision_import import torchvision_datasets
from vae_core.errors import UserError

Server = tuple[str, Path, list[str]]


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Address and folder of a local web server with a small MNIST, and the list of its requests."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    folder = small_mnist(tmp_path / "served", packed=True) / "MNIST" / "raw"
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder))) as http:
        http.asked = []  # type: ignore[attr-defined]
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}/", folder, http.asked  # type: ignore[attr-defined]
        http.shutdown()


def sums(folder: Path) -> list[tuple[str, str]]:
    return [(path.name, hashlib.md5(path.read_bytes()).hexdigest()) for path in sorted(folder.iterdir())]


def test_download(server: Server, tmp_path: Path) -> None:
    address, folder, asked = server
    dead = "http://127.0.0.1:9/"  # the first mirror does not answer
    events = list(download("mnist", tmp_path, [dead, address], sums(folder)))
    for name, _ in sums(folder):
        sizes = [(event.done_bytes, event.total_bytes) for event in events if event.file == name]
        assert sizes == sorted(sizes) and sizes[-1] == ((folder / name).stat().st_size,) * 2
    assert all(
        map(
            torch.equal,
            parts(load(DataConfig(dataset="mnist"), tmp_path)),
            parts(load(DataConfig(dataset="mnist"), tmp_path / "served")),
        )
    )
    assert sorted(p.name for p in (tmp_path / "MNIST/raw").iterdir()) == sorted(FILES), "only whole files stay"
    count = len(asked)
    list(download("mnist", tmp_path, [address], sums(folder)))
    assert len(asked) == count, "what is whole is not fetched again"
    (tmp_path / "MNIST/raw" / FILES[0]).write_bytes(b"cut")
    list(download("mnist", tmp_path, [address], sums(folder)))
    assert len(asked) == count + 1 and DATASETS["mnist"].available(tmp_path)
    assert len(load(DataConfig(dataset="mnist"), tmp_path).test) == 20


@pytest.mark.parametrize("trouble", ["checksum", "not found", "no network", "no mirror"])
def test_a_failed_download_says_why_and_leaves_nothing(trouble: str, server: Server, tmp_path: Path) -> None:
    address, folder, _ = server
    resources = [(name, "0" * 32) for name, _ in sums(folder)] if trouble == "checksum" else [("nosuch.gz", "0" * 32)]
    mirrors = {"no network": ["http://127.0.0.1:9/"], "no mirror": []}.get(trouble, [address, address])
    why = {"checksum": "wrong checksum", "not found": "404|Not Found|not found", "no network": "refused"}.get(
        trouble, "no mirror"
    )
    with pytest.raises(UserError, match=why) as error:
        list(download("mnist", tmp_path, mirrors, resources))
    assert "MNIST could not be downloaded" in str(error.value) and "try again" in str(error.value)
    assert list((tmp_path / "MNIST/raw").iterdir()) == []


def test_a_cancelled_download_leaves_nothing(server: Server, tmp_path: Path) -> None:
    address, folder, _ = server
    (folder / "large.gz").write_bytes(bytes(2**20))
    running = download("mnist", tmp_path, [address], [("large.gz", "0" * 32)])
    first = next(running)
    assert 0 < first.done_bytes < first.total_bytes == 2**20
    assert len(list((tmp_path / "MNIST/raw").iterdir())) == 1
    running.close()
    assert list((tmp_path / "MNIST/raw").iterdir()) == []


def test_a_folder_that_cannot_be_created_is_reported_as_a_disk_error(server: Server, tmp_path: Path) -> None:
    address, folder, _ = server
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match="cannot be written"):
        list(download("mnist", tmp_path / "file", [address], sums(folder)))
    with pytest.raises(UserError, match="needs no download"):
        list(download("digits", tmp_path))


def test_torchvision_has_mirrors_for_all() -> None:
    for name in ("MNIST", "FashionMNIST", "KMNIST"):
        known = getattr(torchvision_datasets(), name)
        assert known.mirrors and [file for file, _ in known.resources] == [f"{name}.gz" for name in FILES]
