// The density pad: cells that a brush fills, one level with each stroke. Python hears of the drawing on release.

import {button, canvasOf, context, labelled, make, press} from "../../stage/js/host/elements.js";
import {readTheme} from "../../stage/js/host/theme.js";
import {t, useWords} from "../../stage/js/host/words.js";
import style from "./density_pad.css" with {type: "text"};

/** @import {Component, Point, Words} from "../../stage/js/types.d.ts" */
/** @typedef {{levels: string, side: number, most: number, visit: string, seen: number, words?: Words,
 *   language: {[name: string]: [string, string]}}} PadData */

const RADIUS = 1.3;  // of the brush, in cells
/** @type {{[key: string]: Point}} */
const STEPS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

export class DensityPad {
  side = 0;
  most = 0;
  cells = new Uint8Array(0);
  /** What was there before each stroke. @type {Uint8Array<ArrayBuffer>[]} */ past = [];
  /** The cells that this stroke has changed already. @type {Set<number>} */ touched = new Set();
  /** The pointer that draws, or the keyboard. @type {number | "key" | null} */ hand = null;
  /** Where the brush is, in cells. @type {Point} */ at = [0, 0];
  erasing = false;
  visit = Math.random().toString(36).slice(2, 10);
  number = 0;
  /** @type {[number, number, number]} */ ink = [0, 0, 0];
  /** @type {(levels: string) => void} */ send = () => {};

  /** @param {HTMLElement} root @param {PadData} data */
  constructor(root, data) {
    useWords(data.words);
    this.root = root;
    this.canvas = canvasOf("", {tabindex: "0", role: "application", "aria-label": t("Draw where points should be. By keyboard: arrow "
      + "keys move the brush, Space puts it down and lifts it, Control Z takes a stroke back.")});
    this.brush = make("i", "brush", {hidden: ""});
    this.hint = labelled("span", "hint", t("Draw where points should be"));
    this.undo = button(t("Undo"), t("Take the last stroke back (Control Z)"), () => this.#restore());
    this.clear = button(t("Clear"), t("No points anywhere; Undo brings them back"), () => this.#stroke(() => this.cells.fill(0)));
    this.erase = button(t("Erase"), t("The brush takes points away"), () => this.#toggle());
    const paper = make("div", "paper"), row = make("div", "buttons"), sheet = make("style", "");
    sheet.textContent = style;
    paper.append(this.canvas, this.brush, this.hint);
    row.append(this.undo, this.clear, this.erase);
    root.replaceChildren(paper, row, sheet);
    this.#listen();
  }

  /** Python's drawing, unless a hand is at work or Python has not seen our last one. @param {PadData} data */
  update({levels, side, most, visit, seen, words, language}) {
    useWords(words);
    const {paint} = readTheme(this.root, language), [r, g, b] = (/^#(..)(..)(..)/.exec(paint.x) ?? []).slice(1).map((v) => parseInt(v, 16));
    this.ink = [r, g, b];
    this.root.style.setProperty("--x", paint.x);
    const late = visit === this.visit && seen < this.number, ours = visit === this.visit && this.number > 0;
    if (this.hand === null && !late && !ours) {
      this.side = side;
      this.most = most;
      this.cells = unpack(levels, side);
      this.at = [side / 2, side / 2];
    }
    this.show();
  }

  #listen() {
    const {canvas} = this;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button || this.hand !== null) return;
      canvas.setPointerCapture(event.pointerId);
      this.#begin(event.pointerId);
      this.#move(event);
    });
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(name, (event) => /** @type {PointerEvent} */ (event).pointerId === this.hand && this.#lift());
    }
    canvas.addEventListener("pointerleave", () => (this.brush.hidden = true));
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("blur", () => this.hand === "key" && this.#lift());
  }

  /** @param {number | "key"} hand */
  #begin(hand) {
    this.hand = hand;
    this.past.push(this.cells.slice());
    this.touched.clear();
  }

  /** Every place that the hand went through since the last event. @param {PointerEvent} event */
  #move(event) {
    const {left, top, width} = this.canvas.getBoundingClientRect(), scale = this.side / width;
    const place = (/** @type {PointerEvent} */ {clientX, clientY}) => /** @type {Point} */ ([(clientX - left) * scale, (clientY - top) * scale]);
    const from = this.at;
    this.#point(place(event), event.pointerType !== "touch");
    if (event.pointerId !== this.hand) return;
    const between = event.getCoalescedEvents?.() ?? [];
    (between.length ? between : [event]).map(place).reduce((last, next) => (this.#line(last, next), next), this.touched.size ? from : this.at);
    this.show();
  }

  /** @param {Point} from @param {Point} to */
  #line(from, to) {
    const steps = Math.max(1, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1])));
    for (let i = 0; i <= steps; i++) this.#dab([from[0] + ((to[0] - from[0]) * i) / steps, from[1] + ((to[1] - from[1]) * i) / steps]);
  }

  /** The cells under the brush go up by one level, or become empty; each once in a stroke. @param {Point} at */
  #dab([x, y]) {
    for (let row = Math.max(0, Math.floor(y - RADIUS)); row <= Math.min(this.side - 1, y + RADIUS); row++) {
      for (let column = Math.max(0, Math.floor(x - RADIUS)); column <= Math.min(this.side - 1, x + RADIUS); column++) {
        const cell = row * this.side + column;
        if (this.touched.has(cell) || Math.hypot(column + 0.5 - x, row + 0.5 - y) > RADIUS) continue;
        this.touched.add(cell);
        this.cells[cell] = this.erasing ? 0 : Math.min(this.most, this.cells[cell] + 1);
      }
    }
  }

  #lift() {
    this.hand = null;
    this.#tell();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const {key} = event, control = event.ctrlKey || event.metaKey;
    if (typeof this.hand === "number" || event.altKey) return;
    if (control && key === "z") this.undo.click();
    else if (control) return;
    else if (key in STEPS) this.#step(STEPS[key]);
    else if (key === "Delete" || key === "Backspace") this.clear.click();
    else if (key !== " " && key !== "Enter") return;
    else if (this.hand === "key") this.#lift();
    else this.#down();
    event.preventDefault();
  }

  #down() {
    this.#begin("key");
    this.#dab(this.at);
    this.#point(this.at, true);
    this.show();
  }

  /** The keyboard moves the brush by one cell. @param {Point} way */
  #step([right, down]) {
    const within = (/** @type {number} */ v) => Math.min(this.side, Math.max(0, v));
    this.#point([within(this.at[0] + right), within(this.at[1] + down)], true);
    if (this.hand !== "key") return;
    this.#dab(this.at);
    this.show();
  }

  /** Where the brush is. @param {Point} at @param {boolean} seen */
  #point(at, seen) {
    this.at = at;
    this.brush.hidden = !seen;
    this.brush.style.width = `${(200 * RADIUS) / this.side}%`;
    this.brush.style.left = `${(100 * at[0]) / this.side}%`;
    this.brush.style.top = `${(100 * at[1]) / this.side}%`;
  }

  #toggle() {
    this.erasing = !this.erasing;
    this.show();
  }

  /** An act that can be taken back. @param {() => void} act */
  #stroke(act) {
    if (this.hand !== null) return;
    this.past.push(this.cells.slice());
    act();
    this.#tell();
  }

  #restore() {
    const before = this.past.pop();
    if (this.hand !== null || !before) return;
    this.cells = before;
    this.#tell();
  }

  #tell() {
    this.number += 1;
    this.send(pack(this.cells));
    this.show();
  }

  show() {
    const {canvas, side, cells} = this, empty = !cells.some(Boolean), picture = new ImageData(side, side);
    canvas.width = canvas.height = side;
    cells.forEach((level, i) => picture.data.set([...this.ink, Math.round((255 * level) / this.most)], 4 * i));
    context(canvas).putImageData(picture, 0, 0);
    this.hint.hidden = !empty;
    this.clear.disabled = empty;
    this.undo.disabled = !this.past.length;
    press(this.erase, this.erasing);
  }
}

/** Four cells a byte, in base64. @param {Uint8Array} cells */
export function pack(cells) {
  const bytes = Array.from({length: cells.length / 4}, (_, i) => cells[4 * i] | (cells[4 * i + 1] << 2) | (cells[4 * i + 2] << 4)
    | (cells[4 * i + 3] << 6));
  return btoa(String.fromCharCode(...bytes));
}

/** @param {string} text @param {number} side */
export function unpack(text, side) {
  const cells = new Uint8Array(side * side);
  [...atob(text)].forEach((letter, i) => [0, 2, 4, 6].forEach((shift, k) => (cells[4 * i + k] = (letter.charCodeAt(0) >> shift) & 3)));
  return cells;
}

/** @type {WeakMap<Element | ShadowRoot, DensityPad>} */
const pads = new WeakMap();

/** @param {Component<PadData>} component */
export function showPad({parentElement, data, setStateValue}) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".density-pad"));
  const pad = pads.get(parentElement) ?? new DensityPad(root, data);
  pads.set(parentElement, pad);
  pad.send = (levels) => setStateValue("drawing", {levels, visit: pad.visit, number: pad.number});
  pad.update(data);
}
