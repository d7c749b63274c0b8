"""Imports in the background: what every page needs while the browser loads its first files, and torch once a first page stands.

An import keeps Python's global lock for most of its time, so beside the first page's script it would delay that page.
"""

import ast
import gc
import threading
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from vae_core.web.streamlit_internals import EMOJI, internal, serves

MODULES = ("torch", "vae_core.export.eight_bit_weights", "plotly.graph_objects")
AFTER = 2.0  # seconds from the end of the first page's script, in which the browser asks for files and draws
UNSEEN = 20.0  # seconds from the server's start after which they are imported though no page has been opened

_begun = threading.Lock()


def before_the_first_page(script: Path) -> None:
    """Import what the app's script imports, then the slow libraries: at once where no page can be drawn without them, else later."""
    for name in imported(script):
        import_module(name)
    internal(EMOJI)
    from vae_core.export.kept import anything_kept  # after the script's modules, which need the same ones

    if anything_kept():
        time.sleep(UNSEEN)
    begin(0.0)


def imported(script: Path) -> Iterator[str]:
    """The modules that a script imports by `from package import module`."""
    for node in ast.parse(script.read_text()).body:
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def begin(after: float = AFTER) -> None:
    """Import the slow libraries in `after` seconds, in a thread of its own, unless this was called before.

    A process that serves no browsers, such as a test of a page, imports nothing.
    """
    if not _begun.locked() and serves() and _begun.acquire(blocking=False):
        threading.Thread(target=_import, args=(after,), daemon=True).start()


def _import(after: float) -> None:
    time.sleep(after)
    for name in MODULES:
        import_module(name)
    gc.collect()
    gc.freeze()  # the libraries' 500,000 objects are never garbage, so later collections skip them
