"""The drawing of the rooms: it reads every import, puts each room above what it imports, and refuses a circle."""

import xml.etree.ElementTree as ET

import pytest

from tools import rooms

SVG = "{http://www.w3.org/2000/svg}"
SOURCES = {
    "app.py": "from vae_ui.shell import frame\n",
    "pages/start.py": "import vae_ui.shell.frame\n",
    "vae_ui/__init__.py": "",
    "vae_ui/shell/__init__.py": '"""What every page has around it."""\n',
    "vae_ui/shell/frame.py": "from vae_core.models.vae import VAE\n",
    "vae_core/__init__.py": "from vae_core.models.vae import VAE\n",
    "vae_core/config.py": '"""Settings.\n\nMore."""\n',
    "vae_core/models/__init__.py": '"""The model."""\n',
    "vae_core/models/vae.py": "def f():\n    from vae_core import config\n",
    "vae_core/runs/__init__.py": '"""Runs."""\n',
    "vae_core/runs/store.py": "if TYPE_CHECKING:\n    from ..models import vae\n",
    "vae_core/jobs/__init__.py": '"""Jobs."""\n',
    "vae_core/jobs/job.py": "COMMAND = ['python', '-m', 'vae_core.runs.store', 'vae_core.nothing']\n",
}


@pytest.fixture
def tree(tmp_path, monkeypatch):
    for name, text in SOURCES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(rooms, "ROOT", tmp_path)
    return tmp_path


def test_every_import_counts(tree):
    assert rooms.graph() == {
        "pages": {"vae_ui/shell"},
        "vae_ui/shell": {"vae_core/models"},
        "vae_core/config.py": set(),
        "vae_core/jobs": {"vae_core/runs"},
        "vae_core/models": {"vae_core/config.py"},
        "vae_core/runs": {"vae_core/models"},
    }


def test_a_room_stands_above_what_it_imports_and_the_interface_above_the_library(tree):
    floors = rooms.floors(rooms.graph())
    assert sum(floors, []) == [
        "pages",
        "vae_ui/shell",
        "vae_core/jobs",
        "vae_core/runs",
        "vae_core/models",
        "vae_core/config.py",
    ]


def test_a_circle_is_refused_by_name(tree):
    (tree / "vae_core" / "config.py").write_text("from vae_core.runs import store\n")
    with pytest.raises(
        ValueError, match="circle among .*vae_core/config.py, vae_core/jobs, vae_core/models, vae_core/runs"
    ):
        rooms.floors(rooms.graph())


def test_an_arrow_that_a_longer_way_says_is_left_out():
    assert rooms.direct({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == {"a": {"b"}, "b": {"c"}, "c": set()}


def test_each_room_has_one_box_and_each_arrow_goes_down(tree):
    svg = ET.fromstring(rooms.drawing())
    named = sorted(text.text for text in svg.iter(f"{SVG}text"))
    assert named == ["app.py, pages", "config.py", "jobs", "models", "runs", "shell"]
    tips = [path.get("d") for path in svg.iter(f"{SVG}path") if path.get("class") == "tip"]
    assert len(tips) == 5  # pages to shell, jobs to runs, shell to models, runs to models, models to config
    for tip in tips:
        start, end = tip.partition("C")[0].split()[1], tip.split()[-1]
        assert float(start) < float(end)


def test_the_table_has_the_first_paragraph_of_each_docstring(tree):
    table = rooms.table_of_rooms()
    assert (
        "| `vae_core/config.py` | Settings. |" in table
        and "| `vae_ui/shell` | What every page has around it. |" in table
    )


def test_no_box_of_the_real_drawing_covers_another():
    arrows = rooms.graph()
    rows, lines = rooms.layers(rooms.floors(arrows), rooms.direct(arrows))
    boxes = [place for name, place in rooms.places(rows, lines).items() if "@" not in name]
    for left, top, width in boxes:
        assert left >= 0 and left + width <= rooms.WIDTH
        assert all(other[1] != top or other[0] >= left + width for other in boxes if other[0] > left)
