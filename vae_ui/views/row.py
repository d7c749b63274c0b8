"""Rows of a table: bars with the values in the table's own units, strips as small tables, many rows as a table and as CSV."""

from collections.abc import Sequence
from html import escape
from typing import Any, ClassVar

import numpy as np
import streamlit as st

from vae_core.axes.table_layout import TableLayout
from vae_core.config import ModelConfig
from vae_core.data.tables.columns import Cell, Column, Columns, decode
from vae_core.data.text.vocabulary import Vocabulary
from vae_core.explore.loaded_model import Images
from vae_core.export.csv_files import rows_as_csv
from vae_core.images import writing
from vae_core.utils.arrays import UInt8
from vae_ui.base import pictures
from vae_ui.base.translation import ngettext, t
from vae_ui.views.bars import bars
from vae_ui.views.base import Inputs, Source, Strip

REACH = 3.0  # standard deviations from the middle of a bar to its end
MANY = 12  # columns of a row that are shown; the others are folded, or those of a strip that change least are left out
CSS = """<style>
.table-bars, .table-strip { font-size: .85rem; font-variant-numeric: tabular-nums; line-height: 1.25; }
.table-bars { display: grid; grid-template-columns: minmax(0, 1fr) 64px auto; gap: 2px 8px; align-items: center; }
.table-bars > span, .table-strip th[scope="row"], .table-strip td { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.table-bars > .bar { position: relative; height: 10px; background: #8883; border-radius: 3px; }
.table-bars > .bar i { position: absolute; inset-block: 0; background: var(--hue); }
.table-strip { border-collapse: collapse; }
.table-strip th { font-weight: 400; opacity: .85; padding: 0 4px; }
.table-strip th[scope="row"] { text-align: left; padding-right: 8px; max-width: 9rem; }
.table-strip td { text-align: right; padding: 2px 5px; max-width: 7rem;
  background: color-mix(in srgb, var(--hue) var(--strength), transparent); }
</style>"""


class RowView:
    """Rows (D,) of a table, float32, as TableLayout describes them."""

    sources: ClassVar[tuple[Source, ...]] = ("test", "edit")
    files: ClassVar[tuple[str, ...]] = ("csv",)
    thumb: ClassVar[int] = 32
    on_release: ClassVar[bool] = False
    moves: ClassVar[bool] = False
    mixes: ClassVar[bool] = True
    draws_samples: ClassVar[bool] = True
    has_target: ClassVar[bool] = False
    has_slopes: ClassVar[bool] = True
    tiles: ClassVar[bool] = False

    def __init__(self, model: ModelConfig, columns: Columns = (), vocabulary: Vocabulary | None = None) -> None:
        self.layout, self.columns = TableLayout.of(model), columns

    def pictures(self, x: Inputs) -> UInt8:
        return writing.bars(np.asarray(x, np.float32), self.layout)

    def map_texts(self, x: Inputs) -> list[str]:
        return []

    def as_inputs(self, decoded: Images) -> Inputs:
        return decoded

    def figure(self, x: Inputs, alt: str, part: str | None = None, width: int = 220) -> str:
        row, cells = np.asarray(x, np.float32), decode(self.columns, np.asarray(x, np.float32)[None])
        lines = [self._bar(place, column, row, cells[column.name][0]) for place, column in enumerate(self.columns)]
        paint = f"border-left:3px solid {pictures.tint(part)};" if part else ""
        head, rest = "".join(lines[:MANY]), "".join(lines[MANY:])
        body = f'<div class="table-bars">{head}</div>'
        if rest:
            title = ngettext("{count} more column", "{count} more columns", len(lines) - MANY)
            body += pictures.fold(title, f'<div class="table-bars">{rest}</div>')
        style = f"max-width:{max(width, 260)}px;padding-left:8px;--hue:{pictures.tint(part or 'prior')};{paint}"
        return f'{CSS}<div role="group" aria-label="{escape(alt)}" style="{style}">{body}</div>'

    def _bar(self, place: int, column: Column, row: Images, cell: Cell) -> str:
        """The name of a column, a bar from its mean to the value (or the probability of the category), and the value."""
        values, name = row[self.layout.parts[place]], escape(column.name)
        left, wide = _span(float(values[0])) if column.kind == "number" else (0.0, 100 * float(values.max()))
        mark = "" if cell is None else f'<i style="left:{left:.1f}%;width:{wide:.1f}%"></i>'
        return (
            f'<span title="{name}">{name}</span><span class="bar" aria-hidden="true">{mark}</span>'
            f"<b>{escape(self.words(column, cell, values))}</b>"
        )

    def words(self, column: Column, cell: Cell, values: Images) -> str:
        """A value as text; of a category also its probability, where it is not sure."""
        if cell is None:
            return t("missing")
        text = column.text(cell, brief=True)
        if column.kind == "number" or values.max() > 0.995:
            return text
        return t("{value} ({share:.0%})", value=text, share=float(values.max()))

    def strips(self, strips: Sequence[Strip], cell: int, header: Sequence[str] = (), above: bool = False) -> str:
        shown = self._most_moved([np.asarray(strip.x, np.float32) for strip in strips])
        return CSS + "".join(self._strip(strip, shown, header) for strip in strips)

    def _most_moved(self, some: Sequence[Images]) -> list[int]:
        """The columns that change most along the strips, in the order of the table; all of them where there are few."""
        if len(self.columns) <= MANY or not some:
            return list(range(len(self.columns)))
        moved = np.max([x.std(0) for x in some], axis=0)
        change = [float(moved[part].max()) for part in self.layout.parts]
        return sorted(np.argsort(change)[::-1][:MANY].tolist())

    def _strip(self, strip: Strip, shown: Sequence[int], header: Sequence[str]) -> str:
        """One strip as a table: a line for each column, a cell for each output, tinted by its distance from the mean."""
        x = np.asarray(strip.x, np.float32)
        cells = decode(self.columns, x)
        marked = None if strip.mark is None else min(len(x) - 1, int(strip.mark * len(x)))
        heads = "".join(f'<th scope="col">{escape(text)}</th>' for text in header)
        top = f"<thead><tr><td></td>{heads}</tr></thead>" if header else ""
        lines = "".join(self._line(place, x, cells[self.columns[place].name], marked) for place in shown)
        left = len(self.columns) - len(shown)
        more = ngettext("{count} more column changes less.", "{count} more columns change less.", left) if left else ""
        title = (
            f"<b>{escape(strip.name)}</b> <span style='opacity:.75'>{escape(strip.note)}</span>" if strip.name else ""
        )
        pale = "opacity:.5;" if strip.faded else ""
        return (
            f'<div style="margin-bottom:12px;{pale}">{title}<div role="region" tabindex="0" aria-label="{escape(strip.alt)}" '
            f'style="overflow-x:auto"><table class="table-strip">{top}<tbody>{lines}</tbody></table></div>'
            f'<div style="font-size:.8rem;opacity:.8">{escape(more)}</div></div>'
        )

    def _line(self, place: int, x: Images, cells: Sequence[Cell], marked: int | None) -> str:
        column, part = self.columns[place], self.layout.parts[place]
        values = [
            self._cell(column, cell, row[part], index == marked)
            for index, (cell, row) in enumerate(zip(cells, x, strict=True))
        ]
        name = escape(column.name)
        return f'<tr><th scope="row" title="{name}">{name}</th>{"".join(values)}</tr>'

    def _cell(self, column: Column, cell: Cell, values: Images, is_marked: bool) -> str:
        colour, strength = _tint(column, values)
        ring = f"outline:2px solid {pictures.tint('z')};outline-offset:-2px;" if is_marked else ""
        text = t("missing") if cell is None else column.text(cell, brief=True)
        return f'<td style="--hue:{colour};--strength:{strength:.0f}%;{ring}">{escape(text)}</td>'

    def gallery(self, x: Inputs, alts: Sequence[str], words: Sequence[str], part: str | None = None) -> str:
        return self.strips([Strip("", "", x, "; ".join(alts))], 0, words)

    def sheet(self, x: Images, alt: str, columns: int | None) -> None:
        st.dataframe(decode(self.columns, x), height=480, hide_index=True, column_config=formats(self.columns))

    def content(self, x: Images, columns: int | None, width: int, file: str) -> bytes:
        return rows_as_csv(self.columns, x)

    def on_pad(self, x: Inputs, blank: bool, brush: dict[str, Any]) -> dict[str, object]:
        return {"point": pictures.sent(x), "draw": False}

    def sum_words(self) -> str:
        return t("The distortion is a sum over all columns that have a value.")

    def input_words(self, dataset: str) -> list[str]:
        lines = [t("x (N, {size}), float32: a row of the table, column by column.", size=self.layout.size)]
        for place, column in enumerate(self.columns):
            part = self.layout.parts[place]
            if column.kind == "number":
                lines.append(
                    t(
                        "x[{place}]: ({name} - {mean:.6g}) / {scale:.6g}, and 0 where it is missing",
                        place=part.start, name=column.name, mean=column.mean, scale=column.scale,
                    )
                )  # fmt: skip
            else:
                values = ", ".join(column.values)
                lines.append(
                    t("x[{first}:{end}]: {name}, with 1 at its value and 0 elsewhere: {values}", first=part.start, end=part.stop,
                      name=column.name, values=values)
                )  # fmt: skip
        for place, flag in zip(self.layout.missing, range(self.layout.size)[self.layout.flags], strict=True):
            lines.append(t("x[{place}]: 1 where {name} is missing, else 0", place=flag, name=self.columns[place].name))
        return lines

    def output_words(self) -> str:
        return t(
            "Each number is standardised as in x: multiply by the deviation and add the mean. Of a category these are the "
            "probabilities of its values."
        )

    def error(self, x: Inputs, made: Images, error: Images) -> None:
        st.subheader(t("The difference"), anchor=False)
        given, out = (decode(self.columns, np.asarray(row, np.float32)[None]) for row in (x, made))
        lines = "".join(
            self._difference(column, given[column.name][0], out[column.name][0], self._distance(place, error))
            for place, column in enumerate(self.columns)
        )
        head = "".join(f'<th scope="col">{escape(text)}</th>' for text in ("x", "x′", t("deviations")))
        alt = escape(t("The values of x and x′, and how far they are apart"))
        st.html(
            f'{CSS}<div role="region" tabindex="0" aria-label="{alt}" style="overflow:auto;max-height:420px">'
            '<table class="table-strip">'
            f"<thead><tr><td></td>{head}</tr></thead><tbody>{lines}</tbody></table></div>"
        )
        st.caption(
            t(
                "The last column: how far x′ is from x, in standard deviations of the column; for a category, how much probability "
                "x′ puts on other values."
            )
        )

    def nats(self, x: Inputs, by_part: Images, alt: str) -> str:
        order = np.argsort(-by_part)
        return bars(
            [self.columns[i].name for i in order],
            by_part[order].tolist(),
            [f"{v:.2f}" for v in by_part[order]],
            alt,
            ("rate", "distortion"),
        )

    def slopes(self, slopes: Images, names: Sequence[str], alts: Sequence[str]) -> str:
        steepest = [np.array([_steepest(row[part]) for part in self.layout.parts]) for row in slopes]
        most = max(float(np.abs(row).max()) for row in steepest)
        return (
            '<div style="display:flex;flex-wrap:wrap;gap:1rem 2rem">'
            + "".join(
                f"<div><b>{escape(name)}</b>{self._slope_bars(row, found, alt, most)}</div>"
                for row, found, name, alt in zip(slopes, steepest, names, alts, strict=True)
            )
            + "</div>"
        )

    def _slope_bars(self, row: Images, found: Images, alt: str, most: float) -> str:
        """The columns that one number of the code moves most, in units of the table or in shares of probability."""
        shown = [int(i) for i in np.argsort(-np.abs(found))[:MANY]]
        texts = [self._slope(self.columns[i], row[self.layout.parts[i]]) for i in shown]
        return bars([self.columns[i].name for i in shown], found[shown].tolist(), texts, alt, ("x", "out"), most)

    def _slope(self, column: Column, part: Images) -> str:
        if column.kind == "number":
            return f"{float(part[0]) * column.scale:+.3g}"
        place = int(np.abs(part).argmax())
        return t("{share:+.0%} {value}", share=float(part[place]), value=column.values[place])

    def _difference(self, column: Column, given: Cell, out: Cell, distance: float) -> str:
        name, x, made = column.name, column.text(given, brief=True) or t("missing"), column.text(out, brief=True)
        cells = "".join(f"<td>{escape(text)}</td>" for text in (x, made, "–" if given is None else f"{distance:.2f}"))
        return f'<tr><th scope="row" title="{escape(name)}">{escape(name)}</th>{cells}</tr>'

    def _distance(self, place: int, error: Images) -> float:
        part = error[self.layout.parts[place]]
        return float(part[0] if len(part) == 1 else np.abs(part).sum() / 2)


def formats(columns: Columns) -> dict[str, Any]:
    """How a table on a page writes the numbers of each column: with as many decimals as the data have."""
    numbers = [column for column in columns if column.kind == "number"]
    return {column.name: st.column_config.NumberColumn(format=f"%.{column.decimals}f") for column in numbers}


def _steepest(part: Images) -> float:
    """Of the slopes of one column, that of its number in deviations, or of the category whose probability changes most."""
    return float(part[np.abs(part).argmax()])


def _span(value: float) -> tuple[float, float]:
    """Left end and width in percent of a bar from the middle to a value in standard deviations."""
    at = 50 + 50 * max(-1.0, min(1.0, value / REACH))
    return min(at, 50.0), abs(at - 50)


def _tint(column: Column, values: Images) -> tuple[str, float]:
    """The colour of a cell and its strength in percent: below the mean that of x, above it that of x′; of a category its share."""
    if column.kind == "category":
        return pictures.tint("z"), 40 * float(values.max())
    value = float(values[0])
    return pictures.tint("x" if value < 0 else "out"), 45 * min(1.0, abs(value) / REACH)
