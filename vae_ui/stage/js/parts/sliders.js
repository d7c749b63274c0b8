// A slider for each number of the code, the one that carries most first. The picture follows while the hand moves; Python hears
// of it on release.

import {button, labelled, make, press, setText} from "../host/elements.js";
import {inDigits, t} from "../host/words.js";
import {normals, seeded} from "../model/random.js";

/** @import {Options, StageData, Vector} from "../types.d.ts" */
/** @import {Stage} from "../host/stage.js" */
/** @import {Scene} from "../model/scene.js" */

const IN_SIGHT = 6;  // the rest is folded
const STEP = 0.05;  // of an arrow key; with Shift ten times as far
/** @type {{[key: string]: number}} */
const WALKS = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10};

/**
 * What the sliders need of the options, each by dimension.
 *
 * @typedef {Required<Pick<Options, "order" | "rates" | "unit" | "limits" | "mean" | "spread" | "names" | "seed">>} SliderOptions
 */

/** @type {SliderOptions} */
const NOTHING = {order: [], rates: [], unit: "", limits: [], mean: [], spread: [], names: [], seed: 0};

export class Sliders {
  options = NOTHING;
  /** @type {Row[]} */ rows = [];
  /** @type {HTMLButtonElement[]} */ chips = [];
  #shape = "";
  /** How many samples have been drawn with this seed. */ #sampled = 0;
  /** A key has moved z and is still down. */ #walked = false;

  /** @param {Stage} stage @param {HTMLElement} box */
  constructor(stage, box) {
    this.stage = stage;
    this.box = box;
    this.classes = make("div", "classes", {role: "group", "aria-label": t("Draw as the class")});
    this.sight = make("div", "sliders");
    this.more = make("details", "more");
    this.count = make("summary", "");
    this.folded = make("div", "sliders");
    this.more.append(this.count, this.folded);
    const hint = t("Arrow keys go in small steps, with Shift ten times as far. A double click goes back to the middle.");
    box.append(this.#buttons(), this.classes, this.sight, this.more, labelled("p", "hint", hint));
  }

  #buttons() {
    const whole = make("div", "buttons");
    const means = t("The middle of the codes: every slider to its own middle");
    const draws = t("A code drawn by chance: from the prior, or for a plain autoencoder with the spread of its codes, which has no "
      + "prior");
    whole.append(button(t("Mean"), means, () => this.put(this.options.mean)));
    whole.append(button(t("Random sample"), draws, () => this.put(this.sample())));
    return whole;
  }

  /** @param {StageData} data */
  update({options}) {
    const {seed} = this.options;
    this.options = {...NOTHING, ...options};
    const {order, rates, limits, names} = this.options, shape = JSON.stringify([order, rates, limits, names]);
    if (shape !== this.#shape) this.rebuild(shape);
    if (this.options.seed !== seed) this.#sampled = 0;
    this.draw(this.stage.scene);
  }

  /** @param {string} shape */
  rebuild(shape) {
    const {order, names, rates} = this.options, most = Math.max(...rates, 1e-9);
    this.#shape = shape;
    this.rows = order.map((dimension) => new Row(this, dimension, most));
    this.sight.replaceChildren(...this.rows.slice(0, IN_SIGHT).map((row) => row.line));
    this.folded.replaceChildren(...this.rows.slice(IN_SIGHT).map((row) => row.line));
    this.sight.classList.toggle("few", order.length < 4);
    this.more.hidden = order.length <= IN_SIGHT;
    setText(this.count, t("{n} more, each carrying less", {n: order.length - IN_SIGHT}));
    this.chips = names.map((name, k) => button(name, t("Draw it as {name}", {name}), () => this.tell(k)));
    this.classes.replaceChildren(...this.chips);
    this.classes.hidden = !names.length;
  }

  // -- what a person can do --------------------------------------------------------------------------------------------
  /** One number of the code, within its slider's ends; Python hears of it on release. @param {Row} row @param {number} value */
  move({dimension, input}, value) {
    this.#walked = true;
    const {scene: {z: code}} = this.stage, z = Float32Array.from(code ?? this.options.mean);
    z[dimension] = Math.min(Number(input.max), Math.max(Number(input.min), value));
    this.stage.setCode(z);
  }

  /** Each key moves the picture; Python hears of it once, when the key comes up. @param {Row} row @param {KeyboardEvent} event */
  key(row, event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = this.#target(row, event);
    if (to === null) return;
    this.move(row, to);
    event.preventDefault();
  }

  /** Where a key takes the slider; null for a key that does not. @param {Row} row @param {KeyboardEvent} event */
  #target({dimension, input}, {key, shiftKey}) {
    if (key === "Home") return Number(input.min);
    if (key === "End") return Number(input.max);
    if (key === "0") return this.options.mean[dimension];
    if (!(key in WALKS)) return null;
    const far = shiftKey && key.startsWith("Arrow") ? 10 : 1;
    return (this.stage.scene.z?.[dimension] ?? 0) + WALKS[key] * STEP * far;
  }

  settle() {
    if (this.#walked) this.stage.send("slide");
    this.#walked = false;
  }

  /** @param {Row} row */
  back(row) {
    this.move(row, this.options.mean[row.dimension]);
    this.settle();
  }

  /** @param {Vector} z */
  put(z) {
    this.stage.setCode(z);
    this.stage.send("sample");
  }

  /** @param {number} k */
  tell(k) {
    this.stage.scene.setLabel(k);
    this.stage.send("slide");
  }

  sample() {
    const {mean, spread, seed} = this.options;
    this.#sampled += 1;
    const noise = normals(mean.length, seeded(seed * 1000003 + this.#sampled));
    return mean.map((middle, i) => middle + spread[i] * noise[i]);
  }

  // -- what is seen ----------------------------------------------------------------------------------------------------
  /** @param {Scene} scene */
  draw({shown, label}) {
    if (shown?.length !== this.rows.length) return;  // another model is on its way
    for (const row of this.rows) row.show(shown[row.dimension], this.options.mean[row.dimension]);
    this.chips.forEach((chip, k) => press(chip, k === label));
  }
}

/** The slider of one dimension. */
class Row {
  /** The value that is shown. */ #at = NaN;

  /** @param {Sliders} sliders @param {number} dimension @param {number} most the largest rate of all dimensions */
  constructor(sliders, dimension, most) {
    const {rates, unit, limits} = sliders.options, rate = `${rates[dimension].toFixed(2)} ${unit}`, [min, max] = limits[dimension];
    this.dimension = dimension;
    this.line = make("label", "row");
    this.output = make("output", "");
    this.input = /** @type {HTMLInputElement} */ (make("input", "", {type: "range", step: "any", min, max,
      "aria-label": `z${dimension + 1}, ${rate}`, title: t("Double click, or key 0: back to its middle")}));
    this.line.append(heading(dimension, rate, Math.max(0, rates[dimension]) / most), this.input, this.output);
    this.#listen(sliders);
  }

  /** @param {Sliders} sliders */
  #listen(sliders) {
    const {input} = this;
    input.addEventListener("input", () => sliders.move(this, Number(input.value)));
    input.addEventListener("change", () => sliders.settle());
    input.addEventListener("pointerup", () => setTimeout(() => sliders.settle()));  // back where it began: no change
    input.addEventListener("dblclick", () => sliders.back(this));
    input.addEventListener("keydown", (event) => sliders.key(this, event));
    input.addEventListener("keyup", () => sliders.settle());
    input.addEventListener("blur", () => sliders.settle());
  }

  /** A code from elsewhere may lie beyond the slider's ends: they make room. @param {number} value @param {number} middle */
  show(value, middle) {
    if (value === this.#at) return;
    const {input, line} = this;
    const low = Math.min(Number(input.min), Math.floor(value)), high = Math.max(Number(input.max), Math.ceil(value));
    const part = (/** @type {number} */ v) => String((v - low) / (high - low)), text = inDigits(value);
    input.min = String(low);
    input.max = String(high);
    input.value = String(value);
    line.style.setProperty("--from", part(Math.min(value, middle)));
    line.style.setProperty("--to", part(Math.max(value, middle)));
    line.style.setProperty("--middle", part(middle));
    this.output.textContent = text;
    input.setAttribute("aria-valuetext", text);
    this.#at = value;
  }
}

/**
 * The dimension's name, its rate, and a bar as long as its share of the largest.
 *
 * @param {number} dimension @param {string} rate @param {number} share
 */
function heading(dimension, rate, share) {
  const head = make("span", "head", {"aria-hidden": "true"}), name = make("b", ""), bar = make("i", "");
  name.append("z", labelled("sub", "", String(dimension + 1)));
  bar.style.setProperty("--share", String(share));
  head.append(name, labelled("span", "", rate), bar);
  return head;
}
