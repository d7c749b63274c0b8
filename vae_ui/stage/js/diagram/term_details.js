// A term of the loss, opened: what it means, its number at this moment with the numbers that it is made of, and the training step
// with the line that computes it lit up.

import {labelled, make, setText} from "../host/elements.js";
import {inDigits, inTenths, t} from "../host/words.js";

/** @import {Listing, StageData} from "../types.d.ts" */
/** @import {Stage} from "../host/stage.js" */
/** @import {Scene} from "../model/scene.js" */
/** @typedef {"loss" | "distortion" | "rate"} TermName */

const MOST = 4;  // numbers of the code whose share is written

export class TermDetails {
  /** @type {StageData["options"]} */ options = {};
  /** The listing that is shown. */ #shown = "";

  /** @param {Stage} stage @param {TermName} name */
  constructor(stage, name) {
    this.stage = stage;
    this.name = name;
    this.box = make("div", `details ${name}`);
    this.meaning = make("p", "");
    this.now = make("p", "now");
    this.code = make("pre", "", {tabindex: 0});
    this.from = make("small", "");
    this.listing = make("div", "listing");
    this.listing.append(this.code);
    const words = make("div", "words");
    words.append(this.meaning, this.now, this.from);
    this.box.append(words, this.listing);
  }

  /** @param {StageData} data options: listing, beta (the weight of the rate in training), sum (what the distortion is a sum over) */
  update({options}) {
    this.options = options;
    this.#list(options.listing ?? null);
  }

  /** @param {Listing | null} listing */
  #list(listing) {
    const key = JSON.stringify(listing);
    if (key === this.#shown) return;
    this.#shown = key;
    this.listing.hidden = this.from.hidden = !listing;
    if (!listing) return;
    const lit = new Set(listing.lit[this.name]);
    this.code.setAttribute("aria-label", t("The training step in Python; the lines of this term are marked"));
    this.code.replaceChildren(...listing.lines.map((line, i) => labelled(lit.has(i) ? "mark" : "span", "", `${line}\n`)));
    setText(this.from, t("The training step comes from {file}.", {file: listing.file}));
  }

  /** @param {Scene} scene */
  draw({model, terms, spread, from}) {
    if (!model) return;
    const {distortion = NaN, rate = null, kl = null} = terms ?? {}, plain = model.isPoint;
    const told = {distortion: inDigits(distortion, 1), rate: inDigits(rate ?? NaN, 1), sum: inDigits(inTenths(distortion) + (plain ? 0 : inTenths(rate ?? NaN)), 1)};
    setText(this.meaning, this.#meaning(plain));
    setText(this.now, {
      distortion: () => (spread === 1 || from === "z" ? t("This picture, with this z: {distortion} nats.", told)
        : t("This picture, with the true σ, not the exaggerated one: {distortion} nats.", told)),
      rate: () => t("This picture: {rate} nats{shares}.", {...told, shares: this.#shares(kl)}),
      loss: () => (plain ? t("This picture: {sum} nats.", told) : t("This picture: {distortion} + {rate} = {sum} nats.", told)),
    }[this.name]());
  }

  /** What each number of the code costs. @param {Float32Array | null} kl */
  #shares(kl) {
    if (!kl || kl.length < 2) return "";
    const order = this.options.order ?? [...kl.keys()], shown = order.slice(0, MOST).map((i) => inDigits(kl[i]));
    return ` = ${shown.join(" + ")}${kl.length > MOST ? " + \u2026" : ""}`;
  }

  /** @param {boolean} plain */
  #meaning(plain) {
    const {beta = 1, sum: whole = ""} = this.options;
    if (this.name === "distortion") {
      return [t("Distortion: how badly the decoder's answer explains x, −log p(x|z)."), whole, plain ? ""
        : t("Another ε gives another z, and another distortion.")].join(" ");
    }
    if (this.name === "rate") {
      return t("Rate: what the code costs. It is the KL divergence of the cloud q(z|x) from the prior p(z). A cloud that equals the "
        + "prior costs nothing, and says nothing of x.");
    }
    if (plain) return t("A plain autoencoder has no q(z|x): its loss is the distortion alone.");
    const sum = t("Training makes this sum small, averaged over all images. Its negative, the ELBO, is never above log p(x).");
    return beta === 1 ? sum : [sum, t("In training, the rate of this model had the weight β = {beta}.", {beta})].join(" ");
  }
}
