// The words of a pair on the page: the sentence of the most probable ones, each with a line below it as long as its probability; and
// which parts go in, below the drawing pad, where a missing picture is marked.

import {labelled, make, setText} from "./elements.js";
import {t} from "./words.js";

/** @import {Options, Vector} from "../types.d.ts" */
/** @import {Stage} from "./stage.js" */
/** The pattern names each word in braces. @typedef {{pattern: string, words: {name: string, values: string[]}[]}} CaptionRecord */

export class Phrase {
  element = make("p", "phrase", {hidden: ""});
  /** @type {CaptionRecord | null} */ #caption = null;
  /** Of each word: its element, its values, and where their probabilities begin.
   * @type {{element: HTMLElement, values: string[], start: number}[]} */ #places = [];

  /** @param {CaptionRecord | null} caption @param {Vector | null} probabilities of each value of each word, word after word */
  show(caption, probabilities) {
    this.element.hidden = !caption || !probabilities;
    if (!caption || !probabilities) return;
    if (caption !== this.#caption) this.#build(caption);
    for (const place of this.#places) draw(place, probabilities);
  }

  /** What is written; "" for nothing. */
  get text() { return this.element.hidden ? "" : this.element.textContent ?? ""; }

  /** @param {CaptionRecord} caption */
  #build(caption) {
    let start = 0;
    const places = new Map(caption.words.map(({name, values}) => {
      const place = {element: make("span", ""), values, start};
      start += values.length;
      return [name, place];
    }));
    this.#caption = caption;
    this.#places = [...places.values()];
    const pieces = caption.pattern.split(/\{(\w+)\}/);  // text and names in turn
    this.element.replaceChildren(...pieces.map((piece, i) => (i % 2 && places.get(piece)?.element) || labelled("i", "", piece)));
  }
}

/** @param {{element: HTMLElement, values: string[], start: number}} place @param {Vector} probabilities */
function draw({element, values, start}, probabilities) {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (probabilities[start + k] > probabilities[start + best]) best = k;
  const percent = Math.round(100 * probabilities[start + best]);
  setText(element, values[best]);
  if (element.dataset.percent === String(percent)) return;
  element.dataset.percent = String(percent);
  element.style.setProperty("--share", `${percent}%`);
  element.title = t("{value} ({percent} %)", {value: values[best], percent});
}

export class GivenParts {
  words = make("p", "phrase", {hidden: ""});
  /** The picture does not go in. */ missing = false;

  /** @param {HTMLElement} box of the pad @param {Stage} stage */
  constructor(box, stage) {
    this.box = box;
    this.stage = stage;
  }

  /**
   * What Python says goes in; null for a model without words.
   *
   * @param {NonNullable<Options["given"]> | null} given @param {() => Float32Array | null} picture that of the pad
   */
  update(given, picture) {
    const {scene, grid} = this.stage, said = given?.said ?? null, missing = given ? !given.picture : false;
    const other = missing !== this.missing || said?.join() !== scene.said?.join();
    this.missing = missing;
    this.box.classList.toggle("missing", missing);
    this.words.hidden = !given;
    if (given) setText(this.words, given.sentence ?? t("words: {what}", {what: t("missing")}));
    if (missing) grid.classList.remove("blank");  // an empty pad is no reason to show nothing
    if (other) scene.setGiven(missing ? null : picture(), said);
  }
}
