// How the numbers of a layer lie in a small picture: units in a square, a picture as itself, maps and kernels as tiles. The
// picture has one pixel for each number; a pixel knows its number and the unit that it belongs to.

import {context} from "../host/elements.js";

/** @import {ConvolutionRecord, LayerRecord, Shape, Vector} from "../types.d.ts" */

const MIDDLE = 128;  // grey: zero; white is positive, black negative

export class UnitLayout {
  /**
   * @param {number} columns @param {number} rows in pixels @param {number} units
   * @param {(column: number, row: number) => [value: number, unit: number]} at -1 where there is nothing
   */
  constructor(columns, rows, units, at) {
    this.columns = columns;
    this.rows = rows;
    this.units = units;
    this.value = new Int32Array(columns * rows);
    this.unit = new Int32Array(columns * rows);
    for (let i = 0; i < this.value.length; i++) [this.value[i], this.unit[i]] = at(i % columns, Math.floor(i / columns));
  }

  /** @param {HTMLCanvasElement} canvas @param {Vector} values */
  paint(canvas, values) {
    const {columns, rows} = this, ctx = context(canvas);
    if (canvas.width !== columns || canvas.height !== rows) [canvas.width, canvas.height] = [columns, rows];
    const image = ctx.createImageData(columns, rows), {data} = image;
    let most = 1e-9;
    for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
    this.value.forEach((at, i) => {
      data[4 * i] = data[4 * i + 1] = data[4 * i + 2] = MIDDLE + (at < 0 ? 0 : (127 * values[at]) / most);
      data[4 * i + 3] = at < 0 ? 0 : 255;
    });
    ctx.putImageData(image, 0, 0);
  }

  /** Where a unit's pixels lie: left, top, width and height in pixels. @param {number} unit */
  box(unit) {
    const {columns} = this, found = [...this.unit.keys()].filter((i) => this.unit[i] === unit);
    const xs = found.map((i) => i % columns), ys = found.map((i) => Math.floor(i / columns));
    const left = Math.min(...xs), top = Math.min(...ys);
    return {left, top, width: Math.max(...xs) - left + 1, height: Math.max(...ys) - top + 1};
  }
}

/** Units in a square, or in a rectangle without a gap where there is one that is nearly a square. @param {number} count */
export function unitLayout(count) {
  const square = Math.ceil(Math.sqrt(count)), even = Array.from({length: square}, (_, i) => square + i).find((n) => count % n === 0);
  const columns = even ?? square;
  return new UnitLayout(columns, Math.ceil(count / columns), count, (x, y) => {
    const i = y * columns + x;
    return i < count ? [i, i] : [-1, -1];
  });
}

/** One row for the code, or two: means over log-variances. @param {number} length @param {number} rows */
export const codeLayout = (length, rows) => new UnitLayout(length, rows, rows * length, (x, y) => [y * length + x, y * length + x]);

/** A picture: up to three channels side by side, more in rows. @param {Shape} shape */
export function pictureLayout([channels, height, width]) {
  const across = channels > 3 ? Math.ceil(Math.sqrt(channels)) : channels, down = Math.ceil(channels / across);
  return new UnitLayout(across * width, down * height, channels * height * width, (x, y) => {
    const channel = Math.floor(y / height) * across + Math.floor(x / width), i = (channel * height + (y % height)) * width + (x % width);
    return channel < channels ? [i, i] : [-1, -1];
  });
}

/**
 * Tiles with a line between them, one for each unit.
 *
 * @param {number} count @param {number} height @param {number} width of a tile
 * @param {(unit: number, place: number) => number} value where in a layer's output a place of a tile lies
 */
function tiles(count, height, width, value) {
  const across = Math.ceil(Math.sqrt(count)), down = Math.ceil(count / across);
  return new UnitLayout(across * (width + 1) - 1, down * (height + 1) - 1, count, (x, y) => {
    const u = x % (width + 1), v = y % (height + 1), unit = Math.floor(y / (height + 1)) * across + Math.floor(x / (width + 1));
    return u === width || v === height || unit >= count ? [-1, -1] : [value(unit, v * width + u), unit];
  });
}

/** The channels of a convolution. @param {ConvolutionRecord} record */
export const channelLayout = ({outputs, to: [height, width], planar, kind}) => tiles(outputs, height, width,
  (unit, place) => (planar && kind === "deconv" ? unit * height * width + place : place * outputs + unit));

/** The kernels that lead to one channel, one for each channel before. @param {ConvolutionRecord} record */
export const kernelLayout = ({inputs, kernel}) => tiles(inputs, kernel, kernel, (unit, place) => place * inputs + unit);

/**
 * @param {LayerRecord} record @param {boolean} last @param {"encoder" | "decoder"} side
 * @param {{shape: Shape, latentDim: number, isPoint: boolean}} model
 */
export function layoutOf(record, last, side, {shape, latentDim, isPoint}) {
  if (last && side === "encoder") return codeLayout(latentDim, isPoint ? 1 : 2);
  if (record.kind !== "linear") return channelLayout(record);
  if (!last || shape.length < 3) return unitLayout(record.outputs);
  const [, height, width] = shape;
  return pictureLayout([record.outputs / (height * width), height, width]);  // of some likelihoods several numbers a pixel
}
