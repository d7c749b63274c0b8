"""The paths in docs/architecture.md are true: each file and function exists, and is imported and used where the list says so."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools import rooms

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("## Five paths")[2]
PATHS = {
    title: [line for line in body.splitlines() if line.lstrip().startswith("- ")]
    for title, body in re.findall(r"^### (.+?)\n(.*?)(?=^### |^## |\Z)", TEXT, re.S | re.M)
}
ENTRY = re.compile(r"( *)- `([\w./]+)`(?:, `([\w.]+)`)?(?: \(through `([^`]+)`\))?: \S")


@dataclass(frozen=True)
class Entry:
    """A line of a path: how far right it stands, its file, the function or class in it, and what it is known by elsewhere."""

    depth: int
    path: Path
    name: str
    through: str


def entries(lines: list[str]) -> list[Entry]:
    found = [ENTRY.match(line) for line in lines]
    assert all(found), [line for line, one in zip(lines, found, strict=True) if not one]
    return [Entry(len(one[1]), ROOT / one[2], one[3] or "", one[4] or "") for one in found if one]


def links(lines: list[str]) -> Iterator[tuple[Entry, Entry]]:
    """Each entry with the one that it belongs to: the nearest above it that stands further left."""
    above: list[Entry] = []
    for entry in entries(lines):
        while above and above[-1].depth >= entry.depth:
            above.pop()
        if above:
            yield above[-1], entry
        above.append(entry)


def defines(path: Path, name: str) -> bool:
    """Whether the file defines this function, class, constant, or `Class.method`."""
    source = path.read_text(encoding="utf-8")
    owner, _, method = name.rpartition(".")
    if path.suffix == ".js":
        place = source.partition(f"class {owner} ")[2] if owner else source
        pattern = rf"^  (?:async )?{method}\(" if owner else rf"^(?:export )?(?:function|class|const) {method}\b"
        return bool(re.search(pattern, place, re.M))
    body: list[ast.stmt] = ast.parse(source).body
    if owner:
        body = next((node.body for node in body if isinstance(node, ast.ClassDef) and node.name == owner), [])
    return method in {bound for node in body for bound in names(node)}


def names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def imports(path: Path) -> set[Path]:
    """The files that `path` imports; what a package's __init__ passes on counts as imported from where it is defined."""
    if path.suffix == ".js":
        named = re.findall(r"^import .*from \"(.+)\";", path.read_text(encoding="utf-8"), re.M)
        return {(path.parent / name).resolve() for name in named}
    found = set(rooms.imported(path))
    return found | {other for one in found if one.name == "__init__.py" for other in rooms.imported(one)}


def uses(above: Path, name: str) -> bool:
    """Whether the file above mentions the function, or for `Class.__call__` anything: an instance is called by any name."""
    word = name.rpartition(".")[2]
    return word.startswith("__") or bool(re.search(rf"\b{word}\b", above.read_text(encoding="utf-8")))


def test_there_are_five_paths():
    assert len(PATHS) == 5 and all(len(lines) > 5 for lines in PATHS.values())


@pytest.mark.parametrize("title", PATHS)
def test_each_file_stands_once_and_has_what_is_named(title):
    found = entries(PATHS[title])
    assert [entry.path for entry in found if not entry.path.is_file()] == []
    assert len({entry.path for entry in found}) == len(found)
    assert [entry.name for entry in found if entry.name and not defines(entry.path, entry.name)] == []


@pytest.mark.parametrize("title", PATHS)
def test_each_entry_is_imported_and_used_by_the_one_it_belongs_to(title):
    for above, entry in links(PATHS[title]):
        if entry.through:
            word = entry.through
            other = word == rooms.module(entry.path) or word in entry.path.read_text(encoding="utf-8")
            assert word in above.path.read_text(encoding="utf-8") and other, f"{above.path} -> {entry.path}"
        else:
            assert entry.path in imports(above.path), f"{above.path} does not import {entry.path}"
            assert uses(above.path, entry.name), f"{above.path} does not use {entry.name}"


def test_a_wrong_path_is_noticed():
    lines = ["- `pages/compare.py`: text", "    - `vae_core/models/vae.py`, `VAE.fly`: text"]
    (above, entry), *_ = links(lines)
    assert entry.path not in imports(above.path) and not defines(entry.path, entry.name)
    assert defines(entry.path, "VAE.encode") and not uses(above.path, entry.name)
    with pytest.raises(AssertionError):
        entries(["- a line without a file"])
