// The map's four canvases, one above the other: what lies behind, the dots, the words, the marks. They paint what the map
// holds and decide nothing; marks that move with the hand are elements (pins.js).

import {canvasOf, context} from "../host/elements.js";
import {t} from "../host/words.js";
import {drawAxes, drawContourNames, drawContours, drawGrid, drawLattice, drawNames, frame, latticeCanvas} from "./background.js";
import {dotRadius, drawDensity, drawDots, isDense} from "./dots.js";
import {textsOf} from "../host/sentence.js";
import {thumbnailsOf} from "../blocks/thumbnails.js";
import {drawMarks} from "./marks.js";
import {Pins} from "./pins.js";
import {Tooltip} from "./tooltip.js";

/** @import {MapBlock, Point, Theme} from "../types.d.ts" */
/** @import {LatentMap} from "./latent_map.js" */
/** @import {Viewport} from "./viewport.js" */

const PART = 4;  // ms of a frame for the dots, where they are so many that a hand which moves the map would wait for them
const SPARSEST = 16;  // with fewer dots the pixels alone would take as long
const STILL = 150;  // ms without a frame, after which all of them are painted

export class Canvases {
  /** Device pixels for each CSS pixel. */ ratio = 1;
  /** The pixels of the dots; null until the plane has a size. @type {ImageData | null} */ image = null;
  /** @type {Theme | null} */ theme = null;
  /** The lattice in the colours of the theme. @type {{of: Uint8Array, dark: boolean, canvas: OffscreenCanvas} | null} */ ink = null;
  /** Of dense dots: when they were last painted, how long one in `stride` of them took, and the painting of all that is due. */
  dense = {at: -Infinity, took: 0, stride: 1, later: 0};
  /** What the marks were last painted from. @type {unknown[]} */ #painted = [];

  /** @param {HTMLElement} plane */
  constructor(plane) {
    this.plane = plane;
    this.back = canvasOf();
    this.dots = canvasOf();
    this.words = canvasOf();
    this.front = canvasOf("front", {tabindex: "0", role: "application", "aria-roledescription": t("map")});
    plane.append(this.back, this.dots, this.words, this.front);
    this.pins = new Pins(plane);
    this.tooltip = new Tooltip(plane);
  }

  /** As large as the plane is now; false while it is not on the screen. @param {Viewport} view */
  resize(view) {
    const {clientWidth: width, clientHeight: height} = this.plane;
    if (!width || !height) return false;
    this.ratio = globalThis.devicePixelRatio || 1;
    view.resize(width, height);
    for (const canvas of [this.back, this.dots, this.words, this.front]) {
      canvas.width = Math.round(width * this.ratio);
      canvas.height = Math.round(height * this.ratio);
    }
    this.image = context(this.dots).createImageData(this.dots.width, this.dots.height);
    return true;
  }

  /**
   * `all`: everything anew, not only what has changed among the marks and pins.
   *
   * @param {LatentMap} map @param {MapBlock} block @param {Theme} theme @param {boolean} all
   */
  paint(map, block, theme, all) {
    if (all) {
      this.theme = theme;
      this.#paintBack(map, block, theme);
      this.#paintDots(map, theme);
      this.#paintWords(map, block, theme);
    }
    this.#paintMarks(map, theme, all);
    const {hover, projection} = map, colour = map.figures.colourOf(hover);
    const spot = hover < 0 ? null : projection.dot(hover);
    this.pins.draw(map.view, {z: map.z, peek: map.peek, spot, colour}, Boolean(map.live ?? map.overlay?.ellipses.length));
    if (hover < 0) this.tooltip.hide();
    else this.#showCard(map, block, hover);
  }

  /** @param {HTMLCanvasElement} canvas @param {Viewport} view */
  #begin(canvas, view) {
    const ctx = context(canvas);
    ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    ctx.clearRect(0, 0, view.width, view.height);
    ctx.save();
    frame(ctx, view);
    ctx.clip();
    return ctx;
  }

  /** @param {LatentMap} map @param {MapBlock} block @param {Theme} theme */
  #paintBack(map, block, theme) {
    const {view, on} = map, {arrays: {lattice}, header, shapes} = block;
    const ctx = this.#begin(this.back, view);
    drawGrid(ctx, view, theme);
    if (lattice && on.lattice) {
      if (this.ink?.of !== lattice || this.ink.dark !== theme.dark) {
        this.ink = {of: lattice, dark: theme.dark, canvas: latticeCanvas(lattice, shapes.lattice, theme)};
      }
      drawLattice(ctx, view, this.ink.canvas, header.extent, on.points);
      map.endless.draw(ctx, block, theme);
    }
    map.figures.paint("under", ctx, theme);
    if (header.prior && on.contours && !map.figures.on.length) drawContours(ctx, view, theme);
    ctx.restore();
  }

  /** @param {LatentMap} map @param {Theme} theme */
  #paintDots({view, points, classes, shown, colours, tone, search, on, figures: {values}, host}, theme) {
    clearTimeout(this.dense.later);
    if (!this.image) return;
    const paints = values?.colours ?? colours;
    const radius = dotRadius(classes.length, view.zoom), alpha = (theme.dark ? 0.9 : 0.8) * (classes.length > 40000 ? 0.75 : 1);
    const {image, ratio} = this, dim = tone ?? search.tone;
    if (!on.points) image.data.fill(0);
    else if (isDense(classes.length, view.zoom)) {
      this.#paintPart((stride) => drawDensity(image, view, ratio, points, classes, shown, paints, alpha, dim, values?.of, stride), host.redraw);
    } else drawDots(image, view, ratio, points, classes, shown, paints, radius, alpha, dim, values?.of);
    context(this.dots).putImageData(image, 0, 0);
  }

  /**
   * Paint dense dots: while frame follows frame only as many of them as there is time for, and all once the map rests.
   *
   * @param {(stride: number) => void} draw @param {() => void} redraw
   */
  #paintPart(draw, redraw) {
    const {at, took, stride: last} = this.dense, began = performance.now(), moves = began - at < STILL;
    const stride = moves ? Math.min(SPARSEST, Math.max(1, Math.ceil(took * last / PART))) : 1;
    draw(stride);
    const now = performance.now();
    this.dense = {at: now, took: now - began, stride, later: stride > 1 ? window.setTimeout(redraw, STILL + 50) : 0};
  }

  /** @param {LatentMap} map @param {MapBlock} block @param {Theme} theme */
  #paintWords(map, {header: {names, prior, axes}}, theme) {
    const {view, on, shown, centres} = map, ctx = this.#begin(this.words, view);
    map.figures.paint("over", ctx, theme);
    if (prior && on.contours && map.figures.on.length) drawContours(ctx, view, theme);  // to be compared with the figures
    const named = on.labels && names.length > 1;
    /** @type {Point[]} */
    const taken = centres.flatMap((c, k) => (named && c && shown[k] ? [[view.sx(c[0]), view.sy(c[1])]] : []));
    if (prior && on.contours && !view.small) drawContourNames(ctx, view, theme, taken);
    if (named) drawNames(ctx, view, theme, names, centres, shown, names.length > 12);
    map.figures.paint("top", ctx, theme);
    ctx.restore();
    drawAxes(ctx, view, theme, axes);
  }

  /**
   * A hand that moves z moves an element: the marks' canvas is painted only when one of them has changed.
   *
   * @param {LatentMap} map @param {Theme} theme @param {boolean} all
   */
  #paintMarks(map, theme, all) {
    const {scene, overlay, pick, outline, on: {cloud}, search: {found}} = map;
    const q = scene.from === "q" || map.tool === "place" ? scene.q : null;
    const now = [q, overlay, pick, outline, cloud, found, scene.spread];
    if (!overlay || (!all && now.every((mark, i) => mark === this.#painted[i]))) return;
    this.#painted = now;
    map.live = q && map.projection.ellipse(q, scene.spread);
    const ctx = this.#begin(this.front, map.view);
    drawMarks(ctx, map.view, theme, map.projection, {overlay, live: map.live, pick, outline, cloud, found});
    ctx.restore();
  }

  /** @param {LatentMap} map @param {MapBlock} block @param {number} i */
  #showCard({view, points, classes, figures, wish}, block, i) {
    const thumbs = thumbnailsOf(block), own = block.header.names[classes[i]] ?? t("Point {i}", {i});
    const name = figures.values ? `${own}, ${figures.values.say(i)}` : own;
    const text = textsOf(block)?.[i] ?? "", x = view.sx(points[2 * i]), y = view.sy(points[2 * i + 1]);
    this.tooltip.show(i, x, y, name, figures.colourOf(i), view, thumbs?.pictures([i], wish)?.[0], thumbs?.shape, text);
  }
}
