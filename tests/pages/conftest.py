"""Streamlit's AppTest begins every run like a server that has just started, without app.py: here each is like a later one."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner import script_runner

from vae_core.scheduling import start_scheduler
from vae_ui.base import detail


@pytest.fixture(scope="session", autouse=True)
def _packages_are_searched_once() -> Iterator[None]:
    """A server looks for components in the installed packages when it starts, an AppTest each time: half of what a visit costs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def _a_warm_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def run_the_app(main_script: str) -> None:
        exec(compile(Path(main_script).read_text(), main_script, "exec"), {"__name__": "__main__"})

    monkeypatch.setattr(script_runner, "_mpa_v1", run_the_app)


@pytest.fixture(autouse=True)
def _all_that_a_page_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    """These visitors see the pages in full unless they ask for less."""
    monkeypatch.setattr(detail, "USUAL", "full")


@pytest.fixture(autouse=True)
def _nothing_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    """No visit starts the process that trains what is queued, whichever module asks for it."""
    monkeypatch.setattr(start_scheduler, "start_detached", lambda command, log: SimpleNamespace(poll=lambda: 0))
