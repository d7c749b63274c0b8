"""Fixtures of all tests: one thread, a temporary home folder, and the folder of real data sets where there is one."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):  # before torch is imported: small nets are faster on one thread
    os.environ[variable] = "1"

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("LATENT_DATA") or ROOT.parent / "shared" / "data").resolve()

settings.register_profile("suite", deadline=None, print_blob=True)
settings.load_profile("suite")


@pytest.fixture(scope="session", autouse=True)
def _temporary_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test writes to the real ~/.latent-explorer, even without the fixture `home`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(autouse=True)
def _main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit's AppTest leaves its script as __main__, which a process that is spawned later would run again."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for runs, as LATENT_HOME; LATENT_DATA is unset."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("LATENT_HOME", str(folder))
    monkeypatch.delenv("LATENT_DATA", raising=False)
    return folder


@pytest.fixture(scope="session")
def data_root() -> Path:
    """Folder with the real MNIST and Fashion-MNIST in torchvision's layout."""
    if not (DATA / "MNIST" / "raw").is_dir():
        pytest.skip("MNIST was not found: set LATENT_DATA to its folder, or download it on the app's Train page")
    return DATA
