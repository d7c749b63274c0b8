// Which test images, or test sentences, lie where z is, and which classes they have; or, while dots are selected, their mean picture and classes.

import {canvasOf, labelled, make, setText, write} from "../host/elements.js";
import {showThumbs} from "../host/pixels.js";
import {textsOf} from "../host/sentence.js";
import {thumbnailsOf} from "../blocks/thumbnails.js";
import {inThousands, t} from "../host/words.js";
import {countClasses, nearestRows} from "../model/neighbours.js";

/** @import {MapBlock} from "../types.d.ts" */
/** @import {Stage} from "../host/stage.js" */

const SHOWN = 5, VOTERS = 50, BARS = 6;
const PAUSE = 66;  // ms: fifteen times a second at most, nobody reads five pictures faster

export class NearestImages {
  /** @type {number | null} */ #timer = null;
  /** @type {import("../blocks/thumbnails.js").Wish} */ wish = {came: () => this.draw(), ask: () => this.stage.messages.missing()};
  /** The selection that is shown. @type {number[] | null} */ #of = null;

  /** @param {Stage} stage @param {HTMLElement} box */
  constructor(stage, box) {
    this.stage = stage;
    this.box = box;
    this.near = make("div", "near");
    this.row = make("div", "row");
    this.lines = make("ol", "lines");
    this.vote = make("div", "vote");
    this.cells = Array.from({length: SHOWN}, () => new Cell());
    this.row.append(...this.cells.map((cell) => cell.canvas));
    this.near.append(labelled("div", "head", t("Nearest test images")), this.row, this.lines, this.vote);
    this.chosen = make("div", "chosen", {hidden: ""});
    this.head = make("div", "head");
    this.picture = canvasOf("", {role: "img"});
    this.chosenLines = make("ol", "lines");
    this.bars = make("div", "bars");
    this.chosen.append(this.head, this.picture, this.chosenLines, this.bars);
    box.append(this.near, this.chosen);
  }

  draw() {
    if (this.#timer === null) this.#timer = window.setTimeout(() => this.paint(), PAUSE);
  }

  paint() {
    const {map, scene: {shown}} = this.stage, {selected, block} = map;
    this.#timer = null;
    this.near.hidden = selected.length > 0;
    this.chosen.hidden = !this.near.hidden;
    if (!block || !shown) return;
    if (selected.length) this.paintSelection(block, selected);
    else this.paintNearest(block, shown);
  }

  /** Near in the latent space where the dots' codes are here, else on the map. @param {MapBlock} block @param {Float32Array} z */
  paintNearest(block, z) {
    const {header: {names}} = block, {projection, points, classes} = this.stage.map, {codes} = projection;
    const found = codes ? nearestRows(codes, z, VOTERS) : nearestRows(points, projection.place(z), VOTERS);
    const thumbs = thumbnailsOf(block), pictures = thumbs?.pictures(found.slice(0, SHOWN), this.wish);
    this.row.hidden = !thumbs;
    this.#write(this.lines, textsOf(block), found);
    this.cells.forEach((cell, i) => {
      cell.canvas.hidden = !thumbs || i >= found.length;
      if (thumbs && pictures?.[i]) cell.show(pictures[i], thumbs.shape, found[i], names[classes[found[i]]] ?? "");
    });
    const share = (/** @type {number} */ n) => Math.round((100 * n) / found.length);
    const votes = countClasses(found, classes).slice(0, 2).map(([k, n]) => `${names[k]}\u00a0(${share(n)}%)`).join(", ");
    write(this.vote, names.length > 1 ? t("the {n} nearest vote: {votes}", {n: found.length, votes}) : "");
  }

  /** @param {MapBlock} block @param {number[]} selected */
  paintSelection(block, selected) {
    if (this.#of === selected) return;
    const {header: {names}} = block, texts = textsOf(block), thumbs = thumbnailsOf(block);
    const pictures = thumbs?.pictures(selected, this.wish);
    if (pictures || texts) this.#of = selected;  // else they are on their way
    this.#write(this.chosenLines, texts, selected);
    const title = t("Mean of {n} test images", {n: inThousands(selected.length)}), {classes} = this.stage.map;
    setText(this.head, title);
    this.picture.setAttribute("aria-label", title);
    this.picture.hidden = !pictures;
    if (thumbs && pictures) showThumbs(this.picture, pictures, thumbs.shape);
    const counts = countClasses(selected, classes).slice(0, names.length > 1 ? BARS : 0);
    this.bars.replaceChildren(...counts.map(([k, n]) => this.#line(names[k], k, n, selected.length)));
  }

  /**
   * The texts of the first of some points, each with the colour of its class.
   *
   * @param {HTMLElement} list @param {string[] | null} texts @param {number[]} found
   */
  #write(list, texts, found) {
    list.hidden = !texts;
    if (!texts) return;
    list.replaceChildren(...found.slice(0, SHOWN).map((i) => {
      const line = labelled("li", "", texts[i]);
      line.style.setProperty("--dot", this.stage.map.figures.colourOf(i));
      return line;
    }));
  }

  /** How many of the selected images have a class. @param {string} name @param {number} k @param {number} n @param {number} all */
  #line(name, k, n, all) {
    const line = make("div", ""), bar = make("i", "");
    bar.style.width = `${(100 * n) / all}%`;
    bar.style.background = this.stage.map.colours[k];
    line.append(labelled("span", "", name), bar, inThousands(n));
    return line;
  }
}

/** The place of one test image. */
class Cell {
  canvas = canvasOf("", {role: "img"});
  /** @type {ArrayBufferLike | null} */ #of = null;
  #index = -1;

  /** @param {Uint8Array} pixels @param {number[]} shape @param {number} index @param {string} name of its class */
  show(pixels, shape, index, name) {
    if (this.#of === pixels.buffer && this.#index === index) return;
    this.#of = pixels.buffer;
    this.#index = index;
    showThumbs(this.canvas, [pixels], shape);
    this.canvas.setAttribute("aria-label", t("Test image {index}, {name}", {index, name}));
  }
}
