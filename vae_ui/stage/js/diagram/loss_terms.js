// The loss of the picture that is in, as its formula: each term with its number at this moment. A click opens its meaning and the
// line of code that computes it.

import {labelled, make, setText} from "../host/elements.js";
import {inDigits, inTenths, t} from "../host/words.js";
import {opener} from "./detail_panel.js";

/** @import {StageData} from "../types.d.ts" */
/** @import {Stage} from "../host/stage.js" */
/** @import {Scene} from "../model/scene.js" */

const QUIET = 700;  // ms without a change after which a screen reader is told

export class LossTerms {
  /** What other test images have, nats. @type {number | null} */ usual = null;
  #timer = 0;

  /** @param {Stage} stage @param {HTMLElement} box */
  constructor(stage, box) {
    this.stage = stage;
    this.box = box;
    this.loss = new Term(stage, "loss", t("loss = −ELBO"), "");
    this.distortion = new Term(stage, "distortion", t("distortion"), "−log p(x|z)");
    this.rate = new Term(stage, "rate", t("rate"), "KL(q(z|x) ‖ p(z))");
    this.plus = labelled("span", "sign", "+");
    this.spoken = make("div", "spoken", {role: "status"});
    box.append(this.loss.button, labelled("span", "sign", "="), this.distortion.button, this.plus, this.rate.button, this.spoken);
  }

  /** @param {StageData} data options: usual (the mean −ELBO of the test images, nats) */
  update({options}) {
    this.usual = options.usual ?? null;
  }

  /** @param {Scene} scene */
  draw({model, terms}) {
    if (!model) return;
    const plain = model.isPoint, {distortion = NaN, rate = null} = terms ?? {}, sum = inTenths(distortion) + (plain ? 0 : inTenths(rate ?? NaN));
    this.rate.button.hidden = this.plus.hidden = plain;
    this.loss.name(plain ? t("loss") : t("loss = −ELBO"));
    this.loss.note(this.usual === null ? t("nats per picture") : t("nats; test images: {nats}", {nats: inDigits(this.usual, 1)}));
    this.loss.show(sum);
    this.distortion.show(distortion);
    this.rate.show(rate ?? NaN);
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#speak(distortion, rate, sum), QUIET);
  }

  /** @param {number} distortion @param {number | null} rate @param {number} sum */
  #speak(distortion, rate, sum) {
    const said = {distortion: inDigits(distortion, 1), rate: inDigits(rate ?? NaN, 1), sum: inDigits(sum, 1)};
    setText(this.spoken, rate === null ? t("Distortion {distortion} nats", said)
      : t("Distortion {distortion}, rate {rate}, sum {sum} nats", said));
  }
}

/** One term: a button with its title, its number and its formula. */
class Term {
  /** @param {Stage} stage @param {string} name @param {string} title @param {string} formula */
  constructor(stage, name, title, formula) {
    this.button = opener(stage, name, t("What this term means, and the line of code that computes it"));
    this.button.classList.add("term", name);
    this.title = labelled("b", "", title);
    this.value = labelled("output", "", "\u2013");
    this.words = labelled("small", "", formula);
    this.button.append(this.title, this.value, this.words);
  }

  /** @param {string} text */
  name(text) {
    setText(this.title, text);
  }

  /** @param {string} text */
  note(text) {
    setText(this.words, text);
  }

  /** @param {number} nats */
  show(nats) {
    setText(this.value, inDigits(nats, 1));
  }
}
