// The numbers on the stage, in the colours of what they are: mean, variance, eps and z of each number of the code, and beside
// the formula the terms of the bound, distortion and rate. They change in the frame in which the picture does; "Step" goes
// through them one after the other.

import {button, labelled, make, press, setText} from "../host/elements.js";
import {inDigits, inThousands, t} from "../host/words.js";
import {sizeOf} from "../model/network.js";

/** @import {StageData} from "../types.d.ts" */
/** @import {Stage} from "../host/stage.js" */
/** @import {Model} from "../model/network.js" */
/** @import {RemoteModel} from "../model/remote_model.js" */
/** @import {Scene} from "../model/scene.js" */

/** What the model does, step by step. @typedef {"x" | "q" | "eps" | "z" | "out"} StepName */

const MOST = 6;  // numbers of a code that are shown, those that carry most
const QUIET = 700;  // ms without a change after which a screen reader is told
/** The steps and their signs. @type {[StepName, string][]} */
const CHAIN = [["x", "x"], ["q", "q(z|x)"], ["eps", "ε"], ["z", "z = μ + σ · ε"], ["out", "x′"]];
/** @type {[StepName, string][]} */
const CHAIN_OF_POINT = [["x", "x"], ["z", "z"], ["out", "x′"]];
const COLUMNS = /** @type {[StepName, string][]} */ ([["q", "μ"], ["q", "log σ²"], ["q", "σ"], ["eps", "ε"], ["z", "z"]]);

const hintsOfColumns = () => [t("The mean of q(z|x)"), t("The log-variance of q(z|x), as the encoder gives it"),
  t("The standard deviation of q(z|x): the half-axis of its ellipse"), t("eps: a sample from a standard normal"),
  t("The code that is decoded: μ + σ · ε")];

export class PosteriorAndBound {
  /** @type {StageData["options"]} */ options = {};
  /** What the table was built for; "" to build it again. */ #key = "";
  /** A plain autoencoder: its code is a point. */ plain = false;
  /** The dimensions that are shown. @type {number[]} */ dimensions = [];
  /** @type {HTMLElement[][]} */ cells = [];
  /** @type {HTMLElement[]} */ links = [];
  /** @type {[StepName, string][]} */ steps = CHAIN;
  /** The step that has been reached; -1 while all is shown. */ at = -1;
  /** The model, and whether there is an x, that the steps were gone through with. */ #of = "";
  #spoken = "";
  #timer = 0;

  /** @param {Stage} stage @param {HTMLElement} box */
  constructor(stage, box) {
    const {scene} = stage;
    this.stage = stage;
    this.box = box;
    this.row = make("div", "buttons");
    this.mean = button(t("Mean only"), t("z = μ, without eps"), () => scene.setMeanOnly(!scene.meanOnly));
    this.row.append(button(t("Resample"), t("Another sample of ε, so another z from q"), () => scene.resample()), this.mean);
    this.terms = [new Term("distortion", "", t("Distortion"), "−log p(x|z)"), new Term("rate", "+", t("Rate"), "KL(q(z|x) ‖ p(z))"),
      new Term("loss", "=", t("−ELBO"), "")];
    this.sum = make("div", "sum");
    this.sum.append(...this.terms.map((term) => term.cell));
    this.bar = make("div", "bar", {"aria-hidden": "true"});
    this.parts = [make("i", ""), make("i", "")];
    this.bar.append(...this.parts, make("b", ""));
    this.note = make("div", "note");
    this.told = make("div", "told", {"aria-live": "polite"});
    this.chain = make("div", "chain", {"aria-hidden": "true"});
    this.next = button(t("Step"), t("x, q, ε, z and x′, one after the other"), () => this.step());
    this.table = make("table", "");
    this.more = make("div", "more");
    this.spoken = make("div", "spoken", {role: "status", "aria-live": "polite"});
    box.append(this.row, this.#figures());
  }

  #figures() {
    const figures = make("div", "figures"), head = make("div", "head");
    head.append(this.chain, this.next);
    figures.append(this.sum, this.bar, this.note, this.told, head, this.table, this.more, this.spoken);
    return figures;
  }

  /**
   * `options`: order (the dimensions, those that carry most first), usual (the mean −ELBO of the test images, nats).
   *
   * @param {StageData} data
   */
  update({options}) {
    this.options = options;
    this.#key = "";
    this.draw(this.stage.scene);
  }

  // -- the table -----------------------------------------------------------------------------------------------------------
  /** @param {Scene} scene @param {Model | RemoteModel} model */
  rebuild({given}, model) {
    const order = this.options.order ?? Array.from({length: model.latentDim}, (_, i) => i), left = order.length - MOST;
    this.plain = model.isPoint;
    this.dimensions = order.slice(0, MOST);
    this.#buildTable(this.plain || !given ? COLUMNS.length - 1 : 0);
    setText(this.more, left > 0 ? t("and {n} more numbers that carry less", {n: left}) : "");
    this.#buildChain();
    this.row.hidden = this.plain || !given;
    this.next.hidden = !given;
    const {usual} = this.options;
    setText(this.terms[2].words, usual ? t("test images: {nats}", {nats: inDigits(usual, 1)}) : "");
    this.sum.hidden = this.bar.hidden = !given;
    for (const {cell} of this.terms.slice(1)) cell.hidden = this.plain;
    this.mark();
  }

  /** @param {number} first of the columns that are shown */
  #buildTable(first) {
    const columns = COLUMNS.slice(first), hints = hintsOfColumns().slice(first), head = make("tr", "");
    head.append(make("td", ""), ...columns.map(([part, sign], i) => {
      const cell = make("th", part, {scope: "col", title: this.plain ? t("The code: a point") : hints[i]});
      cell.textContent = sign;
      return cell;
    }));
    this.cells = this.dimensions.map(() => columns.map(([part]) => make("td", part)));
    const rows = this.dimensions.map((d, i) => {
      const row = make("tr", ""), name = make("th", "", {scope: "row"});
      name.textContent = String(d + 1);
      row.append(name, ...this.cells[i]);
      return row;
    });
    const top = make("thead", ""), body = make("tbody", "");
    top.append(head);
    body.append(...rows);
    this.table.replaceChildren(labelled("caption", "", t("The code")), top, body);
  }

  #buildChain() {
    this.steps = this.plain ? CHAIN_OF_POINT : CHAIN;
    if (this.at >= this.steps.length) this.at = -1;
    this.links = this.steps.map(([part, sign]) => labelled("span", part, sign));
    this.chain.replaceChildren(...this.links.flatMap((link, i) => (i ? [labelled("i", "", "→"), link] : [link])));
  }

  // -- the numbers ---------------------------------------------------------------------------------------------------------
  /** @param {Scene} scene */
  draw(scene) {
    const {model, given} = scene, key = `${this.stage.model} ${given}`;
    if (!model) return;
    if (key !== this.#of) this.at = -1;  // another model, or an empty pad: the steps begin anew, and nothing stays hidden
    this.#of = key;
    if (key !== this.#key) this.rebuild(scene, model);
    this.#key = key;
    this.dimensions.forEach((d, i) => this.#drawRow(scene, d, this.cells[i]));
    this.#drawTerms(scene);
    press(this.mean, scene.meanOnly && scene.from === "q");
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => setText(this.spoken, this.#spoken), QUIET);
  }

  /**
   * Whoever chose z, z = μ + σ · ε holds: where z was not drawn from q, ε is solved for.
   *
   * @param {Scene} scene @param {number} d @param {HTMLElement[]} cells
   */
  #drawRow({q, shown}, d, cells) {
    const z = shown ? shown[d] : NaN;
    if (cells.length > 1 && q?.logvar) {
      const std = Math.exp(q.logvar[d] / 2), values = [q.mean[d], q.logvar[d], std, (z - q.mean[d]) / std];
      values.forEach((value, i) => setText(cells[i], inDigits(Math.abs(value) < 5e-6 ? 0 : value)));
    }
    setText(cells[cells.length - 1], inDigits(z));
  }

  /** @param {Scene} scene */
  #drawTerms(scene) {
    const distortion = scene.terms?.distortion ?? NaN, rate = scene.terms?.rate ?? NaN, sum = distortion + rate;
    const {usual} = this.options, most = 2 * (usual || sum) || 1, stacked = !this.plain && distortion >= 0;
    [distortion, rate, sum].forEach((value, i) => setText(this.terms[i].value, inDigits(value, 1)));
    this.bar.classList.toggle("none", !stacked || !usual);
    if (stacked) [distortion, rate].forEach((value, i) => (this.parts[i].style.width = `${clamp((100 * value) / most)}%`));
    const why = distortion < 0 || sum < 0 ? [t("Below 0, because p(x|z) is a density, which may exceed 1.")] : [];
    setText(this.note, [t("Nats per picture, lower is better."), ...why, this.#whatZIs(scene)].join(" "));
    const said = {distortion: inDigits(distortion, 1), rate: inDigits(rate, 1), sum: inDigits(sum, 1)};
    this.#spoken = this.plain ? t("Distortion {distortion} nats", said)
      : t("Distortion {distortion}, rate {rate}, sum {sum} nats", said);
  }

  /** @param {Scene} scene */
  #whatZIs({peek, from, meanOnly}) {
    if (this.plain) return t("A plain autoencoder has no q(z|x), only a point: no rate, no ELBO.");
    if (peek) return t("The pointer is on the map: this z is not from q.");
    if (from === "z") return t("You chose this z: ε is what it would take.");
    if (meanOnly) return t("At z = μ: a little lower than the average over q, which the bound asks for.");
    return t("One z drawn from q stands for the average over q.");
  }

  // -- step by step ----------------------------------------------------------------------------------------------------
  step() {
    this.at = this.at + 1 < this.steps.length ? this.at + 1 : -1;
    this.mark();
  }

  /** What comes after the step that has been reached is hidden, and that step is marked, here and by style elsewhere. */
  mark() {
    const {at, steps, stage} = this, now = steps[at]?.[0];
    this.links.forEach((link, i) => this.#mark(link, steps[i][0]));
    for (const cell of this.table.querySelectorAll(".q, .eps, .z")) this.#mark(cell, cell.classList[0]);
    for (const {cell} of this.terms) this.#mark(cell, "out");
    this.bar.classList.toggle("later", at >= 0 && now !== "out");
    this.note.hidden = at >= 0 || !stage.scene.given;
    if (now) stage.grid.dataset.step = now;
    else delete stage.grid.dataset.step;
    this.told.textContent = now ? t("{n} of {all}. {what}", {n: at + 1, all: steps.length, what: this.explain(now)}) : "";
    const next = steps[at + 1]?.[1].split(" ")[0];
    this.next.textContent = at < 0 ? t("Step") : next ? t("Next: {step}", {step: next}) : t("Done");
    press(this.next, at >= 0);
  }

  /** @param {Element} element @param {string} part */
  #mark(element, part) {
    const {at, steps} = this;
    element.classList.toggle("later", at >= 0 && steps.findIndex(([name]) => name === part) > at);
    element.classList.toggle("now", at >= 0 && part === steps[at][0]);
  }

  /** A step in words. @param {StepName} part */
  explain(part) {
    const {model, meanOnly} = this.stage.scene, size = model ? sizeOf(model.shape) : 0, n = model?.latentDim ?? 0;
    const numbers = n === 1 ? t("one number") : t("{n} numbers", {n});
    return {
      x: () => size > 2 ? t("x goes in: {size} numbers, one for each pixel, from 0 to 1.", {size: inThousands(size)})
        : t("x goes in: {size} numbers.", {size}),
      q: () => t("The encoder answers not with one code but with a cloud of codes: a mean μ and a log-variance log σ² for each "
        + "of {numbers}.", {numbers}),
      eps: () => meanOnly ? t("ε = 0, because “Mean only” is on: z is the mean μ itself. Resample draws an ε.")
        : t("Chance: ε, {numbers} from a standard normal, which know nothing of x.", {numbers}),
      z: () => this.plain ? t("The encoder answers with a point z: {numbers}.", {numbers})
        : t("z = μ + σ · ε: a point of the cloud. The gradient passes through μ and σ, chance stays outside."),
      out: () => this.plain ? t("The decoder draws x′ from {numbers} alone. Distortion says how badly x fits it.", {numbers})
        : t("The decoder draws x′ from {numbers} alone. Distortion says how badly x fits it, rate how much z tells.", {numbers}),
    }[part]();
  }
}

/** Into 0 to 100. @param {number} percent */
const clamp = (percent) => Math.max(0, Math.min(100, percent));

/** One term of the bound: its sign before the number, its title and its formula. */
class Term {
  /** @param {string} name @param {string} sign @param {string} title @param {string} formula */
  constructor(name, sign, title, formula) {
    this.cell = make("div", `term ${name}`);
    this.value = labelled("output", "", "–");
    this.words = labelled("small", "", formula);
    this.cell.append(labelled("span", "sign", sign), labelled("b", "", title), this.value, this.words);
  }
}
