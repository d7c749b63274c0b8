"""The fixtures of the store of runs."""

from tests.runs.conftest import run_home, store  # noqa: F401
