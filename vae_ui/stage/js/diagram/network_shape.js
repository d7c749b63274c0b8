// The encoder and the decoder in the diagram: a trapezoid that narrows towards the code. Its stripes are the network's layers with
// what their units say at this moment; a click unfolds them in the panel.

import {canvasOf, context, labelled, make, setText} from "../host/elements.js";
import {t} from "../host/words.js";
import {opener} from "./detail_panel.js";

/** @import {Stage} from "../host/stage.js" */
/** @import {Scene} from "../model/scene.js" */
/** @typedef {"encoder" | "decoder"} Side */

const NARROW = 0.5;  // the short side of the trapezoid / the long one
const CELLS = 48;  // of a stripe at most: units side by side share a cell

class NetworkShape {
  /** @param {Stage} stage @param {HTMLElement} box @param {Side} side @param {string} title */
  constructor(stage, box, side, title) {
    this.stage = stage;
    this.box = box;
    this.side = side;
    this.canvas = canvasOf("", {"aria-hidden": "true"});
    this.note = labelled("small", "", "");
    this.button = opener(stage, side, t("Show the layers of this network, with what each unit says"));
    const words = make("span", "name");
    words.append(labelled("b", "", title), this.note);
    this.button.append(this.canvas, words);
    box.append(this.button);
    new ResizeObserver(() => stage.scene.model && this.draw(stage.scene)).observe(this.button);
  }

  /** @param {Scene} scene */
  draw({model}) {
    if (!model) return;
    this.button.disabled = model.remote || model.vocabulary !== null;
    if (!("records" in model)) {
      setText(this.note, t("runs on the server"));
      return this.#paint([]);
    }
    const {length: n} = model.records[this.side];
    setText(this.note, model.vocabulary ? t("a GRU, and dense layers: {n}", {n}) : t("{n} layers", {n}));
    this.#paint(model.activations[this.side]);
  }

  /** @param {Float32Array[]} layers */
  #paint(layers) {
    const {canvas, stage: {theme}} = this, {clientWidth: width, clientHeight: height} = canvas, ratio = globalThis.devicePixelRatio || 1;
    if (!width || !theme) return;
    const lying = width > height, ctx = context(canvas);
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    // Drawn as if the data ran from left to right; where the shape lies, the code is below on both sides.
    const [long, wide] = lying ? [height, width] : [width, height], narrows = lying || this.side === "encoder";
    if (lying) ctx.transform(0, 1, 1, 0, 0, 0);
    const half = (/** @type {number} */ at) => (wide / 2 - 2) * (1 - (1 - NARROW) * (narrows ? at : 1 - at));
    ctx.strokeStyle = ctx.fillStyle = theme.text;
    outline(ctx, long, wide, half);
    const shown = lying && this.side === "decoder" ? [...layers].reverse() : layers;
    shown.forEach((values, i) => stripe(ctx, values, ((i + 0.5) / shown.length) * long, Math.min(12, (0.55 * long) / shown.length), wide / 2, half(((i + 0.5) / shown.length))));
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {number} long @param {number} wide @param {(at: number) => number} half
 */
function outline(ctx, long, wide, half) {
  ctx.beginPath();
  ctx.moveTo(1, wide / 2 - half(0));
  ctx.lineTo(long - 1, wide / 2 - half(1));
  ctx.lineTo(long - 1, wide / 2 + half(1));
  ctx.lineTo(1, wide / 2 + half(0));
  ctx.closePath();
  ctx.globalAlpha = 0.07;
  ctx.fill();
  ctx.globalAlpha = 0.45;
  ctx.lineWidth = 1.5;
  ctx.stroke();
}

/**
 * One layer: the darker a cell, the louder its loudest unit.
 *
 * @param {CanvasRenderingContext2D} ctx @param {Float32Array} values @param {number} at @param {number} thick
 * @param {number} middle @param {number} half
 */
function stripe(ctx, values, at, thick, middle, half) {
  const cells = Math.min(CELLS, values.length), loud = new Float32Array(cells), reach = half - 5;
  let most = 1e-9;
  values.forEach((value, i) => {
    const cell = Math.floor((i * cells) / values.length);
    loud[cell] = Math.max(loud[cell], Math.abs(value));
    most = Math.max(most, Math.abs(value));
  });
  loud.forEach((value, i) => {
    ctx.globalAlpha = 0.06 + 0.84 * (value / most);
    ctx.fillRect(at - thick / 2, middle - reach + (2 * reach * i) / cells, thick, (2 * reach) / cells - (cells < CELLS ? 1 : 0.4));
  });
}

export class EncoderShape extends NetworkShape {
  /** @param {Stage} stage @param {HTMLElement} box */
  constructor(stage, box) {
    super(stage, box, "encoder", t("encoder"));
  }
}

export class DecoderShape extends NetworkShape {
  /** @param {Stage} stage @param {HTMLElement} box */
  constructor(stage, box) {
    super(stage, box, "decoder", t("decoder"));
  }
}
