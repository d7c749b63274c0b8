// The latent map: its dots, what is chosen and shown on it, and what a person can do there. It changes the scene; what the
// scene then works out comes back through `follow`.

import {MapFigures} from "../figures/map_figures.js";
import {make} from "../host/elements.js";
import {t} from "../host/words.js";
import {SearchBox} from "../search/search_box.js";
import {Canvases} from "./canvases.js";
import {EndlessLattice} from "./endless_lattice.js";
import {inside, nearest} from "./picking.js";
import {listen} from "./pointer_and_keys.js";
import {Projection} from "./projection.js";
import {SWITCHES, Toolbar} from "./toolbar.js";
import {Viewport} from "./viewport.js";

/** @import {Act, Ellipse, MapBlock, Overlay, Point, Switch, Theme} from "../types.d.ts" */
/** @import {Scene} from "../model/scene.js" */

/**
 * What the map asks of the stage: a frame (of everything, or only of what moves), the parts drawn again, Python told of an act;
 * `hold`: a hand is at work, `held`: whether one is; `missing`: the server does not hold a block.
 * @typedef {{paint: (all: boolean) => void, redraw: () => void, send: (act: Act) => void, hold: () => void, held: () => boolean,
 *   missing: () => void}} Host
 */

/** @typedef {"move" | "box" | "lasso" | "place"} Tool a map whose tool is "place" has nothing but z, which goes where a hand is */
/** Where z lies, its point, and its code. @typedef {{z: Point | null, pick: number | null, code: Float32Array | null}} Choice */

const REACH = 12;  // pixels around the pointer in which a point is meant

export class LatentMap {
  /** @type {MapBlock | null} */ block = null;
  /** Two numbers for each point. @type {Float32Array} */ points = new Float32Array(0);
  /** The class of each point. @type {Uint8Array} */ classes = new Uint8Array(0);
  /** @type {string[]} */ colours = [];
  /** @type {(Point | null)[]} */ centres = [];
  /** 1 for each class that is visible. @type {number[]} */ shown = [];
  /** @type {Record<Switch, boolean>} */ on = {points: true, lattice: true, contours: true, labels: true, cloud: false};
  /** @type {Overlay | null} */ overlay = null;
  /** The switches and the filter as Python last set them. @type {Partial<Overlay>} */ given = {};
  /** @type {Tool} */ tool = "move";
  /** A small map beside other things: no numbers on its axes. */ small = false;
  /** @type {number[]} */ selected = [];
  /** 1 for each point that is selected; null without a selection. @type {Uint8Array | null} */ tone = null;
  /** A box or lasso being drawn, in pixels. @type {number[] | null} */ outline = null;
  /** Where the chosen code lies. @type {Point | null} */ z = null;
  /** Where the pointer is. @type {Point | null} */ peek = null;
  /** The chosen image's point. @type {number | null} */ pick = null;
  /** The point under the pointer, -1 for none. */ hover = -1;
  /** q's ellipse as the browser works it out. @type {Ellipse | null} */ live = null;
  /** How long the last look-up of a point took, in ms. */ lookup = 0;

  /** @param {HTMLElement} box @param {Scene} scene @param {Host} host */
  constructor(box, scene, host) {
    this.box = box;
    this.scene = scene;
    this.host = host;
    this.plane = make("div", "plane");
    box.append(this.plane);
    this.view = new Viewport([-1, 1, -1, 1]);
    this.projection = new Projection(null, this.points);
    this.canvases = new Canvases(this.plane);
    this.front = this.canvases.front;
    this.wish = {came: () => host.paint(false), ask: () => host.missing()};  // of a dot's picture
    this.figures = new MapFigures(this, this.wish.ask);
    this.search = new SearchBox(this);
    this.endless = new EndlessLattice(this);
    this.toolbar = new Toolbar(box, this.plane, this);
    listen(this.front, this);
  }

  /** Another map. @param {MapBlock} block */
  load(block) {
    const {header, arrays: {points, classes, codes}} = block;
    this.block = block;
    this.points = points;
    this.classes = classes;
    this.colours = header.colours;
    this.given = {};
    this.pick = this.tone = null;
    this.hover = -1;
    this.selected = [];
    this.shown = header.names.length ? header.names.map(() => 1) : [1];
    this.figures.recolour();
    this.projection = new Projection(header.plane, points, codes);
    this.view = new Viewport(header.bounds, this.small);
    this.search.forget();
    this.toolbar.forget();
    const text = t("{title}: {count} points. Arrow keys move z, with Shift ten times as far. Plus and minus zoom, 0 shows everything, "
      + "Enter picks the nearest point, Escape clears the selection.", {title: header.title, count: classes.length});
    this.front.setAttribute("aria-label", text);
  }

  /**
   * A switch or filter that Python sets wins when it changes. Marks of a late overlay are left; what stays null says nothing.
   *
   * @param {Overlay} overlay @param {boolean} late
   */
  adopt(overlay, late) {
    const news = (/** @type {keyof Overlay} */ name) => JSON.stringify(overlay[name]) !== JSON.stringify(this.given[name]);
    for (const name of SWITCHES) if (news(name)) this.on[name] = overlay[name];
    if (news("visible")) this.shown = this.shown.map((_, k) => Number(!overlay.visible || overlay.visible.includes(k)));
    if (!late) this.#choose(overlay);
    this.given = this.overlay = overlay;
  }

  /** @param {Pick<Overlay, "z" | "code" | "pick" | "label">} overlay */
  #choose({z, code, pick, label}) {
    if (pick !== null || z || code || pick !== this.given.pick) this.pick = pick;
    if (z) this.z = z;
    if (code && !this.scene.isAt(code)) this.scene.setZ(code);
    if (label !== null && label !== this.scene.label) this.scene.setLabel(label);
  }

  /** Marks that the browser sets itself, where no Python does. @param {Pick<Overlay, "a" | "b" | "path">} marks */
  mark(marks) {
    if (this.overlay) this.overlay = {...this.overlay, ...marks};
    this.host.paint(false);
  }

  /** z goes where the scene's code lies. */
  follow() {
    if (this.block && this.scene.z) this.z = this.projection.place(this.scene.z);
  }

  /** False while there is nothing to paint on. @param {Theme} theme @param {boolean} all */
  paint(theme, all) {
    if (!this.block || !this.canvases.image) return false;
    this.canvases.paint(this, this.block, theme, all);
    return true;
  }

  /** The plane has another size; false while it is not on the screen. */
  resize() {
    return this.block !== null && this.canvases.resize(this.view);
  }

  // -- pointing ----------------------------------------------------------------------------------------------------------
  /** The point that is meant at a pixel, -1 for none. @param {number} px @param {number} py */
  find(px, py) {
    const {view} = this;
    if (!this.on.points || !view.inside(px, py)) return -1;
    return nearest(this.points, this.classes, this.shown, view.dx(px), view.dy(py), REACH / view.scale);
  }

  /** @param {number | null} px @param {number} [py] */
  hoverAt(px, py = 0) {
    const began = performance.now(), found = px === null ? -1 : this.find(px, py);
    this.lookup = performance.now() - began;
    if (found === this.hover) return;
    this.hover = found;
    this.host.paint(false);
  }

  /** The decoder draws what is under the pointer, and the chosen z stays. @param {number | null} px @param {number} [py] */
  peekAt(px, py = 0) {
    const seen = px !== null && this.tool === "move" && this.scene.model && this.view.inside(px, py);
    this.peek = seen ? [this.view.dx(px), this.view.dy(py)] : null;
    this.scene.setPeek(this.peek && this.projection.code(this.peek));
    this.host.paint(false);
  }

  /** Whether the pointer is on z's ring. @param {number} px @param {number} py */
  overZ(px, py) {
    return this.z !== null && Math.hypot(px - this.view.sx(this.z[0]), py - this.view.sy(this.z[1])) < 16;
  }

  // -- zoom --------------------------------------------------------------------------------------------------------------
  /** @param {number} px @param {number} py */
  panBy(px, py) {
    this.view.pan(px, py);
    this.hover = -1;
    this.host.paint(true);
  }

  /** False at the limit. @param {number} px @param {number} py @param {number} factor */
  zoomBy(px, py, factor) {
    const changed = this.view.zoomAt(px, py, factor);
    if (changed) this.host.paint(true);
    return changed;
  }

  /** @param {number} factor */
  zoomMiddle(factor) { this.zoomBy(this.view.width / 2, this.view.height / 2, factor); }

  reset() {
    this.view.fit();
    this.host.paint(true);
  }

  // -- z -----------------------------------------------------------------------------------------------------------------
  /** @param {number} x @param {number} y in data units */
  moveZ(x, y) {
    this.z = [x, y];
    this.takeHold();
    this.scene.setZ(this.projection.code(this.z));
    if (!this.scene.model) this.toolbar.refresh();  // where z is said
    this.host.paint(false);
  }

  /** A hand moves z: it is no test image's code any more, and what Python says of z in the meantime is late. */
  takeHold() {
    this.pick = this.peek = null;
    this.host.hold();
    this.scene.setPeek(null);
  }

  /** Move z by some pixels at the present scale; the map follows z out of the picture. @param {Point} way @param {number} pixels */
  step([right, up], pixels) {
    const by = pixels / this.view.scale, [x, y] = this.z ?? [this.view.cx, this.view.cy];
    this.moveZ(x + right * by, y + up * by);
    this.view.follow(x + right * by, y + up * by);
    this.host.paint(true);
  }

  /**
   * The point that is meant at a pixel is chosen, with its own code; Python is told either way.
   *
   * @param {number} px @param {number} py
   */
  pickNear(px, py) {
    const found = this.find(px, py);
    this.pick = found < 0 ? null : found;
    if (found >= 0) this.scene.setZ(this.projection.codeOfDot(found));
    this.host.paint(false);
    this.host.send("click");
  }

  /** z goes where the click is, then to the code of the point that is meant. @param {number} px @param {number} py */
  click(px, py) {
    if (!this.view.inside(px, py)) return;
    this.moveZ(this.view.dx(px), this.view.dy(py));
    this.pickNear(px, py);
  }

  /** For `restore`. @returns {Choice} */
  get choice() { return {z: this.z, pick: this.pick, code: this.scene.z}; }

  /** What was chosen before is chosen again; Python is told. @param {Choice} choice */
  restore({z, pick, code}) {
    this.z = z;
    this.pick = pick;
    if (z && code) this.scene.setZ(code);
    this.host.send("click");
  }

  // -- selection and filter ----------------------------------------------------------------------------------------------
  /** @param {Tool} tool */
  choose(tool) {
    this.tool = tool;
    this.front.dataset.tool = tool;
    this.toolbar.refresh();
  }

  /** The box or lasso as far as it is drawn, in pixels. @param {number[] | null} outline */
  trace(outline) {
    this.outline = outline;
    this.hover = -1;
    this.host.paint(false);
  }

  /** The points within the box or lasso. */
  select() {
    const {view} = this, polygon = (this.outline ?? []).map((v, i) => (i % 2 ? view.dy(v) : view.dx(v)));
    this.outline = null;
    this.setSelection(inside(this.points, this.classes, this.shown, polygon));
    this.host.send("select");
  }

  /** @param {number[]} indices */
  setSelection(indices) {
    this.selected = indices;
    this.tone = indices.length ? new Uint8Array(this.classes.length) : null;
    for (const i of indices) if (this.tone) this.tone[i] = 1;
    this.toolbar.refresh();
    this.host.redraw();
    this.host.paint(true);
  }

  clear() {
    const had = this.selected.length;
    this.trace(null);
    this.setSelection([]);
    if (had) this.host.send("clear");
  }

  /** Class `k` on or off; with `only` the others off; null for all on. @param {number | null} k @param {boolean} [only] */
  toggle(k, only) {
    this.shown = this.shown.map((on, i) => Number(k === null || (only ? i === k : i === k ? !on : on)));
    this.toolbar.refresh();
    this.host.paint(true);
  }

  /** @param {Switch} name */
  flip(name) {
    this.on[name] = !this.on[name];
    this.toolbar.refresh();
    this.host.paint(true);
  }
}
