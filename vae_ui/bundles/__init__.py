"""The browser's code as it is sent: one file for each entry, made by `make bundles` from the modules in the folders called js.

Nothing else may live here, and nothing here is edited by hand: a test compares each bundle with what its sources make.
"""

import hashlib
from functools import cache
from pathlib import Path

from vae_core.web.blocks import PATH, blocks

# Streamlit sends a component's code with every use of it, so that is two lines, and the browser fetches and keeps the code itself.
# A module from such a text has no address of its own, so the server's is written out.
LOADER = """const base = new URL(globalThis.latentBase ?? "/", location.href);
export default (await import(new URL("{path}", base).href)).{export};
"""


def bundle(name: str) -> str:
    """The ES module `name`: "stage", "saved_file", "replay", "density_pad", "models", "anomalies", "lessons", "shell" or "glossary"."""
    return (Path(__file__).parent / f"{name}.js").read_text(encoding="utf-8")


@cache
def code_name(name: str) -> str:
    """The name of the ES module `name` among the blocks of the server, where it lies from now on."""
    text = bundle(name)
    block = f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:32]}.js"
    blocks().put_code(block, text)
    return block


def loader(name: str, export: str = "default") -> str:
    """A short ES module whose default is what the module `name` exports, which the browser fetches."""
    return LOADER.format(path=PATH.lstrip("/") + code_name(name), export=export)
