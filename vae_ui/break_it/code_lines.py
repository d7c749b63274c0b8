"""The lines of code as HTML: the faulty line against the right one, and the whole program with the line in its place."""

from html import escape

from vae_core.mistakes.catalogue import Mistake
from vae_core.mistakes.source_lines import SourceLine, program_text
from vae_ui.base.pictures import fold, tint
from vae_ui.base.translation import t

_LINE = "display:block;white-space:pre-wrap;overflow-wrap:anywhere;font-family:var(--st-code-font, monospace);"


def both(mistake: Mistake) -> str:
    """The faulty line above the right one."""
    rows = (
        ("eps", "\u2717", t("with the mistake"), mistake.faulty_line),
        ("out", "\u2713", t("right"), mistake.right_line),
    )
    return "".join(
        f'<div style="border-left:4px solid {tint(part)};background:color-mix(in srgb, {tint(part)} 12%, transparent);'
        f'padding:.3rem .7rem;margin-bottom:.35rem;border-radius:3px"><span style="font-size:.85rem;opacity:.85">{sign} '
        f'{escape(words)}</span><code style="{_LINE}background:none;padding:0;color:inherit;font-size:1rem">{escape(line)}</code></div>'
        for part, sign, words, line in rows
    )


def program(mistake: Mistake) -> str:
    """The whole program, folded; the faulty line is marked."""
    lines = program_text(mistake.lines)
    content = (
        f'<code style="{_LINE}background:none;color:inherit;font-size:.9rem;line-height:1.6">'
        f"{_comment(t('in each step'))}{''.join(_line(each, mistake) for each in lines if each.training)}"
        f"{_comment(t('to reconstruct a test image'))}{''.join(_line(each, mistake) for each in lines if not each.training)}</code>"
    )
    return fold(t("The whole program"), content)


def _comment(words: str) -> str:
    return f'<span style="opacity:.75"># {escape(words)}\n</span>'


def _line(line: SourceLine, mistake: Mistake) -> str:
    if line.place != mistake.place:
        return f"{escape(line.text)}\n"
    ground = f"background:color-mix(in srgb, {tint('eps')} 18%, transparent)"
    return f'<b style="{ground}">{escape(line.text)}</b>\n'
