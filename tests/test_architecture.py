"""Import directions, read from the source: pages know no tensor, the core knows no screen, and nothing runs in a circle."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import tools.rooms
from tools.rooms import imported, module

ROOT = Path(__file__).resolve().parent.parent
CORE = sorted((ROOT / "vae_core").rglob("*.py"))
UI = sorted((ROOT / "vae_ui").rglob("*.py"))
PAGES = [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]

# From the ground up: a room may import from its own line and the lines above it, and no circle runs through rooms either.
# Every import counts: at the top, inside a function, for types only, or by a name that `Lazy` or `python -m` is given.
CORE_FLOORS = (
    {
        "about",
        "messages",
        "errors",
        "frozen",
        "config",
        "translation",
        "utils",
        "images",
        "axes",
        "devices",
        "distributions",
        "molecules",
    },
    {"models", "rounded_weights"},
    {"objectives", "data"},
    {"presets", "checkpoints"},
    {"metrics", "export", "explore", "training", "compression", "slim", "completion"},
    {
        "room",
        "people",
        "runs",
        "scheduling",
        "jobs",
        "lessons",
        "glossary",
        "mistakes",
        "experiments",
        "anomalies",
        "few_labels",
    },
    {"features"},
    {"edits"},
    {"estimator", "vae", "web", "commands"},
    {"", "__main__"},
)
UI_FLOORS = (
    {"base", "bundles"},
    {"stage", "replay", "views"},
    {"widgets"},
    {"datasets"},
    {"room"},
    {"lessons"},
    {"shell"},
    {"comparison"},
    {
        "start",
        "learn",
        "latent_space",
        "decode",
        "traverse",
        "interpolate",
        "reconstruct",
        "generate",
        "data",
        "models",
        "train",
        "compare",
        "experiments",
        "break_it",
        "use",
        "compress",
        "complete",
        "slim",
        "anomalies",
        "few_labels",
        "features",
        "edits",
        "classroom",
    },
    {"export"},
)
A_SCREENFUL = 14  # files in a folder, `__init__` included: what one takes in at a glance


def imports(path: Path, module_level: bool = False) -> Iterator[str]:
    """Full dotted name of everything imported; only what importing the module itself runs, if `module_level`."""
    package = module(path).split(".")
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
    # The one exception starts Streamlit's server, and imports it inside the functions that do so.
    found = set(imports(path, module_level=path.parts[-2:] == ("web", "streamlit_internals.py")))
    assert not {name for name in found if name.split(".")[0] in ("streamlit", "plotly", "vae_ui", "pages", "app")}


@pytest.mark.parametrize("path", PAGES, ids=label)
def test_a_page_knows_no_tensor(path):
    assert strangers(path, {"vae_ui", "vae_core", "streamlit"}) == set()


@pytest.mark.parametrize("path", UI, ids=label)
def test_the_face_is_thin(path):
    narrow = {"charts.py": {"numpy", "plotly", "vae_ui"}, "palette.py": {"vae_core"}}
    narrow["translation.py"] = {"streamlit", "vae_core"}
    allowed = narrow.get(path.name, {"numpy", "plotly", "streamlit", "vae_core", "vae_ui"})
    plain = {name for name in imports(path) if name.startswith(("vae_ui.base.palette", "vae_ui.base.kind_words"))}
    assert strangers(path, allowed | ({"vae_ui"} if plain == own(path) else set())) == set()


def own(path: Path) -> set[str]:
    return {name for name in imports(path) if name.split(".")[0] == "vae_ui"}


def graph(files: list[Path]) -> dict[str, set[str]]:
    """Module -> the modules among `files` that it imports in any way."""
    return {module(path): {module(one) for one in imported(path) if one in files and one != path} for path in files}


def circle(arrows: dict[str, set[str]]) -> list[str]:
    """What is left when all that imports nothing, or is imported by nothing, is taken away again and again."""
    left = dict(arrows)
    while free := {name for name, targets in left.items() if not targets & left.keys()}:
        left = {name: targets for name, targets in left.items() if name not in free}
    return sorted(left)


def rooms(arrows: dict[str, set[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for source, targets in arrows.items():
        found.setdefault(room(source), set()).update({room(target) for target in targets} - {room(source)})
    return found


@pytest.mark.parametrize("files", [CORE, UI], ids=["core", "ui"])
def test_nothing_runs_in_a_circle(files):
    assert circle(graph(files)) == []
    assert circle(rooms(graph(files))) == []


@pytest.mark.parametrize(("files", "floors"), [(CORE, CORE_FLOORS), (UI, UI_FLOORS)], ids=["core", "ui"])
def test_imports_go_down(files, floors):
    floor = {name: height for height, names in enumerate(floors) for name in names}
    arrows = graph(files)
    assert {room(module) for module in arrows} == set(floor)
    upward = [
        f"{source} imports {target}"
        for source, targets in arrows.items()
        for target in targets
        if floor[room(source)] < floor[room(target)]
    ]
    assert not upward, "\n".join(upward)


def test_no_page_imports_another_page():
    (pages,) = (floor for floor in UI_FLOORS if "start" in floor)
    arrows = rooms(graph(UI))
    assert [(page, other) for page in pages for other in arrows[page] & pages] == []
    for path in PAGES:
        if path.name != "app.py":
            assert {room(name) for name in own(path)} & pages <= {path.stem}, path


def test_a_folder_fits_on_one_screen():
    folders = {path.parent for path in [*CORE, *UI]}
    assert [label(folder) for folder in folders if len(list(folder.glob("*.py"))) > A_SCREENFUL] == []
    scripts = {path.parent for path in (ROOT / "vae_ui").rglob("*.js")}
    assert [label(folder) for folder in scripts if len(list(folder.iterdir())) > A_SCREENFUL] == []


def test_a_folder_says_what_lives_there():
    for folder in {path.parent for path in [*CORE, *UI]} - {ROOT / "vae_ui"}:
        assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text())), label(folder)


def room(module: str) -> str:
    """The room that a module belongs to: `runs` for vae_core.runs.store."""
    return (module.split(".") + [""])[1]


def test_settings_and_the_scheduler_do_without_torch():
    """A scheduler waits for days: it starts in a fraction of a second and takes little memory."""
    code = "import sys, vae_core.presets.run_config, vae_core.scheduling.scheduler; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


FIRST_PAGE = """
import sys
from pathlib import Path
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest
script_runner._mpa_v1 = lambda script: exec(Path(script).read_text(), {})  # app.py runs first, as in the server
app = AppTest.from_file(sys.argv[1], default_timeout=300).switch_page("pages/latent_space.py")
app.query_params["model"] = "mnist-vae-2d"
app.run()
assert not app.exception and not app.error and app.main.get("bidi_component")
print(sorted({"torch", "scipy", "sklearn", "onnx"} & {*sys.modules}))
"""


def test_a_page_that_was_drawn_before_is_drawn_without_the_slow_libraries(home):
    """They take three of the five seconds in which a server that has just been started shows its first picture."""

    def drawn() -> str:
        done = subprocess.run(
            [sys.executable, "-c", FIRST_PAGE, str(ROOT / "app.py")],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.splitlines()[-1]

    assert "torch" in drawn()  # nothing is kept yet
    assert drawn() == "[]"


def test_scikit_learn_is_imported_where_it_is_used():
    """It takes a second of the first visitor's time, and no page needs it as it opens. The estimator is made of it."""
    for path in [*CORE, *UI, *PAGES]:
        named = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.Import | ast.ImportFrom)]
        first = [alias.name for node in named if isinstance(node, ast.Import) for alias in node.names]
        first += [node.module or "" for node in named if isinstance(node, ast.ImportFrom)]
        at_once = any(name.partition(".")[0] == "sklearn" for name in first)
        assert at_once == (path == ROOT / "vae_core" / "estimator.py"), path


def test_the_rules_see_a_breach(tmp_path, monkeypatch):
    monkeypatch.setattr(tools.rooms, "ROOT", tmp_path)
    path = tmp_path / "vae_core" / "x.py"
    path.parent.mkdir()
    path.write_text("import torch.nn\ndef f():\n    from streamlit import session_state\nfrom . import vae\n")
    assert set(imports(path)) == {"torch.nn", "streamlit.session_state", "vae_core.vae"}
    assert set(imports(path, module_level=True)) == {"torch.nn", "vae_core.vae"}
    assert strangers(path, {"vae_core"}) == {"torch", "streamlit"}


def test_a_circle_is_seen_whichever_way_it_is_imported(tmp_path, monkeypatch):
    monkeypatch.setattr(tools.rooms, "ROOT", tmp_path)
    sources = {
        "a.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from vae_core.b import B\n",
        "b.py": "def f():\n    from vae_core import c\n",
        "c.py": "from vae_core.utils.lazy import Lazy\nd = Lazy('vae_core.d')\n",
        "d.py": "from vae_core.a import A\n",
    }
    files = [tmp_path / "vae_core" / name for name in sources]
    files[0].parent.mkdir()
    for path, source in zip(files, sources.values(), strict=True):
        path.write_text(source)
    assert circle(graph(files)) == [f"vae_core.{name}" for name in "abcd"]
    assert circle(graph(files[:3])) == []
