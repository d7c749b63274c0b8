// What the hidden part costs under each method, as bars with their numbers.

import {labelled, make, setText} from "../host/elements.js";
import {inDigits, t} from "../host/words.js";
import {FEW, MANY, SAMPLES} from "./visible_code.js";

/** @import {Method} from "./completion_work.js" */
/** @typedef {{mark: HTMLElement, value: HTMLElement, nats: number | null}} Bar */

export class NatsBars {
  box = make("div", "nats");

  constructor() {
    const hint = t("-ln of the probability that {n} codes of each method give to the hidden pixels of the true picture, in nats; lower is better",
      {n: SAMPLES});
    const title = labelled("div", "title", t("What was there costs, in nats (lower is better)"));
    title.title = hint;
    const rows = make("div", "bars");
    /** @type {[Method, string][]} */
    const methods = [["few", t("q(z) after {n} steps", {n: FEW})], ["many", t("q(z) after {n} steps", {n: MANY})],
      ["gibbs", t("pseudo-Gibbs")], ["once", t("encoder once")], ["all", t("encoder that sees all")]];
    /** @type {Map<Method, Bar>} */
    this.bars = new Map(methods.map(([method, name]) => [method, this.#bar(rows, method, name)]));
    this.box.append(title, rows);
  }

  /** @param {HTMLElement} rows @param {Method} method @param {string} name @returns {Bar} */
  #bar(rows, method, name) {
    const track = make("span", "track", {"aria-hidden": "true"}), mark = make("i", method), value = labelled("b", "", "\u2013");
    value.dataset.method = method;
    track.append(mark);
    rows.append(labelled("span", "", name), track, value);
    return {mark, value, nats: null};
  }

  clear() {
    for (const bar of this.bars.values()) {
      bar.nats = null;
      bar.value.classList.add("old");
    }
  }

  /** @param {Method} method @param {number} nats */
  show(method, nats) {
    const bar = this.bars.get(method);
    if (!bar) return;
    bar.nats = nats;
    bar.value.classList.remove("old");
    setText(bar.value, inDigits(nats, 1));
    const most = Math.max(1, ...[...this.bars.values()].map((each) => each.nats ?? 0));
    for (const each of this.bars.values()) if (each.nats !== null) each.mark.style.width = `${Math.max(0, (100 * each.nats) / most)}%`;
  }
}
