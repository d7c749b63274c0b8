"""The libraries that a page drawn from kept files does without, and nearly all others need: imported in the background once it stands.

An import keeps Python's global lock for most of its time, so beside the first page it would delay that page.
"""

import gc
import threading
import time
from importlib import import_module

from vae_core.export.kept import anything_kept
from vae_core.web.streamlit_internals import serves

MODULES = ("torch", "vae_core.export.eight_bit_weights", "plotly.graph_objects")
AFTER = 2.0  # seconds from the end of the first page's script, in which the browser asks for files and draws
UNSEEN = 20.0  # seconds from the server's start after which they are imported though no page has been opened

_begun = threading.Lock()


def begin(after: float = AFTER) -> None:
    """Import them in `after` seconds, in a thread of its own, unless this was called before or the process serves no browsers."""
    if not _begun.locked() and serves() and _begun.acquire(blocking=False):
        threading.Thread(target=_import, args=(after,), daemon=True).start()


def before_the_first_page() -> None:
    """Import them at once where no page can be drawn without them, else where no page is opened for some time."""
    if anything_kept():
        time.sleep(UNSEEN)
    begin(0.0)


def _import(after: float) -> None:
    time.sleep(after)
    for name in MODULES:
        import_module(name)
    gc.collect()
    gc.freeze()  # the libraries' 500,000 objects are never garbage, so later collections skip them
