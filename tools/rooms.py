"""The rooms of the project (its folders) and their imports: a table and a drawing for docs/architecture.md.

A room is a folder of `vae_core` or `vae_ui`, or a file that stands in them alone. Every import counts: at the top of a file, inside a
function, for types only, and by a module's name in a string. A room's floor is one above the highest room that it imports, so all
arrows point down. The interface's rooms stand above all of the library's.
"""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
Graph = dict[str, set[str]]  # room -> the rooms that it imports
Place = tuple[float, float, float]  # left edge, top, width

WIDTH, BOX, GAP, FLOOR, TALL = (
    1000,
    22,
    14,
    66,
    26,
)  # in the drawing's units, about pixels; BOX is what a box adds to its name
LETTER = 7.4  # width of a letter at 13 px, monospaced


def room(path: Path) -> str:
    """The room of a Python file: "vae_core/models", "vae_core/config.py", or "pages" for a page and for app.py."""
    parts = path.relative_to(ROOT).parts
    return "pages" if parts[0] in ("pages", "app.py") else "/".join(parts[:2])


def module(path: Path) -> str:
    """The dotted name of a Python file: "vae_core.runs.store"."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def sources() -> list[Path]:
    """Every Python file of the app: the library, the interface, and the pages."""
    found = [path for part in ("vae_core", "vae_ui", "pages") for path in sorted((ROOT / part).rglob("*.py"))]
    return [ROOT / "app.py", *found]


def imported(path: Path) -> Iterator[Path]:
    """The files of this project that `path` imports, wherever the import stands: also by a module's name in a string."""
    here = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), path.name)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = [*here[: len(here) - node.level + 1]] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            names = [f"{base}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_module(node.value):
            names = [node.value]
        else:
            continue
        yield from filter(None, map(_file, names))


def _is_module(text: str) -> bool:
    """Whether a string is the dotted name of a module of this project, as a new process or a late import is given it."""
    file = _file(text) if re.fullmatch(r"\w+(\.\w+)+", text) else None
    return file is not None and module(file) == text


def _file(name: str) -> Path | None:
    """The file of a dotted name, which may end with a name inside the module; None for what is not of this project."""
    parts = name.split(".")
    if parts[0] not in ("vae_core", "vae_ui"):
        return None
    for length in range(len(parts), 0, -1):
        stem = ROOT.joinpath(*parts[:length])
        for file in (stem.with_suffix(".py"), stem / "__init__.py"):
            if file.is_file():
                return file
    return None


def graph() -> Graph:
    """Room -> the rooms that it imports; the two packages' own __init__ files stand outside, since importing runs nothing."""
    outside = {"vae_core/__init__.py", "vae_ui/__init__.py"}
    arrows: Graph = {}
    for path in sources():
        if room(path) not in outside:
            arrows.setdefault(room(path), set()).update({room(p) for p in imported(path)} - outside)
    return {name: targets - {name} for name, targets in arrows.items()}


def floors(arrows: Graph) -> list[list[str]]:
    """The rooms by floor, the highest first; ValueError naming the rooms of a circle."""
    core = {name for name in arrows if name.startswith("vae_core")}
    arrows = {
        name: targets if name in core else targets | core for name, targets in arrows.items()
    }  # all of it is below
    height: dict[str, int] = {}
    while len(height) < len(arrows):
        ready = {name for name, targets in arrows.items() if name not in height and targets <= height.keys()}
        if not ready:
            raise ValueError(f"imports run in a circle among {', '.join(sorted(arrows.keys() - height.keys()))}")
        height |= {name: 1 + max((height[target] for target in arrows[name]), default=-1) for name in ready}
    return [sorted(n for n in height if height[n] == level) for level in range(max(height.values()), -1, -1)]


def direct(arrows: Graph) -> Graph:
    """Only the arrows that no longer way replaces: what the drawing shows."""
    below = {name: _below(name, arrows) for name in arrows}
    return {
        name: {target for target in targets if not any(target in below[other] for other in targets)}
        for name, targets in arrows.items()
    }


def _below(name: str, arrows: Graph) -> set[str]:
    found: set[str] = set()
    waiting = list(arrows[name])
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += arrows[one]
    return found


def table_of_rooms() -> str:
    """Each room with what lives there: the first sentence of its docstring."""
    lines = ["| room | what lives there |", "|---|---|"]
    for name in sorted(name for name in graph() if name != "pages"):
        file = ROOT / name if name.endswith(".py") else ROOT / name / "__init__.py"
        text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) if file.is_file() else None
        lines.append(f"| `{name}` | {' '.join((text or '').split(chr(10) * 2)[0].split())} |")
    return "\n".join(lines)


def layers(rows: list[list[str]], arrows: Graph) -> tuple[list[list[str]], set[tuple[str, str]]]:
    """The rows with a bend wherever an arrow passes a floor, and the lines, each from one row to the next.

    A bend is named after the room that it leads to, "vae_core/models@7": arrows to the same room share it.
    """
    level = {name: number for number, row in enumerate(rows) for name in row}
    bends = {(target, n) for name in arrows for target in arrows[name] for n in range(level[name] + 1, level[target])}
    lines = set()
    for name, targets in arrows.items():
        for target in targets:
            way = [name, *(f"{target}@{n}" for n in range(level[name] + 1, level[target])), target]
            lines |= set(pairwise(way))
    return [
        row + sorted(f"{target}@{n}" for target, n in bends if n == number) for number, row in enumerate(rows)
    ], lines


def places(rows: list[list[str]], lines: set[tuple[str, str]]) -> dict[str, Place]:
    """Left edge, top and width of each box and bend; those of a row stand in the order of what points to them."""
    found: dict[str, Place] = {}
    for number, row in enumerate(rows):
        above = {name: [_middle(found[start]) for start, end in lines if end == name] for name in row}
        order = sorted(row, key=lambda name: (sum(above[name]) / len(above[name]) if above[name] else WIDTH / 2, name))
        widths = [LETTER * len(_label(name)) + BOX if "@" not in name else 0 for name in order]
        space = (WIDTH - sum(widths)) / (len(order) + 1)
        left = space
        for name, width in zip(order, widths, strict=True):
            found[name] = (left, GAP + number * FLOOR, width)
            left += width + space
    return found


def _middle(place: Place) -> float:
    return place[0] + place[2] / 2


def _label(name: str) -> str:
    return "app.py, pages" if name == "pages" else name.partition("/")[2]


def _line(start: Place, end: Place, bend: bool) -> str:
    """A curve from the lower edge of one box to the upper edge of another; past a bend it runs straight on."""
    x1, y1, x2, y2 = _middle(start), start[1] + TALL, _middle(end), end[1]
    half = (y1 + y2) / 2
    curve = f"M{x1:.0f} {y1:.0f}C{x1:.0f} {half:.0f} {x2:.0f} {half:.0f} {x2:.0f} {y2:.0f}"
    return f'<path d="{curve}v{TALL}"/>' if bend else f'<path class="tip" d="{curve}"/>'


def _box(name: str, place: Place) -> str:
    left, top, width = place
    kind = name.partition("/")[0]
    text = f'<text x="{left + width / 2:.0f}" y="{top + 17:.0f}">{escape(_label(name))}</text>'
    return f'<rect class="{kind}" x="{left:.0f}" y="{top:.0f}" width="{width:.0f}" height="{TALL}" rx="5"/>{text}'


STYLE = """
text { font: 13px ui-monospace, monospace; text-anchor: middle; fill: #17202b; }
rect { stroke-width: 1.5; }
.pages { fill: #fdf0d5; stroke: #a66a00; }
.vae_ui { fill: #dcefe2; stroke: #15803d; }
.vae_core { fill: #dfe9fb; stroke: #1d5fc4; }
path { fill: none; stroke: #7a8696; stroke-width: 1; }
.tip { marker-end: url(#tip); }
marker path { fill: #7a8696; stroke: none; }
svg { background: #fff; }
"""
TIP = (
    '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0L8 4L0 8z"/></marker>'
)


def drawing() -> str:
    """The rooms as an SVG picture: pages above, then vae_ui, then vae_core; an arrow points to what a room imports."""
    arrows = graph()
    rows, lines = layers(floors(arrows), direct(arrows))
    where = places(rows, lines)
    height = 2 * GAP + TALL + (len(rows) - 1) * FLOOR
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
            "<title>The rooms of the project and their imports</title>",
            f"<style>{STYLE}</style>",
            TIP,
            *(_line(where[start], where[end], "@" in end) for start, end in sorted(lines)),
            *(_box(name, where[name]) for name in sorted(where) if "@" not in name),
            "</svg>\n",
        ]
    )
