// A drawing in the model's own pixels: strokes of a soft brush, and the picture that they make. It knows no screen.

/** @import {Point, Shape} from "../types.d.ts" */

// One pixel lies between the brush's core and its edge, as in a picture that was made smaller: with strokes as wide as MNIST's,
// redrawn test digits have the usual -ELBO under the bundled models; harder brushes do not.
const SOFT = 1;

/** What can be undone: a stroke (one line for each time that the pen entered the picture), or an emptied picture. */
/** @typedef {{lines: Point[][], clear?: undefined} | {clear: true, lines?: undefined}} Act */

export class Drawing {
  /** The picture under the strokes, in [0, 1]. @type {Float32Array | null} */ base = null;
  /** @type {Act[]} */ acts = [];
  /** How far centring moves the drawing, in whole pixels. @type {Point} */ shift = [0, 0];
  /** Where the pen is. @type {Point | null} */ pen = null;

  /**
   * @param {Shape} shape channels, height, width
   * @param {number} stroke width of a stroke / side of the picture
   * @param {number | null} mass where the data set's pictures have their centre of mass / side; null where place means something
   *   or is not known
   */
  constructor([channels, height, width], stroke, mass) {
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.mass = mass;
    this.radius = Math.max(0.6, (stroke * Math.max(width, height)) / 2);
    this.ink = new Float32Array(height * width);
    this.seen = new Float32Array(channels * height * width);  // as drawn
    this.x = new Float32Array(channels * height * width);  // as it goes in
  }

  /** The margin that a centred drawing needs, so that nothing of it is lost at the edge when it is moved. */
  get edge() { return this.mass === null ? 0 : this.radius + SOFT / 2; }
  get ground() { return this.acts.some((act) => act.clear) ? null : this.base; }
  get empty() { return !this.strokes.length && !this.ground; }

  /** The lines of each stroke since the picture was last emptied. */
  get strokes() {
    return this.acts.slice(this.acts.findLastIndex((act) => act.clear) + 1).flatMap(({lines}) => (lines ? [lines] : []));
  }

  // -- acts: each can be undone ----------------------------------------------------------------------------------------
  begin() {
    this.acts.push({lines: []});
    this.pen = null;
  }

  /** The pen goes on to (x, y), in pixels of the picture; outside of it nothing is drawn. @param {number} x @param {number} y */
  to(x, y) {
    const lines = this.acts.at(-1)?.lines;
    if (!lines || x < 0 || y < 0 || x > this.width || y > this.height) return void (this.pen = null);
    const inside = (/** @type {number} */ v, /** @type {number} */ side) => Math.min(side - this.edge, Math.max(this.edge, v));
    /** @type {Point} */
    const at = [inside(x, this.width), inside(y, this.height)];
    if (!this.pen) lines.push([]);
    lines.at(-1)?.push(at);
    this.stamp(this.pen ?? at, at);
    this.pen = at;
  }

  clear() {
    if (!this.empty) this.acts.push({clear: true});
    this.redraw();
  }

  undo() {
    this.acts.pop();
    this.redraw();
  }

  redraw() {
    this.ink.fill(0);
    for (const line of this.strokes.flat()) line.forEach((at, i) => this.stamp(line[Math.max(0, i - 1)], at));
  }

  /** Ink on every pixel near the segment from a to b, as much of it as the brush covers. @param {Point} a @param {Point} b */
  stamp([ax, ay], [bx, by]) {
    const {width, height, ink} = this, reach = this.radius + SOFT / 2, dx = bx - ax, dy = by - ay, length = dx * dx + dy * dy || 1;
    const left = Math.max(0, Math.floor(Math.min(ax, bx) - reach)), right = Math.min(width, Math.ceil(Math.max(ax, bx) + reach));
    const top = Math.max(0, Math.floor(Math.min(ay, by) - reach)), bottom = Math.min(height, Math.ceil(Math.max(ay, by) + reach));
    for (let j = top; j < bottom; j++) {
      for (let i = left; i < right; i++) {
        const x = i + 0.5 - ax, y = j + 0.5 - ay, t = Math.min(1, Math.max(0, (x * dx + y * dy) / length));
        const cover = (reach - Math.hypot(x - t * dx, y - t * dy)) / SOFT;
        if (cover > ink[j * width + i]) ink[j * width + i] = Math.min(1, cover);
      }
    }
  }

  // -- the picture -----------------------------------------------------------------------------------------------------
  /** The picture as it goes in, in whole grey levels: Python is sent exactly what the encoder saw. @param {boolean} centred */
  compose(centred) {
    const {channels, width, height, ink, ground, seen, x} = this, size = width * height;
    for (let c = 0, o = 0; c < channels; c++) {
      for (let i = 0; i < size; i++, o++) {
        const under = ground ? ground[o] : 0;
        seen[o] = Math.round(255 * (under + (1 - under) * ink[i])) / 255;
      }
    }
    this.shift = centred && this.mass !== null && !ground ? this.wayToMiddle(this.mass) : [0, 0];
    const [right, down] = this.shift;
    x.fill(0);
    for (let c = 0; c < channels; c++) {
      for (let j = Math.max(0, down); j < Math.min(height, height + down); j++) {
        const from = c * size + (j - down) * width, at = c * size + j * width;
        x.set(seen.subarray(from + Math.max(0, -right), from + Math.min(width, width - right)), at + Math.max(0, right));
      }
    }
    return x;
  }

  /**
   * Whole pixels, and never so far that ink is pushed out: the rule by which Python prepares a photo.
   *
   * @param {number} mass @returns {Point}
   */
  wayToMiddle(mass) {
    const {width, height, ink} = this;
    let all = 0, across = 0, down = 0, left = width, right = -1, top = height, bottom = -1;
    for (let j = 0, i = 0; j < height; j++) {
      for (let k = 0; k < width; k++, i++) {
        if (!ink[i]) continue;
        [all, across, down] = [all + ink[i], across + k * ink[i], down + j * ink[i]];
        [left, right, top, bottom] = [Math.min(left, k), Math.max(right, k), Math.min(top, j), Math.max(bottom, j)];
      }
    }
    if (!all) return [0, 0];
    /** @param {number} side @param {number} sum @param {number} low @param {number} high */
    const way = (side, sum, low, high) => Math.min(side - 1 - high, Math.max(-low, Math.round(side * mass - 0.5 - sum / all)));
    return [way(width, across, left, right), way(height, down, top, bottom)];
  }

  /** What is drawn moves to where the model sees it already: x stays the same. Gives the way it went, in pixels. */
  settle() {
    const [right, down] = this.shift;
    for (const line of this.strokes.flat()) for (const at of line) [at[0], at[1]] = [at[0] + right, at[1] + down];
    this.redraw();
    return [right, down];
  }

  /** The strokes of another drawing, made for pictures of another size. @param {Drawing} other */
  follow(other) {
    const scale = this.width / other.width;
    this.acts = other.strokes.map((lines) => ({lines: lines.map((line) => line.map(([x, y]) => [x * scale, y * scale]))}));
    this.redraw();
  }

  bytes() {
    return Uint8Array.from(this.x, (value) => Math.round(255 * value));
  }
}
