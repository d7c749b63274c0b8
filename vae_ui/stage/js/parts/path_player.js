// The path from A to B: a slider that the picture follows under the hand, and a button that plays it there and back.

import {button, labelled, make, setText} from "../host/elements.js";
import {Figure} from "../host/figure.js";
import {t} from "../host/words.js";
import {interpolate} from "../model/interpolation.js";
import {numbersOf} from "../model/levels.js";

/** @import {Act, StageData} from "../types.d.ts" */
/** @import {Stage} from "../host/stage.js" */
/** @import {Scene} from "../model/scene.js" */

/**
 * The ends of a path and their decoded pictures; `own`: no Python is there to set them.
 *
 * @typedef {{a: number[], b: number[], kind: "linear" | "spherical", t: number, own?: boolean, ends: (string | number[])[]}} PathOptions
 */

const DURATION = 3500;  // milliseconds from A to B
const ROUNDING = 0.011;  // Python knows the place on the path to a hundredth
const MARKS = 9;  // places on the path that are drawn on the map

export class PathPlayer {
  /** The path as Python told it. @type {PathOptions | null} */ told = null;
  #text = "";
  /** Where the person is on the path, 0 at A and 1 at B. */ t = 0.5;
  /** The code there. */ code = new Float32Array(0);
  /** The decoded pictures of A and B. @type {Float32Array[]} */ ends = [];
  /** Their pixels mixed. */ mixed = new Float32Array(0);
  /** Whether a key is held on the slider, and has moved it. */ held = false;
  moved = false;
  /** When the last step was played, in ms; null while nothing plays. @type {number | null} */ last = null;
  /** The way played so far, in units of A to B: 0 to 2, there and back. */ leg = 0;
  /** The end that the next click on the map sets, where no Python does. */ next = 0;

  /** @param {Stage} stage @param {HTMLElement} box */
  constructor(stage, box) {
    this.stage = stage;
    this.box = box;
    this.figure = new Figure();
    this.words = make("div", "words");
    this.mix = make("div", "mixed");
    const walk = make("div", "walk"), label = make("label", "");
    this.mix.append(labelled("div", "title", t("Pixels mixed")), this.figure.canvas, this.figure.rows, this.words);
    this.button = button("", "", () => (this.last === null ? this.play() : this.tell()));
    const range = {type: "range", min: 0, max: 1, step: 0.01, "aria-label": t("Place on the way, A to B")};
    this.slider = /** @type {HTMLInputElement} */ (make("input", "", range));
    label.append(labelled("span", "", "A"), this.slider, labelled("span", "", "B"));
    walk.append(this.button, label);
    box.append(this.mix, walk);
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.calm.addEventListener("change", () => this.calm.matches && this.stop());
    this.#listen();
    this.stop();
  }

  /** A key that is held changes the slider over and over: Python hears of it when the key comes up. */
  #listen() {
    const {slider} = this;
    slider.addEventListener("input", () => this.slide());
    slider.addEventListener("keydown", () => (this.held = true));
    for (const name of ["keyup", "blur"]) slider.addEventListener(name, () => this.release());
    slider.addEventListener("change", () => this.held || this.tell());
    slider.addEventListener("pointerup", () => setTimeout(() => this.moved && this.tell()));  // back where it began: no change
  }

  /** Python's place counts unless it is late, or no more than a rounding of ours. @param {StageData} data */
  update(data) {
    const told = data.options.path ?? null, text = JSON.stringify(told);
    if (!told) return;
    const late = this.last !== null || this.stage.messages.isLate(data) || (told.own && this.told !== null);
    if (!late && Math.abs(told.t - this.t) > ROUNDING) this.t = told.t;
    if (text !== this.#text) this.adopt(told);
    this.#text = text;
    this.mark();
    this.walk(this.t);
  }

  /** `own`: no Python is there to set the ends: a click on the map sets A, the next one B. @param {Act} act */
  acted(act) {
    const {told, stage: {scene: {model, z, label}}} = this;
    if (!told?.own || !model || !z || !["click", "drag", "key"].includes(act)) return;
    told[this.next ? "b" : "a"] = [...z];
    this.ends[this.next] = model.decode(z, label)?.slice() ?? this.ends[this.next];
    this.next = 1 - this.next;
    this.mark();
    this.walk(this.t);
  }

  /** The path on the map, where Python has not worked it out. */
  mark() {
    const {stage: {map}, told, code} = this, {projection} = map;
    if (!told?.own || !map.block) return;
    const {a, b, kind} = told;
    const path = Array.from({length: MARKS}, (_, i) => projection.place(interpolate(a, b, i / (MARKS - 1), kind, code)));
    map.mark({a: projection.place(a), b: projection.place(b), path});
  }

  /** @param {PathOptions} told */
  adopt(told) {
    this.told = told;
    this.code = new Float32Array(told.a.length);
    this.ends = told.ends.map(numbersOf);
    this.mixed = new Float32Array(this.ends[0].length);
  }

  /** @param {number} to in [0, 1] */
  walk(to) {
    this.t = to;
    this.stage.map.pick = null;  // z is on the path, no dot's any more
    if (this.told) this.stage.scene.setZ(interpolate(this.told.a, this.told.b, to, this.told.kind, this.code));
  }

  slide() {
    this.stop();
    this.stage.hold();
    this.moved = true;
    this.walk(Number(this.slider.value));
  }

  release() {
    if (this.held && this.moved) this.tell();
    this.held = false;
  }

  tell() {
    this.stop();
    this.moved = false;
    this.stage.send("slide");
  }

  // -- playing -----------------------------------------------------------------------------------------------------------
  play() {
    this.leg = this.t;
    this.last = performance.now();
    this.refresh();
    requestAnimationFrame((now) => this.step(now));
  }

  /** There and back, until it is stopped. @param {number} now */
  step(now) {
    if (this.last === null) return;
    if (!this.box.isConnected || this.box.hidden) return this.stop();
    this.leg = (this.leg + Math.max(0, Math.min(100, now - this.last)) / DURATION) % 2;  // a hidden tab does not jump ahead
    this.last = now;
    this.walk(this.leg > 1 ? 2 - this.leg : this.leg);
    requestAnimationFrame((next) => this.step(next));
  }

  stop() {
    this.last = null;
    this.refresh();
  }

  refresh() {
    const playing = this.last !== null;
    this.button.hidden = this.calm.matches;
    this.button.textContent = playing ? t("Pause") : t("Play");
    this.button.title = playing ? t("Stop here") : t("Walk from A to B and back");
  }

  /** @param {Scene} scene */
  draw({model}) {
    if (!this.told || !model) return;
    const {ends: [a, b], mixed} = this;
    this.mix.hidden = model.vocabulary !== null;  // ids of words cannot be mixed
    if (!this.mix.hidden) {
      for (let i = 0; i < mixed.length; i++) mixed[i] = (1 - this.t) * a[i] + this.t * b[i];
      this.figure.show(mixed, model);
    }
    const share = t("{percent} % of the way", {percent: Math.round(100 * this.t)});
    if (this.words.textContent === share) return;
    setText(this.words, share);
    this.slider.value = String(this.t);
    this.slider.setAttribute("aria-valuetext", share);
    this.figure.label(t("The pixels of A and B mixed, {share}", {share}));
  }
}
