// A threshold on a score: the histogram in which it is dragged, the four counts, and its place on the ROC and precision-recall curves.
// All of it is worked out here, so that a drag needs no server; Python hears of the threshold on release.

import {labelled, make, setText} from "../../stage/js/host/elements.js";
import {readTheme} from "../../stage/js/host/theme.js";
import {inDigits, t, useWords} from "../../stage/js/host/words.js";
import {above, axis, bars} from "./counts.js";
import {SMALL, WIDE, barsOf, curveOf, drawn, place, sheet} from "./plots.js";
import style from "./threshold.css" with {type: "text"};

/** @import {Component, Words} from "../../stage/js/types.d.ts" */
/** @import {Curve} from "./plots.js" */
/** @typedef {{normal: number[], strange: number[], start: number, roc: Curve | null, precision: Curve | null, words?: Words,
 *   language: {[name: string]: [string, string]}}} Scores */

const BARS = 48, STEPS = 480;

export class Threshold {
  threshold = 0;
  /** @type {(threshold: number) => void} */ send = () => {};

  /** @param {HTMLElement} root @param {Scores} scores */
  constructor(root, scores) {
    useWords(scores.words);
    this.scores = scores;
    this.known = scores.strange.length > 0;
    this.axis = axis(scores.normal, scores.strange);
    this.input = /** @type {HTMLInputElement} */ (make("input", "", {type: "range", min: 0, max: STEPS, "aria-label": t("Threshold")}));
    this.histogram = sheet(WIDE, "histogram");
    this.limit = drawn("line", {class: "limit", y1: WIDE.top - 6, y2: WIDE.height - WIDE.bottom});
    this.flagged = drawn("rect", {class: "flagged", y: WIDE.top, height: WIDE.height - WIDE.bottom - WIDE.top});
    /** @type {Element[]} */ this.cells = [];
    this.sentence = make("p", "", {"aria-live": "polite"});
    /** @type {Element[]} */ this.dots = [];
    const sheetOfStyle = make("style", "");
    sheetOfStyle.textContent = style;
    const left = make("div", "scores"), stage = make("div", "stage"), counts = make("div", "counts");
    left.append(this.#key(), this.#bars(), this.input);
    stage.append(left, ...this.#curves());
    counts.append(...(this.known ? [this.#table()] : []), this.sentence);
    root.replaceChildren(stage, counts, sheetOfStyle);
    this.#listen();
    this.#set(scores.start);
  }

  #key() {
    const key = make("div", "key"), names = {normal: t("normal examples"), strange: t("anomalies")};
    for (const [name, words] of Object.entries(this.known ? names : {normal: t("test examples")})) {
      const mark = make("i", ""), entry = make("span", "");
      mark.style.background = `var(--${name})`;
      entry.append(mark, words);
      key.append(entry);
    }
    return key;
  }

  #bars() {
    const {normal, strange} = this.scores, counts = [normal, strange].map((scores) => bars(scores.map(this.axis.place), BARS));
    const most = Math.max(...counts.flat(), 1);
    const [left, ground] = place(WIDE, 0, 0), [right] = place(WIDE, 1, 0);
    this.histogram.append(this.flagged, barsOf(counts[0], most, "normal"), barsOf(counts[1], most, "strange"),
      drawn("line", {class: "base", x1: left, x2: right, y1: ground, y2: ground}),
      drawn("text", {x: left, y: WIDE.height - 6, class: "tick"}, t("usual")),
      drawn("text", {x: right, y: WIDE.height - 6, class: "tick", "text-anchor": "end"}, t("strange")), this.limit);
    return this.histogram;
  }

  #table() {
    const table = make("table", ""), head = make("thead", ""), body = make("tbody", ""), top = make("tr", "");
    top.append(make("td", ""), ...[t("above the threshold"), t("below")].map((words) => labelled("th", "", words)));
    head.append(top);
    for (const [words, good] of /** @type {[string, number][]} */ ([[t("anomalies"), 0], [t("normal examples"), 1]])) {
      const row = make("tr", ""), cells = [0, 1].map((i) => make("td", i === good ? "good" : ""));
      row.append(labelled("th", "", words), ...cells);
      this.cells.push(...cells);
      body.append(row);
    }
    table.append(head, body);
    return table;
  }

  #curves() {
    const {roc, precision} = this.scores;
    if (!roc || !precision) return [];
    const found = /** @type {[Curve, [string, string], string][]} */ ([
      [roc, [t("false alarms"), t("anomalies found")], t("ROC curve")],
      [precision, [t("anomalies found"), t("of those flagged")], t("Precision and recall")]]);
    return found.map(([curve, names, title]) => {
      const figure = make("figure", ""), svg = curveOf(curve, names), dot = drawn("circle", {r: 6, class: "dot"});
      svg.append(dot);
      this.dots.push(dot);
      figure.append(labelled("figcaption", "", title), svg);
      return figure;
    });
  }

  #listen() {
    const {histogram, input} = this;
    const move = (/** @type {PointerEvent} */ event) => {
      const {left, width} = histogram.getBoundingClientRect(), scale = WIDE.width / width;
      this.#at(((event.clientX - left) * scale - WIDE.left) / (WIDE.width - WIDE.left - WIDE.right));
    };
    histogram.addEventListener("pointerdown", (event) => {
      const press = /** @type {PointerEvent} */ (event);
      histogram.setPointerCapture(press.pointerId);
      move(press);
    });
    histogram.addEventListener("pointermove", (event) => {
      const {pointerId} = /** @type {PointerEvent} */ (event);
      if (histogram.hasPointerCapture(pointerId)) move(/** @type {PointerEvent} */ (event));
    });
    histogram.addEventListener("pointerup", () => this.send(this.threshold));
    input.addEventListener("input", () => this.#at(Number(input.value) / STEPS));
    input.addEventListener("change", () => this.send(this.threshold));
  }

  /** @param {number} share of the way from the left end to the right */
  #at(share) {
    this.#set(this.axis.score(share));
  }

  /** @param {number} threshold */
  #set(threshold) {
    this.threshold = threshold;
    const share = this.axis.place(threshold);
    const {normal, strange} = this.scores, wrong = above(normal, threshold), found = above(strange, threshold);
    const [x] = place(WIDE, share, 0), [right] = place(WIDE, 1, 0);
    for (const end of ["x1", "x2"]) this.limit.setAttribute(end, x.toFixed(1));
    this.flagged.setAttribute("x", x.toFixed(1));
    this.flagged.setAttribute("width", Math.max(0, right - x).toFixed(1));
    this.input.value = String(Math.round(share * STEPS));
    this.input.setAttribute("aria-valuetext", inDigits(threshold));
    [found, strange.length - found, wrong, normal.length - wrong].forEach((count, i) => {
      if (this.known) setText(this.cells[i], String(count));
    });
    setText(this.sentence, this.known
      ? t("Of {all} flagged examples {found} are anomalies; {missed} are missed.", {all: found + wrong, found, missed: strange.length - found})
      : t("Flagged: {count} of {all} examples.", {count: wrong, all: normal.length}));
    this.#mark(wrong / normal.length, found / Math.max(1, strange.length), found + wrong ? found / (found + wrong) : 1);
  }

  /** @param {number} alarms @param {number} recall @param {number} precision */
  #mark(alarms, recall, precision) {
    [[alarms, recall], [recall, precision]].forEach(([x, y], i) => {
      if (!this.dots[i]) return;
      const [cx, cy] = place(SMALL, x, y);
      this.dots[i].setAttribute("cx", cx.toFixed(1));
      this.dots[i].setAttribute("cy", cy.toFixed(1));
    });
  }
}

/** @type {WeakMap<HTMLElement, {shown: Threshold, of: string}>} */
const known = new WeakMap();

/** @param {Component<Scores>} component */
export function showThreshold({parentElement, data, setStateValue}) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".threshold")), of = JSON.stringify(data);
  const {paint} = readTheme(root, data.language);
  root.style.setProperty("--normal", paint.z);
  root.style.setProperty("--strange", paint.x);
  if (known.get(root)?.of !== of) known.set(root, {shown: new Threshold(root, data), of});
  const held = known.get(root);
  if (held) held.shown.send = (threshold) => setStateValue("threshold", threshold);
}
