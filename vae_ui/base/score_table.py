"""A table of scores for `st.html`: what is compared on the left, its numbers on the right, the best in bold."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

_CELL = "padding:4px 18px 4px 0;border-bottom:1px solid rgb(128 128 128 / 30%);font-variant-numeric:tabular-nums"


@dataclass(frozen=True)
class Score:
    """A number as text, whether it is the best, what stands below it in small letters, and over how many columns it goes."""

    text: str
    best: bool = False
    below: str = ""
    columns: int = 1


def score_table(heads: Sequence[str], lines: Iterable[tuple[str, Sequence[Score]]]) -> str:
    """The table as HTML; every text in it is shown as it is. On a narrow screen it scrolls by itself."""
    first = "".join(_cell("th", Score(head), "right" if i else "left") for i, head in enumerate(heads))
    body = "".join(
        f"<tr>{_cell('td', Score(name), 'left')}{''.join(_cell('td', score, 'right') for score in scores)}</tr>"
        for name, scores in lines
    )
    return (
        f'<div style="overflow-x:auto"><table style="border-collapse:collapse"><thead><tr>{first}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cell(tag: str, score: Score, side: str) -> str:
    content = f"<b>{escape(score.text)}</b>" if score.best else escape(score.text)
    below = f'<br><span style="font-size:.85rem;opacity:.75">{escape(score.below)}</span>' if score.below else ""
    return f'<{tag} colspan="{score.columns}" style="{_CELL};text-align:{side}">{content}{below}</{tag}>'
