// Which pixels each number of the code moves: a small signed picture for each, all on one scale. They follow z, as fast as the model
// allows without slowing the picture down.

import {canvasOf, labelled, make, write} from "../host/elements.js";
import {showSigned} from "../host/pixels.js";
import {t} from "../host/words.js";
import {slopesAt} from "../model/slopes.js";

/** @import {StageData} from "../types.d.ts" */
/** @import {Stage} from "../host/stage.js" */
/** @import {Scene} from "../model/scene.js" */

const MOST = 8;  // numbers of the code, those that carry most
const REST = 4;  // times the last duration, which the browser is left to do other things

export class Slopes {
  /** @type {number[]} */ dimensions = [];
  /** @type {HTMLCanvasElement[]} */ canvases = [];
  #timer = 0;
  /** How long the last computation took, in ms. */ #took = 0;
  #shape = "";

  /** @param {Stage} stage @param {HTMLElement} box */
  constructor(stage, box) {
    this.stage = stage;
    this.box = box;
    this.row = make("div", "pictures");
    this.scale = make("div", "scale", {"aria-hidden": "true"});
    this.least = make("span", "");
    this.most = make("span", "");
    this.scale.append(this.least, make("i", ""), this.most);
    box.append(labelled("div", "title", t("Which pixels each number moves")), this.row, this.scale,
      labelled("small", "", t("Change of a pixel, from black 0 to white 1, per unit of z")));
  }

  /** @param {StageData} data */
  update({options}) {
    this.dimensions = (options.order ?? []).slice(0, MOST);
    const shape = this.dimensions.join();
    if (shape !== this.#shape) this.#build();
    this.#shape = shape;
    this.draw(this.stage.scene);
  }

  #build() {
    this.canvases = this.dimensions.map((d) => canvasOf("", {role: "img", "aria-label": t("What z{n} moves", {n: d + 1})}));
    this.row.replaceChildren(...this.canvases.map((canvas, i) => {
      const figure = make("figure", ""), name = labelled("figcaption", "", "z");
      name.append(labelled("sub", "", String(this.dimensions[i] + 1)));
      figure.append(canvas, name);
      return figure;
    }));
  }

  /** Soon, and not more often than the browser can bear. @param {Scene} scene */
  draw({model, shown}) {
    if (!model || !shown || model.remote || this.#timer) return;
    this.#timer = window.setTimeout(() => this.paint(), REST * this.#took);
  }

  paint() {
    const {scene: {model, shown, label}, theme} = this.stage, began = performance.now();
    this.#timer = 0;
    if (!model || !shown || model.remote || !theme) return;
    const slopes = slopesAt(/** @type {import("../model/network.js").Model} */ (model), shown, label, this.dimensions);
    const most = Math.max(1e-6, ...slopes.map((values) => values.reduce((top, v) => Math.max(top, Math.abs(v)), 0)));
    slopes.forEach((values, i) => showSigned(this.canvases[i], values, model.shape, most, [theme.paint.x, theme.back, theme.paint.out]));
    write(this.least, `\u2212${most.toPrecision(2)}`);
    write(this.most, `+${most.toPrecision(2)}`);
    this.#took = performance.now() - began;
  }
}
