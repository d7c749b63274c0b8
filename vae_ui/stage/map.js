// The stage: what is on it, what a person can do with it, and when Python hears of it.

import {unpack} from "./bytes.js";
import {View} from "./view.js";
import {centres, inside, mask, nearest} from "./pick.js";
import {dotRadius, drawDots} from "./dots.js";
import {drawAxes, drawContourNames, drawContours, drawGrid, drawLattice, drawNames, frame, latticeCanvas, readTheme} from "./draw.js";
import {drawMarks} from "./marks.js";
import {Tooltip} from "./tooltip.js";
import {Panel} from "./panel.js";
import {listen} from "./events.js";

const STYLE = `/*STYLE*/`;
const REACH = 12;  // pixels around the pointer in which a point is meant
const LAYERS = ["points", "lattice", "contours", "labels"];
const HELP = "Arrow keys move z, with Shift ten times as far. Plus and minus zoom, 0 shows everything, Enter picks the nearest "
  + "point, Escape clears the selection.";

class Stage {
  constructor(root) {
    Object.assign(this, {root, block: null, hash: "", count: 0, tool: "move", selected: [], tone: null, outline: null});
    Object.assign(this, {z: null, pick: null, hover: -1, given: {}, layers: {}, shown: [], times: {}});
    root.innerHTML = `<style>${STYLE}</style><div class="plane"><canvas></canvas><canvas></canvas>
      <canvas class="front" tabindex="0" role="application" aria-roledescription="map"></canvas></div>`;
    this.plane = root.querySelector(".plane");
    this.canvases = [...root.querySelectorAll("canvas")];
    this.front = this.canvases[2];
    this.tooltip = new Tooltip(this.plane);
    this.panel = new Panel(root, this);
    listen(this.front, this);
    new ResizeObserver(() => this.resize()).observe(this.plane);
    root.stage = this;
  }

  // Called at every change of the overlay, of the model or of the theme.
  update({data, setStateValue}) {
    this.setState = setStateValue;
    this.plane.style.setProperty("--height", `${data.height}px`);
    if (data.hash !== this.hash) {
      this.hash = data.hash;
      this.wanted = data;
      return whenHere(data.hash, (block) => this.hash === data.hash && this.load(block),
        () => this.setState("map", {count: data.seen + 1, act: "", hash: ""}));
    }
    this.wanted = data;
    if (this.block) this.adopt(data);
  }

  load(block) {
    this.block = block;
    const {points, classes} = block.arrays, {colours, names, bounds} = block.header;
    Object.assign(this, {points, classes, colours, pick: null, hover: -1, selected: [], tone: null, given: {}, ink: null});
    this.shown = names.length ? names.map(() => 1) : [1];
    this.centres = centres(points, classes, this.shown.length);
    this.view = new View(bounds);
    for (const name of Object.keys(block.later)) block.later[name].then(() => this.block === block && this.paint());
    this.front.setAttribute("aria-label", `${block.header.title}: ${classes.length} points. ${HELP}`);
    this.adopt(this.wanted);
    this.panel.rebuild();
    this.resize();
  }

  // What Python sets wins when it changes; else the person's own switch, filter, z stays. An overlay made before Python
  // heard of the last act (`seen`) is late: its z would jump back.
  adopt({overlay, seen}) {
    const news = (name) => JSON.stringify(overlay[name]) !== JSON.stringify(this.given[name]);
    for (const name of LAYERS) if (news(name)) this.layers[name] = overlay[name];
    if (news("visible")) this.shown = this.shown.map((_, k) => Number(!overlay.visible || overlay.visible.includes(k)));
    if (seen >= this.count) {
      if (news("z")) this.z = overlay.z;
      if (news("pick")) this.pick = overlay.pick;
      this.given = overlay;
      this.count = seen;
    } else this.given = {...overlay, z: this.given.z, pick: this.given.pick};
    this.overlay = overlay;
    if (this.panel.chips) this.panel.refresh();
    this.paint();
  }

  resize() {
    const {clientWidth: width, clientHeight: height} = this.plane;
    if (!this.view || !width || !height) return;
    this.ratio = globalThis.devicePixelRatio || 1;
    this.view.resize(width, height);
    for (const canvas of this.canvases) {
      Object.assign(canvas, {width: Math.round(width * this.ratio), height: Math.round(height * this.ratio)});
    }
    this.image = this.canvases[1].getContext("2d").createImageData(this.canvases[1].width, this.canvases[1].height);
    this.render(true);
  }

  paint(all = true) {
    this.stale ||= all;
    this.frame ??= requestAnimationFrame(() => this.image && this.render(this.stale));
  }

  render(all) {
    cancelAnimationFrame(this.frame);
    [this.frame, this.stale] = [null, false];
    if (!this.view || !this.image) return;
    const began = performance.now();
    if (all) this.theme = readTheme(this.root, this.block.header.language);
    if (all) this.renderBack();
    if (all) this.renderDots();
    this.renderFront();
    if (all) this.times.paint = performance.now() - began;  // the benchmark reads it
  }

  begin(index) {
    const ctx = this.canvases[index].getContext("2d");
    ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    ctx.clearRect(0, 0, this.view.width, this.view.height);
    ctx.save();
    frame(ctx, this.view);
    ctx.clip();
    return ctx;
  }

  renderBack() {
    const ctx = this.begin(0), {block, view, theme, layers} = this, {lattice} = block.arrays;
    drawGrid(ctx, view, theme);
    if (lattice && layers.lattice) {
      if (this.ink?.dark !== theme.dark) {
        this.ink = {dark: theme.dark, canvas: latticeCanvas(lattice, block.shapes.lattice, theme)};
      }
      drawLattice(ctx, view, this.ink.canvas, block.header.extent, layers.points);
    }
    if (block.header.prior && layers.contours) drawContours(ctx, view, theme);
    ctx.restore();
  }

  renderDots() {
    const {image, view, ratio, points, classes, shown, colours, tone} = this;
    const radius = dotRadius(classes.length, view.zoom);
    if (this.layers.points) drawDots(image, view, ratio, points, classes, shown, colours, radius, 0.8, tone);
    else image.data.fill(0);
    this.canvases[1].getContext("2d").putImageData(image, 0, 0);
  }

  renderFront() {
    const ctx = this.begin(2), {view, theme, layers, block} = this, {names} = block.header;
    if (block.header.prior && layers.contours) drawContourNames(ctx, view, theme);
    if (layers.labels && names.length > 1) drawNames(ctx, view, theme, names, this.centres, this.shown, names.length > 12);
    drawMarks(ctx, view, theme, this);
    ctx.restore();
    drawAxes(ctx, view, theme, block.header.axes);
    if (this.hover < 0) return this.tooltip.hide();
    const i = this.hover, k = this.classes[i], name = names[k] ?? `Point ${i}`;
    const [x, y] = [view.sx(this.points[2 * i]), view.sy(this.points[2 * i + 1])];
    this.tooltip.show(i, x, y, name, this.colours[k], view, block.arrays.thumbs, block.shapes.thumbs);
  }

  // -- what a person can do ------------------------------------------------------------------------------------------
  find(px, py) {
    if (!this.layers.points || !this.view.inside(px, py)) return -1;
    const {view} = this;
    return nearest(this.points, this.classes, this.shown, view.dx(px), view.dy(py), REACH / view.scale);
  }

  hoverAt(px, py) {
    const began = performance.now(), found = px === null ? -1 : this.find(px, py);
    this.times.hover = performance.now() - began;
    if (found === this.hover) return;
    this.hover = found;
    this.paint(false);
  }

  overZ(px, py) {
    return Boolean(this.z) && Math.hypot(px - this.view.sx(this.z[0]), py - this.view.sy(this.z[1])) < 16;
  }

  panBy(px, py) {
    this.view.pan(px, py);
    this.hover = -1;
    this.paint();
  }

  zoomBy(px, py, factor) {
    const changed = this.view.zoomAt(px, py, factor);
    if (changed) this.paint();
    return changed;
  }

  zoomButton(text) {
    if (text === "Reset") this.reset();
    else this.zoomBy(this.view.width / 2, this.view.height / 2, text === "+" ? 1.5 : 1 / 1.5);
  }

  reset() {
    this.view.fit();
    this.paint();
  }

  moveZ(x, y) {
    [this.z, this.pick] = [[x, y], null];
    this.panel.refresh();
    this.paint(false);
  }

  // A step is eight pixels at the first view's scale; the map follows z out of the picture.
  step(right, up, far) {
    const by = ((far ? 80 : 8) / this.view.scale), [x, y] = this.z ?? [this.view.cx, this.view.cy];
    this.moveZ(x + right * by, y + up * by);
    this.view.follow(...this.z);
    this.paint();
    return true;
  }

  pickAtZ() {
    if (this.z) this.pickNear(this.view.sx(this.z[0]), this.view.sy(this.z[1]));
  }

  pickNear(px, py) {
    const found = this.find(px, py);
    this.pick = found < 0 ? null : found;
    this.paint(false);
    this.send("click");
  }

  // A second click at once shows everything again, and takes the first one back.
  click(px, py, time) {
    if (time - this.clicked?.time < 350 && Math.hypot(px - this.clicked.px, py - this.clicked.py) < 8) {
      [this.z, this.pick] = this.clicked.before;
      this.clicked = null;
      this.send("click");
      return this.reset();
    }
    this.clicked = {time, px, py, before: [this.z, this.pick]};
    if (!this.view.inside(px, py)) return;
    this.moveZ(this.view.dx(px), this.view.dy(py));
    this.pickNear(px, py);
  }

  choose(tool) {
    this.tool = tool;
    this.front.dataset.tool = tool;
    this.panel.refresh();
  }

  trace(outline) {
    [this.outline, this.hover] = [outline, -1];
    this.paint(false);
  }

  select() {
    const {view} = this, polygon = this.outline.map((v, i) => (i % 2 ? view.dy(v) : view.dx(v)));
    this.outline = null;
    this.setSelection(inside(this.points, this.classes, this.shown, polygon));
    this.send("select");
  }

  setSelection(indices) {
    this.selected = indices;
    this.tone = indices.length ? new Uint8Array(this.classes.length) : null;
    for (const i of indices) this.tone[i] = 1;
    this.panel.refresh();
    this.paint();
  }

  clear() {
    const had = this.selected.length;
    this.trace(null);
    this.setSelection([]);
    if (had) this.send("clear");
  }

  // Class `k` on or off; with Shift only `k`; null for all.
  toggle(k, only) {
    this.shown = this.shown.map((on, i) => Number(k === null || (only ? i === k : i === k ? !on : on)));
    this.panel.refresh();
    this.paint();
  }

  flip(name) {
    this.layers[name] = !this.layers[name];
    this.panel.refresh();
    this.paint();
  }

  switchNames() {
    const {header, later} = this.block;
    return LAYERS.filter((n) => (n === "lattice" ? later.lattice : n === "contours" ? header.prior : n !== "labels" || header.names.length > 1));
  }

  readout() {
    const near = this.pick === null ? "" : `, on ${this.block.header.names[this.classes[this.pick]] ?? `point ${this.pick}`}`;
    return this.z ? `z = (${this.z.map((v) => v.toFixed(2).replace("-", "\u2212")).join(", ")})${near}` : "Click the map to choose a z.";
  }

  send(act) {
    this.count += 1;
    this.panel.chips && this.panel.refresh();
    const classes = this.shown.every(Boolean) ? null : this.shown.flatMap((on, k) => (on ? [k] : []));
    const selection = this.selected.length ? mask(this.selected, this.classes.length) : "";
    this.setState("map", {count: this.count, act, hash: this.hash, z: this.z, pick: this.pick, selection, classes});
  }
}

// -- where payloads and maps meet --------------------------------------------------------------------------------------
const registry = (globalThis[Symbol.for("latent-stage")] ??= {queue: []});
registry.blocks ??= new Map();
registry.waiting ??= new Map();
const stages = new WeakMap();

function keep(block) {
  const {hash} = block.header;
  registry.blocks.delete(hash);
  registry.blocks.set(hash, block);
  while (registry.blocks.size > 4) registry.blocks.delete(registry.blocks.keys().next().value);
  registry.waiting.get(hash)?.forEach((resolve) => resolve(block));
  registry.waiting.delete(hash);
}

// `ask` is called when nothing came: Python believed that this browser still held the block.
function whenHere(hash, use, ask) {
  if (registry.blocks.has(hash)) return use(registry.blocks.get(hash));
  registry.waiting.set(hash, [...(registry.waiting.get(hash) ?? []), use]);
  setTimeout(() => registry.waiting.has(hash) && ask(), 3000);
}

export function mount(component) {
  const root = component.parentElement.querySelector(".stage");
  if (!stages.has(component.parentElement)) stages.set(component.parentElement, new Stage(root));
  stages.get(component.parentElement).update(component);
}

export default function ({data}) {
  keep(unpack(data));
  registry.mount = mount;
  registry.queue.splice(0).forEach(mount);
}
