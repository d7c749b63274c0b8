"""The record of `python -m benchmarks.speed` as tables: all rows that have a bar, and the four in README, in English and Chinese."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from benchmarks.speed import RECORD, reason

Table = Callable[[tuple[str, ...], Iterable[tuple[str, ...]]], str]
# How a row begins, and what README says of the figures in it, in English and in Chinese.
SHORT: tuple[tuple[str, str, tuple[str, str], tuple[str, str]], ...] = (
    (
        "warm page to the first decoded picture, fresh",
        r"median ([\d.]+) s.* page ([\d.]+) s",
        ("from opening a page to its first picture", "{} s; an empty Streamlit page {} s"),
        ("从打开页面到第一张图片", "{} 秒；空白的 Streamlit 页面 {} 秒"),
    ),
    (
        "100 browsers that open",
        r"([\d.]+) s \(.* page ([\d.]+) s",
        ("the same for 95 of 100 browsers at once", "{} s; an empty Streamlit page {} s"),
        ("100 个浏览器同时打开，其中 95 个就绪", "{} 秒；空白的 Streamlit 页面 {} 秒"),
    ),
    (
        "dragging z",
        r"([\d.]+) frames",
        ("dragging z in a browser whose processor is slowed 4 times", "{} frames a second, where the screen shows 60"),
        ("在处理器放慢 4 倍的浏览器中拖动 z", "每秒 {} 帧，屏幕为 60 帧"),
    ),
    (
        "samples a second of a training, beside the reference with the same model and batch, 2",
        r"([\d.]+) times",
        ("samples a second of a training, 2 threads", "{} times those of pytorch/examples"),
        ("训练时每秒的样本数，2 个线程", "pytorch/examples 的 {} 倍"),
    ),
)
IN_CHINESE = {
    "at most ": "至多 ",
    "at least ": "至少 ",
    "frames a second": "帧每秒",
    "times the reference": "倍",
    " s": " 秒",
}


def whole(table: Table) -> str:
    """The rows that have a bar; one that is missed says by how much, and why."""
    lines = (
        (
            row["what"],
            row["bar"],
            row["measured"] + _missed(row),
            f"{part['processor']}, load {part['load']:g}",
            f"`{part['command']}`",
        )
        for part, row in _barred()
    )
    return table(("what", "bar", "measured, and beside it in the same run", "on", "command"), lines)


def in_short(table: Table, *, chinese: bool) -> str:
    """What a newcomer looks for; KeyError where the record has no such row."""
    rows, lines = [row for _, row in _barred()], []
    for begin, figures, *languages in SHORT:
        row = next((row for row in rows if row["what"].startswith(begin)), None)
        found = row and re.search(figures, row["measured"])
        if not found:
            raise KeyError(begin)
        what, text = languages[chinese]
        bar = row["bar"]
        for word, other in IN_CHINESE.items() if chinese else ():
            bar = bar.replace(word, other)
        missed = (
            ""
            if row["holds"]
            else f"；未达到，差 {row['off'].removeprefix('by ')}"
            if chinese
            else f"; missed {row['off']}"
        )
        lines.append((what, text.format(*found.groups()), bar + missed))
    return table(("项目", "测得", "目标") if chinese else ("what", "measured", "bar"), lines)


def _barred() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each row that has a bar, with its part of the record."""
    for part in json.loads(RECORD.read_text(encoding="utf-8")).values():
        yield from ((part, row) for row in part["rows"] if row["bar"])


def _missed(row: dict[str, Any]) -> str:
    return "" if row["holds"] else f". **Missed {row['off']}**: {reason(row['what'])}"
