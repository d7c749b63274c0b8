"""The parts of Streamlit's fonts: they have every icon that the code names, and stand in for the files of the installed Streamlit."""

from pathlib import Path

import streamlit

from tests.web.test_blocks import Below, ask
from tools.fonts import FAMILY, ICONS, OUT, STATIC, TEXT, named_icons
from vae_core.web.middleware.content.static_files import FONTS, StaticFiles

MEDIA = Path(streamlit.__file__).parent / "static" / "static" / "media"


def test_every_icon_is_in_the_part():
    known = set((FONTS / "icons.txt").read_text(encoding="utf-8").split())
    assert len(named_icons()) > 40 and named_icons() <= known, "run `make fonts`"
    assert {"keyboard_double_arrow_left", "expand_more", "close", "menu"} <= known  # Streamlit's own


def test_the_parts_are_those_of_the_installed_streamlit_and_far_smaller():
    assert OUT == FONTS and STATIC / "media" == MEDIA
    parts = {path.name: path.stat().st_size for path in FONTS.glob("*.woff2")}
    assert {name.split(".")[0] for name in parts} == {ICONS, *TEXT}
    assert [
        name for name, size in parts.items() if size > (MEDIA / name).stat().st_size / 2
    ] == []  # or it has other names: run `make fonts`


def test_a_part_is_answered_in_place_of_the_whole_and_other_fonts_come_from_below():
    below = Below(b"whole", (b"content-type", b"font/woff2"))
    app = StaticFiles(below)
    [path] = FONTS.glob(f"{ICONS}*")
    status, headers, body = ask(app, f"/static/media/{path.name}")
    assert status == 200 and body == path.read_bytes() and headers[b"content-type"] == b"font/woff2"
    assert b"immutable" in headers[b"cache-control"] and below.asked == 0
    assert ask(app, f"/static/media/{path.name}", "HEAD")[2] == b"" and below.asked == 0
    assert ask(app, "/static/media/KaTeX_Main-Bold.woff2")[2] == b"whole" and below.asked == 1
    assert ask(app, f"/static/media/../media/{path.name}")[2] == b"whole"  # only the name itself


def test_the_licences_are_there_with_another_family_name():
    text = (FONTS / "LICENSES.txt").read_text(encoding="utf-8")
    assert FAMILY in text and "SIL OPEN FONT LICENSE" in text and "Apache License 2.0" in text
