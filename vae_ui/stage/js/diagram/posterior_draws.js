// Chance made visible: a dozen pictures decoded from draws of q(z|x), the cloud that they are drawn from, magnified, and a slider
// that draws the cloud wider than it is, and says so.

import {canvasOf, labelled, make, press, setText} from "../host/elements.js";
import {show} from "../host/pixels.js";
import {sentenceOf} from "../host/sentence.js";
import {inDigits, t} from "../host/words.js";
import {hasWidth} from "../model/posterior_samples.js";
import {DRAWS} from "./code_numbers.js";
import {paintLens} from "./posterior_lens.js";

/** @import {StageData} from "../types.d.ts" */
/** @import {Stage} from "../host/stage.js" */
/** @import {Scene} from "../model/scene.js" */

const WIDEST = 30;  // times sigma

export class PosteriorDraws {
  /** @type {number[]} */ order = [];

  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
    this.box = make("div", "draws");
    this.lens = canvasOf("lens", {role: "img", "aria-label": t("The cloud q(z|x), magnified, with the codes drawn from it")});
    this.times = labelled("span", "times", "");
    const lens = make("figure", ""), words = make("div", "words"), row = make("label", "spread");
    lens.append(this.lens, this.times);
    this.figure = lens;
    this.cells = Array.from({length: DRAWS}, (_, i) => new Cell(stage, i));
    this.grid = make("div", "dozen", {role: "group", "aria-label": t("Pictures decoded from draws of q(z|x)")});
    this.grid.append(...this.cells.map(({button}) => button));
    this.title = labelled("div", "title", t("Chance"));
    this.slider = /** @type {HTMLInputElement} */ (make("input", "", {type: "range", min: 1, max: WIDEST, step: 1, value: 1}));
    this.slider.addEventListener("input", () => this.stage.scene.setSpread(Number(this.slider.value)));
    this.factor = labelled("b", "", "");
    row.append(this.factor, this.slider);
    this.row = row;
    this.told = make("p", "", {role: "status"});
    words.append(this.title, row, this.told);
    this.box.append(words, this.grid, lens);
  }

  /** @param {StageData} data */
  update({options}) {
    this.order = options.order ?? [];
  }

  /** @param {boolean} on */
  shown(on) {
    this.stage.scene.samples.wanted = on;
    if (on) this.stage.scene.recompute();
  }

  /** @param {Scene} scene */
  draw(scene) {
    const {model, q, spread, samples} = scene, alone = !model || model.isPoint || !q?.logvar;
    this.box.classList.toggle("alone", alone);
    if (alone) setText(this.told, t("A plain autoencoder has no q(z|x), only a point: no rate, no ELBO."));
    if (alone || !q?.logvar) return;
    const one = model.remote || model.slow;
    this.grid.hidden = this.row.hidden = one;
    this.grid.classList.toggle("sentences", model.vocabulary !== null);
    this.figure.hidden = !hasWidth(q.logvar);
    setText(this.title, one ? t("Chance") : t("Chance: {n} draws from q(z|x)", {n: DRAWS}));
    this.slider.value = String(spread);
    setText(this.factor, t("σ × {n}", {n: spread}));
    this.slider.setAttribute("aria-valuetext", t("σ × {n}", {n: spread}));
    setText(this.told, this.#sentence(scene, q.logvar));
    if (!one) this.cells.forEach((cell, i) => cell.draw(scene, samples.pictures[i], model));
    this.#magnify(scene);
  }

  /** @param {Scene} scene @param {Float32Array} logvar */
  #sentence({model, spread}, logvar) {
    const by = (/** @type {number} */ factor) => this.#written(logvar, factor);
    if (model?.remote) return t("True: σ = {sigma}. This model runs on the server, which draws one picture at a time.", {sigma: by(1)});
    if (model?.slow) return t("True: σ = {sigma}. This model takes longer than a frame, so that one sentence alone is decoded.", {sigma: by(1)});
    if (spread === 1) return t("True: σ = {sigma}. The pictures differ by what the code leaves open. Drag to exaggerate.", {sigma: by(1)});
    return t("Exaggerated: σ is drawn {n} times as wide, {wide} in place of the true {sigma}. The loss stays the true one.",
      {n: spread, wide: by(spread), sigma: by(1)});
  }

  /** @param {Float32Array} logvar @param {number} factor */
  #written(logvar, factor) {
    const dimensions = (logvar.length > 2 ? this.order : [...logvar.keys()]).slice(0, 2);
    const values = dimensions.map((i) => inDigits(factor * Math.exp(logvar[i] / 2), 2));
    return `(${values.join(", ")}${logvar.length > 2 ? ", \u2026" : ""})`;
  }

  /** @param {Scene} scene */
  #magnify({q, z, spread, samples, from}) {
    const {stage: {theme, map}} = this, ellipse = q && map.block && map.projection.ellipse(q);
    if (this.figure.hidden || !ellipse || !theme || !z || !map.block) return;
    const codes = samples.noise.length && !this.grid.hidden ? samples.codes : [];
    const marks = {ellipse, spread, z: map.projection.place(z), drawn: from === "q", codes: codes.map((code) => map.projection.place(code))};
    const scale = paintLens(this.lens, theme, marks);
    setText(this.times, t("magnified × {n}", {n: Math.max(1, Math.round(scale / map.view.scale))}));
  }
}

/** One draw: its picture, which a click makes x\u2032. */
class Cell {
  canvas = canvasOf("", {"aria-hidden": "true"});
  words = make("span", "", {"aria-hidden": "true"});

  /** @param {Stage} stage @param {number} i */
  constructor(stage, i) {
    this.i = i;
    this.button = /** @type {HTMLButtonElement} */ (make("button", "", {type: "button", title: t("Make this draw z")}));
    this.button.setAttribute("aria-label", t("Draw {i} of {n}: make it z", {i: i + 1, n: DRAWS}));
    this.button.append(this.canvas, this.words);
    this.button.addEventListener("click", () => stage.scene.setEps(stage.scene.samples.noise[i]));
  }

  /** @param {Scene} scene @param {Float32Array | undefined} picture @param {NonNullable<Scene["model"]>} model */
  draw({samples, eps, from}, picture, model) {
    this.canvas.hidden = model.vocabulary !== null;
    if (picture && model.vocabulary) setText(this.words, sentenceOf(picture, model.vocabulary));
    else if (picture) show(this.canvas, picture, model.columns ? [1, 1, picture.length] : model.shape);
    press(this.button, from === "q" && samples.noise[this.i] === eps);
  }
}
