// An edit: a slider that moves z from a code along a direction, the picture decoded in the same frame; the same at nine strengths, and
// which pixels the direction moves where z is. Python hears of the strength on release.

import {button, canvasOf, labelled, make, press, setText} from "../host/elements.js";
import {Figure} from "../host/figure.js";
import {show, showSigned} from "../host/pixels.js";
import {inDigits, t} from "../host/words.js";
import {numbersOf} from "../model/levels.js";
import {slopesAlong} from "../model/slopes.js";

/** @import {StageData} from "../types.d.ts" */
/** @import {Stage} from "../host/stage.js" */
/** @import {Model} from "../model/network.js" */
/** @import {Scene} from "../model/scene.js" */

/**
 * A code, the direction along which it is moved (empty while there is none), the words at the slider's ends, and the input that the
 * code is of, if any.
 *
 * @typedef {{code: number[], step: number[], low: string, high: string, x: string | number[] | null}} EditOptions
 */

const FARTHEST = 2, STRENGTHS = [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2];
const REST = 4;  // times as long as the last signed picture took, which the browser is left to do other things

export class EditSlider {
  /** @type {EditOptions | null} */ told = null;
  strength = 0;
  given = new Figure();
  /** @type {{mark: HTMLButtonElement, canvas: HTMLCanvasElement, strength: number}[]} */ marks = [];
  #text = "";
  #timer = 0;
  #took = 0;
  /** Whether a key is down on the slider, and whether a hand has moved it since Python was told. */ #key = false;
  #moved = false;

  /** @param {Stage} stage @param {HTMLElement} box */
  constructor(stage, box) {
    this.stage = stage;
    this.box = box;
    this.given.label(t("x: what goes in"));
    this.input = make("div", "given");
    this.input.append(labelled("div", "title x", t("x: what goes in")), this.given.canvas, this.given.rows);
    this.moves = make("div", "moves");
    this.signed = canvasOf("", {role: "img", "aria-label": t("Pixels that the direction makes darker or brighter at z")});
    const scale = make("small", "", {"aria-hidden": "true"});
    scale.append(labelled("span", "", t("darker")), labelled("span", "", t("brighter")));
    this.moves.append(labelled("div", "title", t("What it moves")), this.signed, scale);
    this.slider = /** @type {HTMLInputElement} */ (make("input", "", {type: "range", min: -FARTHEST, max: FARTHEST, step: 0.05,
      "aria-label": t("Strength of the edit")}));
    this.ends = [make("span", "low"), make("span", "high")];
    this.words = make("output", "");
    const walk = make("div", "strength");
    walk.append(this.ends[0], this.slider, this.ends[1], this.words);
    this.strip = make("div", "strip", {role: "group", "aria-label": t("The same at nine strengths")});
    this.marks = STRENGTHS.map((strength) => this.#mark(strength));
    this.strip.append(...this.marks.map(({mark}) => mark));
    box.append(this.input, this.moves, walk, this.strip);
    this.#listen();
  }

  /** @param {number} strength */
  #mark(strength) {
    const canvas = canvasOf(""), name = inDigits(strength, strength % 1 ? 1 : 0);
    const mark = button("", t("Go to strength {strength}", {strength: name}), () => this.#jump(strength), t("Strength {strength}", {strength: name}));
    mark.append(canvas, labelled("span", "", name));
    return {mark, canvas, strength};
  }

  /** A key that is held changes the slider over and over: Python hears of it when the key comes up. */
  #listen() {
    const {slider} = this;
    slider.addEventListener("input", () => this.slide(Number(slider.value)));
    slider.addEventListener("keydown", () => (this.#key = true));
    for (const name of ["keyup", "blur"]) slider.addEventListener(name, () => this.#release());
    slider.addEventListener("change", () => this.#key || this.#tell());
    slider.addEventListener("pointerup", () => setTimeout(() => this.#tell()));  // back where it began: no change
  }

  #release() {
    this.#key = false;
    this.#tell();
  }

  #tell() {
    if (this.#moved) this.stage.send("slide");
    this.#moved = false;
  }

  /** @param {number} strength */
  #jump(strength) {
    this.slide(strength);
    this.#tell();
  }

  /** z goes so far along the direction. @param {number} strength */
  slide(strength) {
    if (!this.told) return;
    const {code, step} = this.told;
    this.strength = strength;
    this.#moved = true;
    this.stage.setCode(code.map((value, i) => value + strength * step[i]));
    this.#write();
  }

  /** The strength is where Python's code lies on the direction, unless it is late. @param {StageData} data */
  update(data) {
    const told = data.options.edit ?? null, {model} = this.stage.scene;
    this.told = told?.step.length ? told : null;
    this.box.classList.toggle("idle", !this.told);
    if (!told || !model || told.code.length !== model.latentDim) return;
    if (this.told && data.overlay.code && !this.stage.messages.isLate(data)) this.strength = strengthAt(told, data.overlay.code);
    const text = JSON.stringify([this.stage.model, data.overlay.label, told.code, told.step, told.x]);
    if (text !== this.#text) this.#adopt(told, data.overlay.label ?? 0);
    this.#text = text;
    setText(this.ends[0], told.low);
    setText(this.ends[1], told.high);
    this.#write();
  }

  /** Another code or direction: its input, and what is decoded along it. @param {EditOptions} told @param {number} label */
  #adopt({code, step, x}, label) {
    const {model} = this.stage.scene;
    if (!model) return;
    const isRow = model.columns !== null, isText = model.vocabulary !== null, isPicture = model.shape.length === 3;
    this.input.hidden = isRow || !x;
    if (x && !isRow) this.given.show(numbersOf(x), model);
    this.strip.hidden = isRow || isText || model.remote;
    this.moves.hidden = !isPicture || model.remote;
    if (!step.length || this.strip.hidden) return;
    for (const {canvas, strength} of this.marks) {
      const out = model.decode(code.map((value, i) => value + strength * step[i]), label);
      if (out) show(canvas, out, model.shape);
    }
    this.stage.scene.recompute();  // the model's picture is that of z again
  }

  #write() {
    const text = t("strength {strength}", {strength: inDigits(this.strength)});
    if (this.words.textContent === text) return;
    this.slider.value = String(this.strength);
    this.slider.setAttribute("aria-valuetext", text);
    setText(this.words, text);
    for (const {mark, strength} of this.marks) press(mark, Math.abs(strength - this.strength) < 0.026);
  }

  /** Soon, and not more often than the browser can bear. @param {Scene} scene */
  draw({model, shown}) {
    if (!this.told || !model || !shown || this.moves.hidden || this.#timer) return;
    this.#timer = window.setTimeout(() => this.#paint(), REST * this.#took);
  }

  #paint() {
    const {told, stage: {scene: {model, shown, label}, theme}} = this, began = performance.now();
    this.#timer = 0;
    if (!told || !model || !shown || model.remote || !theme || told.step.length !== shown.length) return;
    const [values] = slopesAlong(/** @type {Model} */ (model), shown, label, [told.step]);
    const most = values.reduce((top, v) => Math.max(top, Math.abs(v)), 1e-6);
    showSigned(this.signed, values, model.shape, most, [theme.paint.x, theme.back, theme.paint.out]);
    this.#took = performance.now() - began;
  }
}

/** How many steps lead from the code to the place on the direction that is nearest to z. @param {EditOptions} told @param {number[]} z */
export function strengthAt({code, step}, z) {
  const along = step.reduce((sum, d, i) => sum + d * (z[i] - code[i]), 0), length = step.reduce((sum, d) => sum + d * d, 0);
  return Math.round((1000 * along) / length) / 1000;
}
