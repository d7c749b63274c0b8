"""The lines of code as HTML: the faulty line against the right one, and the whole program with the line in its place."""

from html import escape

from vae_core.mistakes.catalogue import Mistake
from vae_core.mistakes.source_lines import SourceLine, program_text
from vae_ui.base.pictures import fold, tint
from vae_ui.base.translation import t

_CODE = (
    "display:block;white-space:pre-wrap;overflow-wrap:anywhere;font-family:var(--st-code-font, monospace);background:none;"
    "padding:0;color:inherit;"
)


def both(mistake: Mistake) -> str:
    """The faulty line above the right one."""
    rows = (
        ("eps", "\u2717", t("with the mistake"), mistake.faulty_line),
        ("out", "\u2713", t("right"), mistake.right_line),
    )
    return "".join(
        f'<div style="border-left:4px solid {tint(part)};background:color-mix(in srgb, {tint(part)} 12%, transparent);'
        f'padding:.3rem .7rem;margin-bottom:.35rem;border-radius:3px"><span style="font-size:.85rem;opacity:.85">{sign} '
        f'{escape(words)}</span><code style="{_CODE}font-size:1rem">{escape(line)}</code></div>'
        for part, sign, words, line in rows
    )


def program(mistake: Mistake) -> str:
    """The whole program, folded; the faulty line is marked."""
    lines = program_text(mistake.lines)
    parts = [
        (t("in each step"), [line for line in lines if line.training]),
        (t("to reconstruct a test image"), [line for line in lines if not line.training]),
    ]
    content = "".join(f"{_comment(words)}{''.join(_line(each, mistake) for each in some)}" for words, some in parts)
    return fold(t("The whole program"), f'<div style="font-size:.9rem;line-height:1.6">{content}</div>')


def _comment(words: str) -> str:
    return f'<div style="opacity:.75"># {escape(words)}</div>'


def _line(line: SourceLine, mistake: Mistake) -> str:
    marked = f"background:color-mix(in srgb, {tint('eps')} 18%, transparent);font-weight:700;"
    look = marked if line.place == mistake.place else ""
    return f'<code style="{_CODE}font-size:inherit;{look}">{escape(line.text)}</code>'
