// A network unfolded: each layer as a small picture of what its units say at this moment, and the weights of one unit.

import {canvasOf, labelled, make} from "../host/elements.js";
import {t} from "../host/words.js";
import {UnitWeights} from "./unit_weights_view.js";
import {layoutOf} from "./unit_layout.js";

/** @import {LayerRecord} from "../types.d.ts" */
/** @import {Stage} from "../host/stage.js" */
/** @import {Model} from "../model/network.js" */
/** @import {Scene} from "../model/scene.js" */
/** @import {Side} from "./network_shape.js" */

/** @type {{[key: string]: [number, number]}} */
const STEPS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

export class LayerPictures {
  /** The model whose layers are shown. @type {Model | null} */ #model = null;
  /** @type {LayerPicture[]} */ layers = [];
  /** The layer and the unit whose weights are shown. @type {[number, number] | null} */ chosen = null;

  /** @param {Stage} stage @param {Side} side */
  constructor(stage, side) {
    this.stage = stage;
    this.side = side;
    this.box = make("div", "layers");
    this.row = make("div", "row");
    this.weights = new UnitWeights();
    const legend = t("White: positive. Black: negative. Grey: zero. Point at a unit, or tap it: its weights are shown.");
    this.box.append(this.row, this.weights.box, labelled("p", "legend", legend));
  }

  /** @param {Scene} scene */
  draw({model}) {
    if (!model || !("records" in model) || model.vocabulary) return;
    if (model !== this.#model) this.#build(model);
    this.#model = model;
    model.activations[this.side].forEach((values, i) => this.layers[i].draw(values));
    this.#drawWeights(model);
  }

  /** @param {Model} model */
  #build(model) {
    const records = model.records[this.side];
    this.chosen = [0, loudest(model.activations[this.side][0])];
    this.layers = records.map((record, i) => {
      const last = i === records.length - 1, layout = layoutOf(record, last, this.side, model);
      return new LayerPicture(this.#title(i, last, model), sizeOf(record), layout, (unit) => this.choose(i, unit));
    });
    this.row.replaceChildren(...this.layers.flatMap(({box}, i) => (i ? [labelled("i", "arrow", "\u2192"), box] : [box])));
    this.weights.use(model, this.side);
  }

  /** @param {number} i @param {boolean} last @param {Model} model */
  #title(i, last, model) {
    if (!last) return t("layer {n}", {n: i + 1});
    return this.side === "decoder" ? t("x\u2032, raw") : model.isPoint ? "z" : t("μ above log σ²");
  }

  /** @param {number} layer @param {number} unit */
  choose(layer, unit) {
    this.chosen = [layer, unit];
    if (this.#model) this.#drawWeights(this.#model);
  }

  /** @param {Model} model */
  #drawWeights(model) {
    if (!this.chosen) return;
    const [i, unit] = this.chosen;
    this.layers.forEach((layer, n) => layer.mark(n === i ? unit : -1));
    this.weights.show(i, unit, model.activations[this.side][i]?.[this.layers[i].layout.value[this.layers[i].layout.unit.indexOf(unit)]]);
  }
}

/** The unit that says most. @param {Float32Array | undefined} values */
const loudest = (values) => (values ?? new Float32Array(1)).reduce((best, value, i, all) => (Math.abs(value) > Math.abs(all[best]) ? i : best), 0);

/** @param {LayerRecord} record */
function sizeOf(record) {
  if (record.kind === "linear") return t("{n} units", {n: record.outputs});
  return t("{n} channels, {height} × {width}", {n: record.outputs, height: record.to[0], width: record.to[1]});
}

/** One layer. */
class LayerPicture {
  unit = 0;

  /** @param {string} title @param {string} size @param {import("./unit_layout.js").UnitLayout} layout @param {(unit: number) => void} choose */
  constructor(title, size, layout, choose) {
    const how = t("Arrow keys choose a unit, whose weights are shown.");
    this.layout = layout;
    this.choose = choose;
    this.canvas = canvasOf("", {tabindex: "0", role: "application", "aria-label": `${title}, ${size}. ${how}`});
    this.cell = make("i", "cell", {hidden: ""});
    this.box = make("figure", "");
    const frame = make("div", "frame"), words = make("figcaption", "");
    words.append(labelled("b", "", title), labelled("small", "", size));
    frame.append(this.canvas, this.cell);
    this.box.append(words, frame);
    this.box.style.setProperty("--shape", String(layout.columns / layout.rows));
    for (const kind of ["pointermove", "pointerdown"]) {
      this.canvas.addEventListener(kind, (event) => this.#point(/** @type {PointerEvent} */ (event)));
    }
    this.canvas.addEventListener("focus", () => this.choose(this.unit));
    this.canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {Float32Array} values */
  draw(values) {
    this.layout.paint(this.canvas, values);
  }

  /** The frame around a unit; -1 for none. @param {number} unit */
  mark(unit) {
    const {columns, rows} = this.layout;
    this.cell.hidden = unit < 0;
    if (unit < 0) return;
    const {left, top, width, height} = this.layout.box((this.unit = unit));
    Object.assign(this.cell.style, {left: `${(100 * left) / columns}%`, top: `${(100 * top) / rows}%`, width: `${(100 * width) / columns}%`,
      height: `${(100 * height) / rows}%`});
  }

  /** @param {PointerEvent} event */
  #point({clientX, clientY}) {
    const {left, top, width, height} = this.canvas.getBoundingClientRect(), {columns, rows} = this.layout;
    this.#take(Math.floor(((clientX - left) / width) * columns), Math.floor(((clientY - top) / height) * rows));
  }

  /** @param {number} column @param {number} row */
  #take(column, row) {
    const {columns, rows, unit} = this.layout, inside = column >= 0 && row >= 0 && column < columns && row < rows;
    const found = inside ? unit[row * columns + column] : -1;
    if (found >= 0 && found !== this.unit) this.choose((this.unit = found));
    else if (found >= 0) this.choose(found);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    const {left, top, width, height} = this.layout.box(this.unit), gap = width > 1 || height > 1 ? 1 : 0;
    this.#take(left + step[0] * (width + gap), top + step[1] * (height + gap));
    event.preventDefault();
  }
}
