// The numbers that run through the model, below the diagram: what the encoder says, the chance that is added, and the code that
// comes of it. The dice draws other chance.

import {button, labelled, make, setText} from "../host/elements.js";
import {inDigits, t} from "../host/words.js";
import {hasWidth} from "../model/posterior_samples.js";
import {seeded} from "../model/random.js";

/** @import {StageData, Vector} from "../types.d.ts" */
/** @import {Stage} from "../host/stage.js" */
/** @import {Scene} from "../model/scene.js" */

const FEW = 2;  // numbers of a code that are written
export const DRAWS = 12;  // codes drawn from q; the first is z
const MIX = 7919;  // a prime: seed and draws give one number each pair

export class CodeNumbers {
  /** How often another eps was asked for. */ draws = 0;
  /** What the noise was drawn from. */ #key = "";
  /** @type {number[]} */ order = [];
  #seed = 0;

  /** @param {Stage} stage @param {HTMLElement} box */
  constructor(stage, box) {
    this.stage = stage;
    this.box = box;
    this.items = Object.fromEntries(ITEMS.map(([name, part, sign]) => [name, new Item(part, sign)]));
    this.dice = button("", t("Another sample of ε, so another z from q"), () => this.throw());
    this.dice.classList.add("dice");
    this.dice.append(labelled("span", "face", "\u2684"), labelled("span", "", t("Another ε")));
    this.class = /** @type {HTMLSelectElement} */ (make("select", "", {"aria-label": t("The class that the model is told")}));
    this.class.addEventListener("change", () => this.tell());
    this.label = make("label", "item class");
    this.label.append(labelled("b", "", t("given class")), this.class);
    const {mean, logvar, std, eps, z} = this.items;
    box.append(this.label, mean.box, logvar.box, std.box, eps.box, this.dice, z.box);
  }

  /** @param {StageData} data options: seed, draws, order, names (the classes that a conditional model is told) */
  update(data) {
    const {options: {seed = 0, draws = 0, order = [], names = []}} = data, {model} = this.stage.scene;
    this.order = order;
    this.#offer(names);
    if (!model || this.stage.messages.isLate(data)) return;
    this.#seed = seed;
    this.draws = draws;
    this.#draw(model.latentDim);
  }

  /** @param {string[]} names */
  #offer(names) {
    this.label.hidden = !names.length;
    if (this.class.childElementCount === names.length) return;
    this.class.replaceChildren(...names.map((name, i) => {
      const option = make("option", "", {value: i});
      option.textContent = name;
      return option;
    }));
  }

  /** The noise depends on the seed and the number of draws alone, so that a link shows it again. @param {number} size */
  #draw(size) {
    const {scene} = this.stage, key = `${this.#seed} ${this.draws} ${size} ${this.stage.model}`;
    if (key === this.#key) return;
    this.#key = key;
    scene.samples.draw(DRAWS, size, seeded(this.#seed * MIX + this.draws));
    scene.setEps(scene.samples.noise[0]);
  }

  throw() {
    const {stage} = this, {model} = stage.scene;
    if (!model) return;
    stage.hold();
    this.draws += 1;
    this.#draw(model.latentDim);
    stage.send("sample");
  }

  /** The class is told to the encoder and the decoder. */
  tell() {
    this.stage.hold();
    this.stage.scene.setLabel(Number(this.class.value));
    this.stage.send("slide");
  }

  /** @param {Scene} scene */
  draw({model, q, shown, spread, from, label}) {
    if (!model) return;
    const {mean, logvar, std, eps, z} = this.items, plain = model.isPoint, by = from === "q" ? spread : 1;
    const certain = plain || !q?.logvar || !hasWidth(q.logvar);
    for (const item of [mean, logvar, std]) item.box.hidden = plain || !q;
    eps.box.hidden = this.dice.hidden = certain;
    if (this.class.value !== String(label)) this.class.value = String(label);
    z.name(certain ? "z = μ(x)" : by === 1 ? "z = μ + σ · ε" : t("z = μ + {times} · σ · ε", {times: by}));
    if (q?.logvar) {
      const sigma = q.logvar.map((v) => Math.exp(v / 2));
      mean.show(this.written(q.mean));
      logvar.show(this.written(q.logvar));
      std.show(this.written(sigma, 3));
      // Whoever chose z, z = μ + σ · ε holds: where it was chosen by hand, ε is solved for.
      eps.name(from === "q" ? "ε" : t("ε, for this z"));
      if (shown) eps.show(this.written(sigma.map((s, i) => (shown[i] - q.mean[i]) / (by * s))));
    }
    if (shown) z.show(this.written(shown));
  }

  /** @param {Vector} values @param {number} [digits] */
  written(values, digits = 2) {
    const shown = (this.order.length > FEW ? this.order : [...values.keys()]).slice(0, FEW).map((i) => inDigits(values[i], digits));
    return `(${shown.join(", ")}${values.length > FEW ? ", \u2026" : ""})`;
  }
}

/** The numbers: the part of the model that each belongs to, and its sign. @type {[string, string, string][]} */
const ITEMS = [["mean", "q", "μ"], ["logvar", "q", "log σ²"], ["std", "q", "σ"], ["eps", "eps", "ε"], ["z", "z", "z"]];

/** One number of the code with its sign. */
class Item {
  /** @param {string} part @param {string} sign */
  constructor(part, sign) {
    this.box = make("div", `item ${part}`);
    this.title = labelled("b", "", sign);
    this.value = labelled("output", "", "\u2013");
    this.box.append(this.title, this.value);
  }

  /** @param {string} text */
  name(text) {
    setText(this.title, text);
  }

  /** @param {string} text */
  show(text) {
    setText(this.value, text);
  }
}
