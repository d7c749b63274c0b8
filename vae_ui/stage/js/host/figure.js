// What a model takes or gives, shown large: a picture or a point on a canvas, the row of a table as bars with its values in the
// table's own units, a sentence as text.

import {canvasOf, labelled, make, setText} from "./elements.js";
import {show} from "./pixels.js";
import {sentenceOf} from "./sentence.js";
import {t} from "./words.js";

/** @import {ColumnRecord, Vector} from "../types.d.ts" */
/** @import {Model} from "../model/network.js" */
/** @import {RemoteModel} from "../model/remote_model.js" */

const MOST = 60;  // columns that are shown
const REACH = 3;  // standard deviations from the middle of a bar to its end
const SURE = 0.995;  // a category's value whose probability is not written

export class Figure {
  canvas = canvasOf("", {role: "img"});
  rows = make("div", "row-figure", {role: "group", tabindex: 0, hidden: ""});
  /** The columns that `rows` was built for. @type {ColumnRecord[] | null} */ #columns = null;
  /** @type {Line[]} */ #lines = [];

  /** @param {Float32Array} values @param {Pick<Model | RemoteModel, "shape" | "columns" | "vocabulary">} model */
  show(values, {shape, columns, vocabulary}) {
    this.canvas.hidden = columns !== null || vocabulary !== null;
    this.rows.hidden = !this.canvas.hidden;
    this.rows.classList.toggle("sentence", vocabulary !== null);
    if (vocabulary) return setText(this.rows, sentenceOf(values, vocabulary));
    if (!columns) return show(this.canvas, values, shape);
    if (columns !== this.#columns) this.#build(columns);
    for (const line of this.#lines) line.show(values);
  }

  /** What a screen reader says. @param {string} text */
  label(text) {
    this.canvas.setAttribute("aria-label", text);
    this.rows.setAttribute("aria-label", text);
  }

  get isLabelled() { return this.rows.hasAttribute("aria-label"); }

  /** @param {ColumnRecord[]} columns */
  #build(columns) {
    const widths = columns.map(({values}) => values.length || 1), end = widths.reduce((a, b) => a + b, 0);
    let start = 0, flag = end;
    this.#columns = columns;
    this.#lines = columns.map((column, i) => {
      const line = new Line(column, start, column.has_missing ? flag : -1);
      start += widths[i];
      if (column.has_missing) flag += 1;
      return line;
    }).slice(0, MOST);
    const left = columns.length - MOST;
    this.rows.replaceChildren(...this.#lines.flatMap(({cells}) => cells));
    if (left > 0) this.rows.append(labelled("small", "", t("and {n} more columns", {n: left})));
  }
}

/** One column: its name, a bar, and its value. */
class Line {
  name = make("span", "");
  mark = make("i", "");
  value = make("b", "");

  /**
   * @param {ColumnRecord} column @param {number} start where its numbers begin in a row
   * @param {number} flag where the row says that its value is missing; -1 where it never is
   */
  constructor(column, start, flag) {
    const bar = make("span", "bar", {"aria-hidden": "true"});
    bar.append(this.mark);
    this.name.textContent = this.name.title = column.name;
    this.column = column;
    this.start = start;
    this.flag = flag;
    this.cells = [this.name, bar, this.value];
  }

  /** @param {Vector} row */
  show(row) {
    const missing = this.flag >= 0 && row[this.flag] > 0.5;
    this.mark.hidden = missing;
    if (missing) setText(this.value, t("missing"));
    else if (this.column.kind === "number") this.#showNumber(row[this.start]);
    else this.#showCategory(row);
  }

  /** @param {number} value in standard deviations from the mean */
  #showNumber(value) {
    const {mean, scale, decimals} = this.column, digits = Math.min(decimals, Math.max(0, 2 - Math.floor(Math.log10(scale)))), at = 50 + 50 * Math.min(1, Math.max(-1, value / REACH));
    this.#span(Math.min(at, 50), Math.abs(at - 50));
    setText(this.value, (mean + scale * value + 0).toFixed(digits));
  }

  /** @param {Vector} row */
  #showCategory(row) {
    const {values} = this.column;
    let best = 0;
    for (let i = 1; i < values.length; i++) if (row[this.start + i] > row[this.start + best]) best = i;
    const share = row[this.start + best];
    this.#span(0, 100 * share);
    setText(this.value, share > SURE ? values[best] : t("{value} ({percent} %)", {value: values[best], percent: Math.round(100 * share)}));
    this.value.title = values[best];
  }

  /** @param {number} left @param {number} wide in percent */
  #span(left, wide) {
    this.mark.style.left = `${left.toFixed(1)}%`;
    this.mark.style.width = `${wide.toFixed(1)}%`;
  }
}
