"""Streamlit's fonts, with the letters and icons that the app can show: `python -m tools.fonts`.

It needs fontTools with its extra `woff`. The whole fonts are two thirds of a megabyte for each browser, most of it for scripts and
4,000 icons that no page has. Icons are those that our code and Streamlit's own code name; letters those of Latin and Greek, and signs:
what is missing comes from the reader's computer. The results have the names of Streamlit's files, which change with their content, so
that another version of Streamlit has its own fonts whole until this has been run again. What the subset holds is checked in with it.

Source Sans has the SIL Open Font License 1.1, and its parts a family name of their own, as it asks for; Material Symbols Apache 2.0.
"""

import importlib
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import streamlit

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "vae_core" / "web" / "fonts"
STATIC = Path(streamlit.__file__).parent / "static" / "static"
ICONS, TEXT = "MaterialSymbols-Rounded", ("SourceSansVF-Upright", "SourceSansVF-Italic")
OURS = ("vae_core", "vae_ui", "pages", "lessons", "glossary", "app.py")
FAMILY = "Latent Explorer Sans"
RANGES = (  # Unicode
    (0x20, 0x7E),
    (0xA0, 0x17F),  # Latin of Western and Central Europe
    (0x1CD, 0x1DC),  # the vowels of pinyin
    (0x2C6, 0x2DD),
    (0x370, 0x3FF),  # Greek
    (0x2000, 0x206F),  # dashes, quotation marks
    (0x2070, 0x209F),  # what stands above and below the line
    (0x20A0, 0x20BF),
    (0x2100, 0x214F),
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematics
    (0x25A0, 0x25FF),
)


def named_icons() -> set[str]:
    """The icons that our code names."""
    files = [
        path
        for name in OURS
        for path in ([ROOT / name] if (ROOT / name).is_file() else (ROOT / name).rglob("*"))
        if path.suffix in (".py", ".js", ".md", ".json", ".toml")
    ]
    return {icon for path in files for icon in re.findall(r":material/([a-z0-9_]+):", path.read_text(encoding="utf-8"))}


def words_of_streamlit() -> set[str]:
    """Every short word in Streamlit's browser code that may be the name of an icon."""
    texts = [path.read_text(encoding="utf-8", errors="ignore") for path in (STATIC / "js").glob("*.js")]
    return {word for text in texts for word in re.findall(r"[\"'`/]([a-z0-9_]{2,40})[\"'`:]", text)}


def ligatures(font: Any) -> dict[str, str]:
    """The glyph of each icon, by the word that is typed for it."""
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    tables = [getattr(t, "ExtSubTable", t) for lookup in font["GSUB"].table.LookupList.Lookup for t in lookup.SubTable]
    return {
        "".join(letters[glyph] for glyph in (first, *each.Component)): each.LigGlyph
        for table in tables
        if hasattr(table, "ligatures")
        for first, found in table.ligatures.items()
        for each in found
    }


def subset(name: str, chosen: Iterable[str] = ()) -> int:
    """Write the part of one of Streamlit's fonts that has these glyphs, or else RANGES; gives its bytes."""
    tools = importlib.import_module("fontTools.subset")
    [path] = (STATIC / "media").glob(f"{name}.*woff2")
    options = tools.Options(flavor="woff2", layout_closure=not chosen, notdef_outline=True, name_IDs=["*"])
    font = tools.load_font(path, options)
    part = tools.Subsetter(options)
    if chosen:
        part.populate(glyphs=chosen, unicodes=[*range(ord("a"), ord("z") + 1), *map(ord, "0123456789_")])
    else:
        part.populate(unicodes=[code for low, high in RANGES for code in range(low, high + 1)])
    part.subset(font)
    if not chosen:
        for record in font["name"].names:
            if record.nameID in (1, 4, 16):
                record.string = FAMILY
            elif record.nameID in (6, 25):
                record.string = FAMILY.replace(" ", "")
    tools.save_font(font, OUT / path.name, options)
    return (OUT / path.name).stat().st_size


def main() -> int:
    try:
        importlib.import_module("fontTools.ttLib.woff2")
        importlib.import_module("brotli")
    except ImportError:
        print("Fonts are cut by fontTools: install fonttools with its extra woff.", file=sys.stderr)
        return 1
    OUT.mkdir(exist_ok=True)
    for old in OUT.glob("*.woff2"):
        old.unlink()
    [path] = (STATIC / "media").glob(f"{ICONS}.*woff2")
    known = ligatures(importlib.import_module("fontTools.ttLib").TTFont(path))
    if missing := named_icons() - known.keys():
        print(f"There is no icon {', '.join(sorted(missing))}.", file=sys.stderr)
        return 1
    icons = sorted((named_icons() | words_of_streamlit()) & known.keys())
    print(f"{ICONS}: {subset(ICONS, {known[icon] for icon in icons}):,} bytes, {len(icons)} icons")
    (OUT / "icons.txt").write_text("\n".join(icons) + "\n", encoding="utf-8")
    for name in TEXT:
        print(f"{name}: {subset(name):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
