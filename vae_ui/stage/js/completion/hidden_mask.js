// Which pixels of a picture are hidden: parts by name, as in vae_core/completion/hidden_parts.py, and what a hand paints over.

/** @import {Point, Shape} from "../types.d.ts" */

/** @type {{[name: string]: (down: boolean, right: boolean) => boolean}} */
const PARTS = {
  "lower-half": (down) => down,
  "right-half": (_, right) => right,
  "three-quarters": (down, right) => down || right,
  brush: () => false,
};

export class HiddenMask {
  /** @param {Shape} shape channels, height, width */
  constructor([channels, height, width]) {
    this.channels = channels;
    this.height = height;
    this.width = width;
    /** 1 for each pixel that is hidden. */ this.hidden = new Uint8Array(height * width);
    /** Radius of the brush, in pixels. */ this.radius = Math.max(0.8, Math.max(height, width) / 14);
  }

  get count() { return this.hidden.reduce((sum, each) => sum + each, 0); }
  /** Whether something is hidden and something visible. */
  get useful() { return this.count > 0 && this.count < this.hidden.length; }

  /** @param {string} name one of PARTS */
  hide(name) {
    const {height, width} = this, down = Math.floor(height / 2), right = Math.floor(width / 2);
    for (let j = 0, i = 0; j < height; j++) for (let k = 0; k < width; k++, i++) this.hidden[i] = Number(PARTS[name](j >= down, k >= right));
  }

  /**
   * Hides, or reveals, every pixel whose middle lies near the segment from a to b.
   *
   * @param {Point} a @param {Point} b @param {boolean} hide
   */
  stroke([ax, ay], [bx, by], hide) {
    const dx = bx - ax, dy = by - ay, length = dx * dx + dy * dy || 1;
    for (let j = 0, i = 0; j < this.height; j++) {
      for (let k = 0; k < this.width; k++, i++) {
        const x = k + 0.5 - ax, y = j + 0.5 - ay, t = Math.min(1, Math.max(0, (x * dx + y * dy) / length));
        if (Math.hypot(x - t * dx, y - t * dy) <= this.radius) this.hidden[i] = Number(hide);
      }
    }
  }

  /** The places, in all channels, of what is hidden, or of what is visible. @param {boolean} hidden */
  places(hidden) {
    const {hidden: mask, channels} = this, size = mask.length, found = [];
    for (let i = 0; i < size * channels; i++) if (Boolean(mask[i % size]) === hidden) found.push(i);
    return Int32Array.from(found);
  }
}
