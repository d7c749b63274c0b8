// The weights of one unit as pictures: those that lead to it, in the shape of what they come from, and, where the next layer is
// the picture itself, what the unit draws.

import {canvasOf, make, setText} from "../host/elements.js";
import {inDigits, t} from "../host/words.js";
import {incomingWeights, outgoingWeights} from "../model/unit_weights.js";
import {codeLayout, kernelLayout, layoutOf, pictureLayout, unitLayout} from "./unit_layout.js";

/** @import {LayerRecord} from "../types.d.ts" */
/** @import {Model} from "../model/network.js" */
/** @import {Side} from "./network_shape.js" */

const QUIET = 500;  // ms without a change after which a screen reader is told

export class UnitWeights {
  /** @type {Model | null} */ model = null;
  /** @type {Side} */ side = "encoder";
  /** What the pictures show. */ #key = "";
  #timer = 0;

  constructor() {
    this.box = make("div", "weights");
    this.words = make("p", "");
    this.spoken = make("div", "spoken", {role: "status"});
    this.into = new WeightPicture();
    this.out = new WeightPicture();
    this.box.append(this.words, this.into.box, this.out.box, this.spoken);
  }

  /** @param {Model} model @param {Side} side */
  use(model, side) {
    this.model = model;
    this.side = side;
    this.#key = "";
  }

  /** @param {number} layer @param {number} unit @param {number | undefined} value what the unit says now */
  show(layer, unit, value) {
    const {model, side} = this, key = `${layer} ${unit}`;
    if (!model) return;
    const records = model.records[side], record = records[layer], next = records[layer + 1], {weights} = model;
    const text = t("Unit {unit} of layer {layer} says {value}; bias {bias}.",
      {unit: unit + 1, layer: layer + 1, value: inDigits(value ?? NaN), bias: inDigits(weights[record.bias + unit])});
    setText(this.words, text);
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => setText(this.spoken, text), QUIET);
    if (key === this.#key) return;
    this.#key = key;
    this.into.show(this.#title(layer), this.#layoutBefore(layer, record), incomingWeights(record, weights, unit));
    const draws = next?.kind === "linear" && record.kind === "linear" && side === "decoder" && layer === records.length - 2 && model.shape.length === 3;
    this.out.box.hidden = !draws;
    if (draws) this.out.show(t("what it adds to x\u2032"), layoutOf(next, true, side, model), outgoingWeights(next, weights, unit));
  }

  /** @param {number} layer */
  #title(layer) {
    if (layer) return t("its weights from layer {n}", {n: layer});
    return this.side === "encoder" ? t("its weights from x") : t("its weights from z");
  }

  /** The shape of what leads to a layer. @param {number} layer @param {LayerRecord} record */
  #layoutBefore(layer, record) {
    const {model, side} = this, {shape, latentDim, records} = /** @type {Model} */ (model);
    if (record.kind !== "linear") return kernelLayout(record);
    if (layer) return layoutOf(records[side][layer - 1], false, side, /** @type {Model} */ (model));
    if (side === "decoder") return codeLayout(latentDim, 1);
    return shape.length === 3 ? pictureLayout(shape) : unitLayout(record.inputs);
  }
}

/** A picture of weights with its title. */
class WeightPicture {
  canvas = canvasOf("", {role: "img"});
  title = make("figcaption", "");

  constructor() {
    this.box = make("figure", "");
    const frame = make("div", "frame");
    frame.append(this.canvas);
    this.box.append(this.title, frame);
  }

  /** @param {string} title @param {import("./unit_layout.js").UnitLayout} layout @param {Float32Array} weights */
  show(title, layout, weights) {
    setText(this.title, title);
    this.canvas.setAttribute("aria-label", title);
    this.box.style.setProperty("--shape", String(layout.columns / layout.rows));
    layout.paint(this.canvas, weights);
  }
}
