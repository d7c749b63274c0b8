// The lattice of decoded pictures where Python's ends: tiles that the browser decodes when a pan or a zoom brings them into sight,
// in short turns between frames, so that neither the first picture nor a drag waits for them.

import {thumbnailsOf} from "../blocks/thumbnails.js";
import {latticeCanvas, latticeLook} from "./background.js";

/** @import {MapBlock, Theme} from "../types.d.ts" */
/** @import {LatentMap} from "./latent_map.js" */
/** @import {Model} from "../model/network.js" */
/** @typedef {CanvasRenderingContext2D} Context */
/** Tiles in the plane: column and row, counted from the top left tile of Python's lattice. @typedef {[number, number]} Place */

const TURN = 5, PAUSE = 16;  // ms of decoding, and between two turns
const SEEN = 160;  // ms between two paints of new tiles
const MOST = 3000;  // tiles that are kept

export class EndlessLattice {
  /** @type {Map<string, OffscreenCanvas>} */ #tiles = new Map();
  /** What the tiles were decoded from and for. @type {unknown[]} */ #of = [];
  /** Those in sight that are not decoded yet. @type {Place[]} */ #missing = [];
  #timer = 0;
  #painted = 0;

  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
  }

  /** @param {Context} ctx @param {MapBlock} block @param {Theme} theme */
  draw(ctx, block, theme) {
    const {view, on, scene} = this.map, grid = gridOf(block), {model} = scene;
    if (!grid || !model || model.remote || model.shape.length !== 3 || !this.map.projection.plane) return;
    this.#begin([block, model, scene.label, theme.dark]);
    const {x0, y1, across, down, columns, rows} = grid;
    const left = Math.floor((view.dx(view.x0) - x0) / across), right = Math.ceil((view.dx(view.x1) - x0) / across);
    const top = Math.floor((y1 - view.dy(view.y0)) / down), bottom = Math.ceil((y1 - view.dy(view.y1)) / down);
    this.#missing = [];
    latticeLook(ctx, (across * view.scale) / grid.wide, on.points);
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        if (column >= 0 && column < columns && row >= 0 && row < rows) continue;
        const tile = this.#tiles.get(`${column},${row}`);
        if (!tile) this.#missing.push([column, row]);
        else ctx.drawImage(tile, view.sx(x0 + column * across), view.sy(y1 - row * down), across * view.scale, down * view.scale);
      }
    }
    ctx.globalAlpha = 1;
    if (this.#missing.length && !this.#timer) this.#timer = window.setTimeout(() => this.#decode(block, theme), PAUSE);
  }

  /** Tiles of another map, model, class or theme are forgotten. @param {unknown[]} of */
  #begin(of) {
    if (of.every((each, i) => each === this.#of[i])) return;
    this.#of = of;
    this.#tiles.clear();
  }

  /** @param {MapBlock} block @param {Theme} theme */
  #decode(block, theme) {
    const {map} = this, {scene, host} = map, grid = gridOf(block), began = performance.now();
    this.#timer = 0;
    if (!grid || map.block !== block || this.#of[1] !== scene.model) return;
    if (!host.held()) {
      while (this.#missing.length && performance.now() - began < TURN) this.#add(grid, theme);
      const {shown, label, model} = scene;
      if (shown) /** @type {Model} */ (model).decode(shown, label);  // its buffer holds z's picture again
    }
    if (this.#missing.length) this.#timer = window.setTimeout(() => this.#decode(block, theme), PAUSE);
    if (this.#missing.length && performance.now() - this.#painted < SEEN) return;
    this.#painted = performance.now();
    host.paint(true);
  }

  /** @param {NonNullable<ReturnType<typeof gridOf>>} grid @param {Theme} theme */
  #add({x0, y1, across, down, wide, high}, theme) {
    const [column, row] = /** @type {Place} */ (this.#missing.shift()), {scene, projection} = this.map;
    const model = /** @type {Model} */ (scene.model), [channels, height, width] = model.shape;
    const out = model.decode(projection.code([x0 + (column + 0.5) * across, y1 - (row + 0.5) * down]), scene.label);
    const step = Math.ceil(height / high), pixels = new Uint8Array(wide * high * channels);
    for (let i = 0, o = 0; i < high; i++) {
      for (let j = 0; j < wide; j++) for (let c = 0; c < channels; c++) pixels[o++] = 255 * out[(c * height + i * step) * width + j * step];
    }
    if (this.#tiles.size >= MOST) this.#tiles.clear();
    this.#tiles.set(`${column},${row}`, latticeCanvas(pixels, [high, wide, channels], theme));
  }
}

/**
 * The tiles of Python's lattice: top left corner, width and height in data units, how many, and pixels of each; null where there is none, or
 * where the size of a tile is not known from the pictures of the dots.
 *
 * @param {MapBlock} block
 */
function gridOf(block) {
  const {header: {extent}, shapes: {lattice}} = block, thumbs = thumbnailsOf(block);
  if (!lattice || !thumbs) return null;
  const [high, wide] = thumbs.shape, rows = lattice[0] / high, columns = lattice[1] / wide;
  if (!Number.isInteger(rows) || !Number.isInteger(columns)) return null;
  const across = (extent[1] - extent[0]) / columns, down = (extent[3] - extent[2]) / rows;
  return {x0: extent[0], y1: extent[3], across, down, rows, columns, wide, high};
}
