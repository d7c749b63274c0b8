"""Import directions, read from the source: pages know no tensor, the core knows no screen, and nothing runs in a circle."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CORE = sorted((ROOT / "vae_core").rglob("*.py"))
UI = sorted((ROOT / "vae_ui").rglob("*.py"))
PAGES = [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]

# The core from the ground up: a room may import from its own line and the lines above it. A room that is not named
# here answers only to the rule against circles.
FLOORS = (
    {
        "errors",
        "paths",
        "persons",
        "files",
        "finite",
        "arithmetic",
        "document",
        "archives",
        "frozen",
        "torchvision_schemas",
        "optim",
        "images",
        "picture_files",
        "flatten",
        "guarded",
        "limits",
        "similarity",
        "sphere",
        "pixels",
        "moments",
        "codes",
        "descent",
        "memory",
        "locks",
        "processes",
    },
    {
        "config",
        "layers",
        "flows",
        "levels",
        "objectives",
        "networks",
        "sizes",
        "posteriors",
        "priors",
        "likelihoods",
        "datasets",
    },
    {"vae", "stacked", "papers", "presets", "weighing"},
    {"latent", "metrics", "events"},
    {
        "causes",
        "misfit",
        "knobs",
        "trainer",
        "training",
        "checkpoints",
        "contents",
        "resume",
        "opponent",
        "tally",
        "labels",
        "samplers",
        "estimator",
    },
    {"runs", "explorer", "export", "onnx"},
    {"web"},
    {"serve", "commands", "__main__"},
)


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path, module_level: bool = False) -> Iterator[str]:
    """Full dotted name of everything imported; only what importing the module itself runs, if `module_level`."""
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    waiting: list[ast.AST] = [ast.parse(path.read_text(), path.name)]
    while waiting:
        node = waiting.pop()
        if module_level and (isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or for_types_only(node)):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{source}.{alias.name}" for alias in node.names)
        waiting.extend(ast.iter_child_nodes(node))


def for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def strangers(path: Path, allowed: set[str]) -> set[str]:
    """Top-level packages that `path` imports, beside the standard library and the allowed ones."""
    return {name.split(".")[0] for name in imports(path)} - set(sys.stdlib_module_names) - allowed


def label(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", CORE, ids=label)
def test_the_core_knows_no_screen(path):
    # web/server.py starts Streamlit's server inside the functions that do so: the one exception.
    found = set(imports(path, module_level=path.parts[-2:] == ("web", "server.py")))
    assert not {name for name in found if name.split(".")[0] in ("streamlit", "plotly", "vae_ui", "pages", "app")}


@pytest.mark.parametrize("path", PAGES, ids=label)
def test_a_page_knows_no_tensor(path):
    assert strangers(path, {"vae_ui", "vae_core", "streamlit"}) == set()


@pytest.mark.parametrize("path", UI, ids=label)
def test_the_face_is_thin(path):
    narrow = {"figures.py": {"numpy", "plotly"}, "palette.py": set()}
    allowed = narrow.get(path.name, {"numpy", "plotly", "streamlit", "vae_core", "vae_ui"})
    colours = {name for name in imports(path) if name.startswith("vae_ui.palette")}
    assert strangers(path, allowed | ({"vae_ui"} if colours == own(path) else set())) == set()


def own(path: Path) -> set[str]:
    return {name for name in imports(path) if name.split(".")[0] == "vae_ui"}


def graph() -> dict[str, set[str]]:
    """Module of the core -> the modules of the core that importing it imports."""
    known = {module_name(path) for path in CORE}
    arrows = {}
    for path in CORE:
        named = {name if name in known else name.rpartition(".")[0] for name in imports(path, module_level=True)}
        arrows[module_name(path)] = (named & known) - {module_name(path)}
    return arrows


def test_nothing_runs_in_a_circle():
    arrows = graph()
    while free := {module for module, targets in arrows.items() if not targets & arrows.keys()}:
        for module in free:
            del arrows[module]
    assert not arrows, f"a circle runs through {sorted(arrows)}"


def test_imports_go_down():
    floor = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}
    upward = [
        f"{source} imports {target}"
        for source, targets in graph().items()
        for target in targets
        if floor.get(room(source), 99) < floor.get(room(target), -1)
    ]
    assert not upward, "\n".join(upward)


def room(module: str) -> str:
    """The room that a module of the core belongs to: `runs` for vae_core.runs.store."""
    return (module.split(".") + [""])[1]


def test_settings_and_the_scheduler_do_without_torch():
    """A scheduler waits for days: it starts in a fraction of a second and takes little memory."""
    code = "import sys, vae_core.config, vae_core.runs.scheduler; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_rules_see_a_breach(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    path = tmp_path / "vae_core" / "x.py"
    path.parent.mkdir()
    path.write_text("import torch.nn\ndef f():\n    from streamlit import session_state\nfrom . import vae\n")
    assert set(imports(path)) == {"torch.nn", "streamlit.session_state", "vae_core.vae"}
    assert set(imports(path, module_level=True)) == {"torch.nn", "vae_core.vae"}
    assert strangers(path, {"vae_core"}) == {"torch", "streamlit"}
