// The colours of a property of the dots: each dot takes that of its value, and a legend says which value has which colour.

import {inDigits, t} from "../host/words.js";

/** @import {FigureBlock, Theme} from "../types.d.ts" */
/** @import {Viewport} from "../map/viewport.js" */

const STEPS = 128;  // colours between the ends
const UNKNOWN = "#8a8f98";  // of a dot whose value is not known
const WIDE = 150, HIGH = 10, AWAY = 10, LINE = 17;  // of the legend, in pixels

/** The colours of a figure's dots. @type {WeakMap<FigureBlock, ValueScale>} */
const known = new WeakMap();

/** The scale of a figure of values, made once. @param {FigureBlock} block */
export function scaleOf(block) {
  const found = known.get(block) ?? new ValueScale(block);
  known.set(block, found);
  return found;
}

export class ValueScale {
  /** Of each step, then that of what is not known, as #rrggbb. @type {string[]} */ colours;
  /** The place of each dot's colour among them. @type {Uint8Array} */ of;

  /** @param {FigureBlock} block */
  constructor({header: {levels: [low, high], names: [title], colours}, arrays}) {
    this.low = low;
    this.high = high;
    this.title = title;
    this.own = /** @type {Float32Array} */ (arrays.own);
    this.stops = colours.map(rgb);
    this.colours = [...Array.from({length: STEPS}, (_, i) => hex(this.#mixed(i / (STEPS - 1)))), UNKNOWN];
    this.of = Uint8Array.from(this.own, (value) => this.#step(value));
  }

  /** Red, green and blue of a value; those at or beyond an end are those of the end. @param {number} value */
  colour(value) {
    return rgb(this.colours[this.#step(value)]);
  }

  /** The value of a dot, in words. @param {number} i */
  say(i) {
    const value = this.own[i], said = Number.isNaN(value) ? t("not known") : this.#digits(value);
    return `${this.title}: ${said}`;
  }

  /** In the map's lower right corner: the name, the colours, and the values of both ends. @param {CanvasRenderingContext2D} ctx
   * @param {Viewport} view @param {Theme} theme */
  legend(ctx, view, theme) {
    const wide = Math.min(WIDE, 0.45 * (view.x1 - view.x0)), left = view.x1 - wide - 2 * AWAY, top = view.y1 - 2 * LINE - HIGH - 2 * AWAY;
    ctx.save();
    ctx.globalAlpha = 0.88;
    ctx.fillStyle = theme.back;
    ctx.beginPath();
    ctx.roundRect(left - AWAY, top - AWAY / 2, wide + 2 * AWAY, 2 * LINE + HIGH + AWAY, 8);
    ctx.fill();
    ctx.globalAlpha = 1;
    const shades = ctx.createLinearGradient(left, 0, left + wide, 0);
    this.stops.forEach((stop, i) => shades.addColorStop(i / (this.stops.length - 1), hex(stop)));
    ctx.fillStyle = shades;
    ctx.fillRect(left, top + LINE, wide, HIGH);
    ctx.fillStyle = theme.text;
    ctx.font = `600 14px ${theme.font}`;
    ctx.textBaseline = "top";
    ctx.textAlign = "left";
    ctx.fillText(this.title, left, top, wide);
    ctx.font = `14px ${theme.font}`;
    ctx.fillText(this.#digits(this.low), left, top + LINE + HIGH + 2);
    ctx.textAlign = "right";
    ctx.fillText(this.#digits(this.high), left + wide, top + LINE + HIGH + 2);
    ctx.restore();
  }

  /** With as many digits as tell a hundredth of the scale. @param {number} value */
  #digits(value) {
    return inDigits(value, Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(this.high - this.low)))));
  }

  /** @param {number} value */
  #step(value) {
    if (Number.isNaN(value)) return STEPS;
    return Math.round((STEPS - 1) * Math.min(1, Math.max(0, (value - this.low) / (this.high - this.low))));
  }

  /** Between the stops. @param {number} share 0 to 1 */
  #mixed(share) {
    const at = share * (this.stops.length - 1), i = Math.min(this.stops.length - 2, Math.floor(at));
    return this.stops[i].map((from, c) => Math.round(from + (at - i) * (this.stops[i + 1][c] - from)));
  }
}

/** @param {string} colour such as #2a809d */
const rgb = (colour) => [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));

/** @param {number[]} levels of red, green and blue */
const hex = (levels) => "#" + levels.map((level) => level.toString(16).padStart(2, "0")).join("");
