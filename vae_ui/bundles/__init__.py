"""The browser's code as it is sent: one file for each entry, made by `make bundles` from the modules in the folders called js.

Nothing else may live here, and nothing here is edited by hand: a test compares each bundle with what its sources make.
"""

from pathlib import Path


def bundle(name: str) -> str:
    """The ES module `name`: "stage", "saved_file", "replay", "density_pad", "models", "anomalies", "lessons", "shell" or "glossary"."""
    return (Path(__file__).parent / f"{name}.js").read_text(encoding="utf-8")
