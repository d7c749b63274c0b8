"""What MkDocs does beside its plugins: the pages at the root of the project join the site, and names of files become links.

The texts in docs/ can be read in the repository as they are: README.md and the other texts at the root are not copied there.
"""

import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parent.parent
AT_ROOT = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}


def on_files(files: Files, config: MkDocsConfig, **_: Any) -> Files:
    """Add the pages at the root of the project under their names in the site."""
    for name, page in AT_ROOT.items():
        files.append(File.generated(config, page, content=from_root((ROOT / name).read_text(encoding="utf-8"))))
    return files


def on_page_markdown(text: str, files: Files, **_: Any) -> str:
    """Links of a page in docs/ to a page at the root, and files of the library as links to their reference."""
    for name, page in AT_ROOT.items():
        text = text.replace(f"](../{name}", f"]({page}")
    return re.sub(r"(?<!\[)`(vae_core/[\w/]+)\.py`", lambda found: _reference(found, files), text)


def from_root(text: str) -> str:
    """A text of the project's root as a page of the site: its links begin in docs/."""
    text = text.replace("](docs/", "](")
    for name, page in AT_ROOT.items():
        text = text.replace(f"]({name}", f"]({page}")
    return text


def _reference(found: re.Match[str], files: Files) -> str:
    module = found[1].removesuffix("/__init__")
    page = next((p for p in (f"reference/{module}.md", f"reference/{module}/index.md") if p in files.src_uris), None)
    return f"[{found[0]}]({page})" if page else found[0]
