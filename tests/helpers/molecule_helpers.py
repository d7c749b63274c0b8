"""Whether the extra `molecules` is there, and a few molecules whose properties are known."""

import pytest

from vae_core.molecules.extra import has_extra

NEEDS_EXTRA = pytest.mark.skipif(not has_extra(), reason="the extra molecules is not installed")
ASPIRIN, ETHANOL, BENZENE = "CC(=O)Oc1ccccc1C(=O)O", "CCO", "c1ccccc1"
EASY = [f"{'C' * n}{end}" for n in range(1, 21) for end in ("O", "N", "C(=O)O", "Cl")]  # 80 different molecules


def without_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if neither library were installed."""
    monkeypatch.setattr("vae_core.molecules.extra.find_spec", lambda name: None)
