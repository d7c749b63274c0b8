"""Streamlit's AppTest begins every run like a server that has just started, without app.py: here each is like a later one."""

from pathlib import Path

import pytest
from streamlit.runtime.scriptrunner import script_runner

from vae_ui.base import detail


@pytest.fixture(autouse=True)
def _a_warm_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def run_the_app(main_script: str) -> None:
        exec(compile(Path(main_script).read_text(), main_script, "exec"), {"__name__": "__main__"})

    monkeypatch.setattr(script_runner, "_mpa_v1", run_the_app)


@pytest.fixture(autouse=True)
def _all_that_a_page_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    """These visitors see the pages in full unless they ask for less."""
    monkeypatch.setattr(detail, "USUAL", "full")
