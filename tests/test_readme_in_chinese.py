"""README.zh.md follows README.md: the same headings, code, tables and links, in Chinese."""

import re

from tests.conftest import ROOT
from vae_core.translation.catalogues import translated
from vae_ui.shell.page_list import JOBS, PAGES

ENGLISH, CHINESE = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))


def links(text: str) -> list[str]:
    """Each link; a picture in Chinese stands for the same one in English."""
    found = re.findall(r"\]\(([^)]+)\)", text)
    return [link.replace(".zh.png", ".png") for link in found if not link.startswith("README")]


def test_the_structure_is_the_same():
    assert [line.split()[0] for line in re.findall(r"^#+ .*", ENGLISH, re.M)] == re.findall(r"^#+(?= )", CHINESE, re.M)
    assert re.findall(r"^```\n.*?^```", ENGLISH, re.S | re.M) == re.findall(r"^```\n.*?^```", CHINESE, re.S | re.M)
    assert links(ENGLISH) == links(CHINESE)
    assert len(re.findall(r"^- ", ENGLISH, re.M)) == len(re.findall(r"^- ", CHINESE, re.M))


def test_every_picture_is_there():
    assert all(
        (ROOT / path).exists() for text in (ENGLISH, CHINESE) for path in re.findall(r"\]\((docs/[^)]+\.png)\)", text)
    )


def test_each_links_to_the_other_at_its_top():
    assert "](README.zh.md)" in ENGLISH[:200] and "](README.md)" in CHINESE[:200]


def test_the_figures_are_the_same():
    def numbers(text: str) -> list[str]:
        return re.findall(r"\d[\d,]*\.?\d*", re.sub(r"```.*?```", "", text, flags=re.S))

    assert {*numbers(ENGLISH)} - {"3.11"} <= {*numbers(CHINESE)}


def test_the_pages_have_their_names_in_the_menu():
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", CHINESE, re.M)[1:]
    assert rows == [translated(title, "zh") for page, (title, _) in PAGES.items() if page not in JOBS]


def test_it_is_chinese():
    words = re.sub(r"```.*?```|\]\([^)]*\)|`[^`]*`", "", CHINESE, flags=re.S)
    assert not re.search(r"(?:\b[A-Za-z]+\b ?){4,}", words)
    assert not re.search(r"[\u4e00-\u9fff][,;:?!]|[,;?!][\u4e00-\u9fff]", words)
